"""What the program asks of Azure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from contract.outputs import StackOutputs
from infra import program
from tests.infra.recording import SUBSCRIPTION, Asked, Declared, RecordingMonitor, declare, run
from tests.infra.specimens import CALLER, GLOBAL, TRAINER, released, stack, trained, two_accounts

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tuned-models-dev"
ACCOUNT = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts"


def _inputs(declared: Declared) -> dict[str, Mapping[str, Any]]:
    return {asked.urn: asked.inputs for asked in declared.resources}


class TestComponents:
    def test_every_component_names_its_children_after_itself_and_is_their_parent(self) -> None:
        declared = declare(stack(releases={"clippy": {"live": trained(1)}}))
        by_urn = declared.by_urn()

        for asked in declared.resources:
            if asked.custom and asked.short_type != "ResourceGroup":
                component = by_urn[asked.parent]
                assert component.type.startswith("tuned-models:index:")
                assert asked.name.startswith(component.name)

    def test_no_two_resources_share_a_urn(self) -> None:
        declared = declare(two_accounts(releases={"clippy": {"live": trained(1, trainedIn="europe")}}))

        assert len(declared.by_urn()) == len(declared.resources)

    def test_accounts_whose_names_begin_alike_keep_their_deployments_apart(self) -> None:
        """``a`` with ``b-c`` and ``a-b`` with ``c`` are two deployments."""
        base = {"model": "gpt-4.1-mini", "version": "2025-04-14", "sku": GLOBAL}
        declared = declare(
            stack(
                accounts={
                    "aa": {"name": "contoso-1", "location": "swedencentral"},
                    "aa-bb": {"name": "contoso-2", "location": "swedencentral"},
                },
                baseDeployments={"bb-cc": base | {"account": "aa"}, "cc": base | {"account": "aa-bb"}},
                models={},
            )
        )

        assert len({asked.urn for asked in declared.of_type("Deployment")}) == 2


@pytest.fixture(scope="module")
def account() -> Asked:
    (account,) = declare(stack()).of_type("Account")
    return account


class TestTheAccount:
    def test_takes_tokens_only(self, account: Asked) -> None:
        assert account.inputs["properties"]["disableLocalAuth"] is True

    def test_has_a_custom_subdomain_without_which_tokens_are_refused(self, account: Asked) -> None:
        assert account.inputs["properties"]["customSubDomainName"] == "contoso-openai"

    def test_has_an_identity_of_its_own(self, account: Asked) -> None:
        assert account.inputs["identity"] == {"type": "SystemAssigned"}

    def test_is_of_the_only_sku_that_openai_accounts_have(self, account: Asked) -> None:
        assert account.inputs["sku"] == {"name": "S0"}

    def test_is_named_in_azure_as_in_the_config(self, account: Asked) -> None:
        assert account.inputs["accountName"] == "contoso-openai"


@pytest.fixture(scope="module")
def declared() -> Declared:
    return declare(stack(storage={"name": "contosodata", "redundancy": "Standard_ZRS", "softDeleteDays": 30}))


class TestStorage:
    def test_nothing_in_it_is_public(self, declared: Declared) -> None:
        (account,) = declared.of_type("StorageAccount")

        assert account.inputs["allowBlobPublicAccess"] is False
        assert {asked.inputs["publicAccess"] for asked in declared.of_type("BlobContainer")} == {"None"}

    def test_its_keys_sign_nothing(self, declared: Declared) -> None:
        (account,) = declared.of_type("StorageAccount")

        assert account.inputs["allowSharedKeyAccess"] is False

    def test_it_speaks_tls_1_2_at_least(self, declared: Declared) -> None:
        (account,) = declared.of_type("StorageAccount")

        assert account.inputs["enableHttpsTrafficOnly"] is True
        assert account.inputs["minimumTlsVersion"] == "TLS1_2"

    def test_it_keeps_versions_and_what_was_deleted(self, declared: Declared) -> None:
        (blobs,) = declared.of_type("BlobServiceProperties")

        assert blobs.inputs["blobServicesName"] == "default"
        assert blobs.inputs["isVersioningEnabled"] is True
        assert blobs.inputs["deleteRetentionPolicy"] == {"enabled": True, "days": 30}
        assert blobs.inputs["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 30}

    def test_it_has_a_container_for_datasets_and_one_for_runs_once_versions_are_kept(self, declared: Declared) -> None:
        (blobs,) = declared.of_type("BlobServiceProperties")
        containers = declared.of_type("BlobContainer")

        assert {asked.inputs["containerName"] for asked in containers} == {"datasets", "runs"}
        assert all(blobs.urn in asked.dependencies for asked in containers)

    def test_it_is_of_the_redundancy_that_the_config_says(self, declared: Declared) -> None:
        (account,) = declared.of_type("StorageAccount")

        assert (account.inputs["kind"], account.inputs["sku"]) == ("StorageV2", {"name": "Standard_ZRS"})


class TestAccess:
    def test_trainers_train_and_keep_data_and_callers_call(self) -> None:
        """Roles by GUID, from Azure's page of built-in roles."""
        declared = declare(stack())
        roles = {
            (asked.inputs["principalId"], asked.inputs["roleDefinitionId"], asked.inputs["scope"])
            for asked in declared.of_type("RoleAssignment")
        }
        role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
        storage = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/contosodata"

        assert roles == {
            (TRAINER, f"{role}/a001fd3d-188f-4b5d-821b-7da978bf7442", f"{ACCOUNT}/contoso-openai"),
            (TRAINER, f"{role}/ba92f5b4-2d11-453d-a403-e96b0029c9fe", storage),
            (CALLER, f"{role}/5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", f"{ACCOUNT}/contoso-openai"),
        }

    def test_every_assignment_says_what_its_principal_is(self) -> None:
        types = {
            asked.inputs["principalId"]: asked.inputs["principalType"]
            for asked in declare(stack()).of_type("RoleAssignment")
        }

        assert types == {TRAINER: "User", CALLER: "ServicePrincipal"}

    def test_every_assignment_has_a_name_of_its_own(self) -> None:
        assignments = declare(two_accounts()).of_type("RoleAssignment")

        assert len({asked.inputs["roleAssignmentName"] for asked in assignments}) == len(assignments) == 5

    def test_a_guid_is_the_same_in_either_case(self) -> None:
        def asked(principal: str) -> dict[str, Mapping[str, Any]]:
            access = {"trainers": [{"principalId": principal, "principalType": "User"}]}
            return _inputs(declare(stack(access=access)))

        assert asked(TRAINER.upper()) == asked(TRAINER)


class TestDeployments:
    def test_a_base_model_is_deployed_as_pinned_and_never_upgraded(self) -> None:
        (deployment,) = declare(stack()).of_type("Deployment")

        assert deployment.inputs["deploymentName"] == "gpt-4.1-mini"
        assert deployment.inputs["sku"] == GLOBAL
        assert deployment.inputs["properties"] == {
            "model": {"format": "OpenAI", "name": "gpt-4.1-mini", "version": "2025-04-14"},
            "versionUpgradeOption": "NoAutoUpgrade",
        }

    def test_a_tuned_model_is_deployed_in_version_1_under_a_name_of_its_own(self) -> None:
        """The name's digest was taken with ``printf '%s\\n%s' MODEL_ID SKU | sha256sum``."""
        record = trained(1)
        _, deployment = declare(stack(releases={"clippy": {"live": record}})).deployments("contoso-openai")

        assert deployment.inputs["deploymentName"] == "clippy-fc7b4a5f"
        assert deployment.inputs["properties"] == {
            "model": {"format": "OpenAI", "name": record["modelId"], "version": "1"},
            "versionUpgradeOption": "NoAutoUpgrade",
        }

    def test_in_another_account_of_the_stack_the_source_is_the_account_it_was_trained_in(self) -> None:
        declared = declare(two_accounts(releases={"clippy": {"live": trained(1, trainedIn="europe")}}))
        (europe,) = declared.deployments("contoso-eu")
        (america,) = declared.deployments("contoso-us")

        assert "source" not in europe.inputs["properties"]["model"]
        assert america.inputs["properties"]["model"]["source"] == f"{ACCOUNT}/contoso-eu"

    def test_a_record_of_another_stack_is_deployed_from_its_source_even_under_the_same_account_name(self) -> None:
        source = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/dev/providers/Microsoft.CognitiveServices/accounts/dev"
        declared = declare(stack(releases={"clippy": {"live": trained(1, source=source)}}))

        assert declared.deployments("contoso-openai")[1].inputs["properties"]["model"]["source"] == source

    def test_open_weights_are_deployed_in_their_makers_format(self) -> None:
        accounts = {"main": {"name": "contoso-openai", "location": "swedencentral", "kind": "AIServices"}}
        record = trained(1, modelId="Ministral-3B-2411.ft-" + "0" * 32)
        declared = declare(stack(accounts=accounts, releases={"clippy": {"live": record}}))

        assert declared.deployments("contoso-openai")[1].inputs["properties"]["model"]["format"] == "Mistral AI"

    def test_no_deployment_is_ever_replaced_by_an_option(self) -> None:
        for asked in declare(stack(releases={"clippy": {"live": trained(1)}})).of_type("Deployment"):
            assert not list(asked.request.replaceOnChanges)
            assert not list(asked.request.ignoreChanges)


class TestOneAtATime:
    """Azure refuses a change beside another one in the same account."""

    def test_every_deployment_depends_on_all_earlier_ones_of_its_account_and_on_no_other(self) -> None:
        releases = {
            "clippy": {
                "live": trained(3, trainedIn="europe", servedWith=GLOBAL),
                "candidate": trained(4, trainedIn="europe"),
                "previous": [trained(2, trainedIn="europe", servedWith=GLOBAL)],
            }
        }
        declared = declare(two_accounts(releases=releases))

        for account in ("contoso-eu", "contoso-us"):
            asked = declared.deployments(account)
            assert len(asked) == 3
            everywhere = {each.urn for each in declared.of_type("Deployment")}
            assert sorted(len(each.dependencies & everywhere) for each in asked) == [0, 1, 2]
            assert all(each.dependencies & everywhere <= {other.urn for other in asked} for each in asked)

    def test_removing_the_first_and_the_third_of_three_overlaps_nothing(self) -> None:
        """Deletes go in the reverse of the recorded dependencies: these two are ordered though the middle one stays."""
        releases = {"clippy": {"live": trained(2, servedWith=GLOBAL), "candidate": trained(3)}}
        before = declare(stack(releases=releases)).deployments("contoso-openai")
        after = declare(stack(baseDeployments={}, releases={"clippy": {"live": trained(2)}}))
        kept = {asked.urn for asked in after.of_type("Deployment")}
        gone = [asked for asked in before if asked.urn not in kept]

        assert len(before) == 3
        assert len(gone) == 2
        assert gone[0].urn in gone[1].dependencies or gone[1].urn in gone[0].dependencies

    def test_what_is_trained_later_comes_later_whatever_its_role(self) -> None:
        """So a release turns no dependency round, and an up that stops half way leaves no two unordered."""
        before = {"live": trained(1, servedWith=GLOBAL), "candidate": trained(2)}
        after = released(before, GLOBAL, GLOBAL)
        dependencies = [
            {asked.urn: asked.dependencies for asked in declare(stack(releases={"clippy": each})).resources}
            for each in (before, after)
        ]

        assert dependencies[0] == dependencies[1]


class TestWhatChangesBetweenUps:
    def test_the_same_config_declares_the_same(self) -> None:
        config = two_accounts(releases={"clippy": {"live": trained(1, trainedIn="europe")}})

        assert _inputs(declare(config)) == _inputs(declare(config))

    def test_the_order_of_keys_in_the_file_changes_nothing(self) -> None:
        """The CLI hands mappings over sorted."""
        config = two_accounts(releases={"clippy": {"live": trained(1, trainedIn="europe")}})
        turned = {key: dict(reversed(value.items())) for key, value in reversed(config.items())}

        assert _inputs(declare(turned)) == _inputs(declare(config))

    def test_a_release_leaves_the_former_live_deployment_untouched(self) -> None:
        before = {"live": trained(1, servedWith=GLOBAL), "candidate": trained(2)}
        first = _inputs(declare(stack(releases={"clippy": before})))
        second = _inputs(declare(stack(releases={"clippy": released(before, GLOBAL, GLOBAL)})))

        assert second == first

    def test_a_former_live_model_keeps_the_sku_it_was_live_with(self) -> None:
        """The model's own SKU is raised in the same change; the former one's deployment stays as it was."""
        before = {"live": trained(1, servedWith=GLOBAL), "candidate": trained(2)}
        bigger = {"name": "GlobalStandard", "capacity": 90}
        first = _inputs(declare(stack(releases={"clippy": before})))
        second = _inputs(
            declare(
                stack(
                    models={"clippy": {"skus": {"live": bigger}}},
                    releases={"clippy": released(before, GLOBAL, bigger)},
                )
            )
        )
        changed = [urn for urn in first if first[urn] != second[urn]]

        assert first.keys() == second.keys()
        assert len(changed) == 1
        assert second[changed[0]]["properties"]["model"]["name"] == trained(2)["modelId"]

    def test_recording_a_second_model_leaves_the_first_ones_resources_untouched(self) -> None:
        models = {"clippy": {"skus": {"live": GLOBAL}}, "bonzi": {"skus": {"live": GLOBAL}}}
        first = declare(stack(models=models, releases={"clippy": {"live": trained(1)}}))
        second = declare(stack(models=models, releases={"clippy": {"live": trained(1)}, "bonzi": {"live": trained(2)}}))

        assert _inputs(second).items() >= _inputs(first).items()
        assert {asked.urn: asked.dependencies for asked in second.resources}.items() >= {
            asked.urn: asked.dependencies for asked in first.resources
        }.items()
        assert len(second.resources) == len(first.resources) + 1

    def test_another_capacity_changes_the_deployment_in_place(self) -> None:
        def asked(capacity: int) -> Declared:
            sku = {"name": "GlobalStandard", "capacity": capacity}
            return declare(stack(models={"clippy": {"skus": {"live": sku}}}, releases={"clippy": {"live": trained(1)}}))

        assert _inputs(asked(10)).keys() == _inputs(asked(20)).keys()

    def test_another_sku_is_another_deployment(self) -> None:
        """So callers of the first are served until the second is there."""

        def urns(sku: str) -> set[str]:
            config = stack(
                models={"clippy": {"skus": {"live": {"name": sku, "capacity": 10}}}},
                releases={"clippy": {"live": trained(1)}},
            )
            return {asked.urn for asked in declare(config).of_type("Deployment")}

        assert len(urns("Standard") - urns("GlobalStandard")) == 1


class TestOutputs:
    def test_jobs_can_read_them(self) -> None:
        releases = {
            "clippy": {
                "live": trained(2, trainedIn="europe", servedWith=GLOBAL),
                "candidate": trained(3, trainedIn="europe", systemMessage=None),
                "previous": [trained(1, trainedIn="europe", servedWith=GLOBAL)],
            }
        }
        outputs = StackOutputs.parse(declare(two_accounts(releases=releases)).outputs)
        clippy = outputs.models["clippy"]

        assert outputs.schema_version == 1
        assert (outputs.environment.name, outputs.environment.production) == ("dev", False)
        assert outputs.resource_group_name == "tuned-models-dev"
        assert outputs.subscription_id == SUBSCRIPTION
        assert outputs.accounts["america"].id == f"{ACCOUNT}/contoso-us"
        assert outputs.accounts["america"].endpoint == "https://contoso-us.openai.azure.com/"
        assert outputs.storage.blob_endpoint == "https://contosodata.blob.core.windows.net/"
        assert outputs.storage.containers == {"datasets": "datasets", "runs": "runs"}
        assert (clippy.train_in, clippy.served_in) == ("europe", ["europe", "america"])
        assert clippy.skus.candidate == clippy.skus.live
        assert clippy.system_message == trained(2)["systemMessage"]
        assert clippy.live is not None
        assert clippy.live.model_id == trained(2)["modelId"]
        assert clippy.live.deployments.keys() == {"europe", "america"}
        assert clippy.candidate is not None
        assert clippy.candidate.system_message is None
        assert [served.model_id for served in clippy.previous] == [trained(1)["modelId"]]

    def test_they_name_deployments_as_azure_has_them(self) -> None:
        declared = declare(stack(releases={"clippy": {"live": trained(1)}}))
        outputs = StackOutputs.parse(declared.outputs)
        live = outputs.models["clippy"].live

        assert live is not None
        assert live.deployments == {"main": declared.deployments("contoso-openai")[1].inputs["deploymentName"]}
        assert outputs.base_deployments["gpt-4.1-mini"].account == "main"

    def test_before_the_first_run_a_model_has_nothing_to_serve(self) -> None:
        clippy = StackOutputs.parse(declare(stack()).outputs).models["clippy"]

        assert (clippy.live, clippy.candidate, clippy.previous, clippy.system_message) == (None, None, [], None)

    def test_of_a_foundry_account_they_name_the_endpoint_that_speaks_openais_protocol(self) -> None:
        accounts = {"main": {"name": "contoso-foundry", "location": "swedencentral", "kind": "AIServices"}}
        outputs = StackOutputs.parse(declare(stack(accounts=accounts)).outputs)

        assert outputs.accounts["main"].endpoint == "https://contoso-foundry.openai.azure.com/"


class TestFaults:
    def test_they_come_all_at_once_and_before_any_resource(self) -> None:
        monitor = RecordingMonitor()
        raw = {"tuned-models:acounts": "{}", "tuned-models:storage": '{"name": "UPPER"}'}

        with pytest.raises(pulumi.RunError) as refused:
            run(monitor, raw, program.declare)
        text = str(refused.value)

        assert "tuned-models:acounts: unknown key; did you mean 'accounts'?" in text
        assert "tuned-models:accounts: is missing" in text
        assert "tuned-models:storage.name" in text
        assert monitor.asked == []

    def test_what_azure_would_refuse_is_refused_all_at_once_too(self) -> None:
        config = stack(
            baseDeployments={"old": {"model": "gpt-4", "version": "0613", "sku": GLOBAL}},
            models={"clippy": {"skus": {"live": {"name": "Standard", "capacity": 1}}}},
            accounts={"main": {"name": "contoso-openai", "location": "westus3"}},
            releases={"clippy": {"live": trained(1)}},
        )

        with pytest.raises(pulumi.RunError) as refused:
            declare(config)

        first, base, tuned = str(refused.value).splitlines()
        assert first == "stack config: 2 faults"
        assert "tuned-models:baseDeployments.old: gpt-4-0613 was retired on 2025-06-06" in base
        assert "tuned-models:releases.clippy.live: in account main" in tuned
        assert "offered in northcentralus and swedencentral, or use GlobalStandard" in tuned

    def test_the_configs_own_day_counts_before_todays(self) -> None:
        config = stack(
            environment={"asOf": "2026-11-18"},
            baseDeployments={"o4": {"model": "o4-mini", "version": "2025-04-16", "sku": GLOBAL}},
        )

        assert len(declare(config).of_type("Deployment")) == 1
        with pytest.raises(pulumi.RunError, match="retired on 2026-11-19"):
            declare(config | {"environment": {}})
