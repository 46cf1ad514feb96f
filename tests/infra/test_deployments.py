"""What is asked for deployments, and that they change one at a time."""

from __future__ import annotations

from contract.outputs import StackOutputs
from tests.infra.recording import SUBSCRIPTION, declare
from tests.infra.specimens import GLOBAL, released, stack, trained, two_accounts

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tuned-models-dev"
ACCOUNT = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts"


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
        declared = declare(
            stack(
                accounts=accounts,
                models={"clippy": {"skus": {"live": GLOBAL | {"capacity": 100}}}},
                releases={"clippy": {"live": record}},
            )
        )

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


class TestSpillover:
    RESERVED = {"name": "ProvisionedManaged", "capacity": 50}  # noqa: RUF012 - read only.

    def test_a_provisioned_base_model_comes_after_what_it_spills_over_to_whatever_their_names(self) -> None:
        base = {"model": "gpt-4.1-mini", "version": "2025-04-14"}
        deployments = {
            "a-reserved": base | {"sku": self.RESERVED, "spillover": "z-standard"},
            "z-standard": base | {"sku": GLOBAL},
        }
        standard, reserved = declare(stack(baseDeployments=deployments, models={})).deployments("contoso-openai")

        assert standard.inputs["deploymentName"] == "z-standard"
        assert reserved.inputs["properties"]["spilloverDeploymentName"] == "z-standard"
        assert standard.urn in reserved.dependencies

    def test_a_live_model_is_deployed_a_second_time_and_no_other_role_is(self) -> None:
        records = {
            "live": trained(2, modelId="gpt-4.1-2025-04-14.ft-" + "2" * 32, runKey="4" * 64),
            "candidate": trained(3),
            "previous": [trained(1, servedWith=GLOBAL)],
        }
        declared = declare(
            stack(
                baseDeployments={},
                models={"clippy": {"skus": {"live": self.RESERVED, "spillover": GLOBAL, "candidate": GLOBAL}}},
                releases={"clippy": records},
            )
        )
        previous, spillover, live, candidate = declared.deployments("contoso-openai")
        spills = [
            each.inputs["properties"].get("spilloverDeploymentName") for each in (previous, spillover, live, candidate)
        ]

        assert spillover.inputs["properties"]["model"] == live.inputs["properties"]["model"]
        assert (spillover.inputs["sku"], live.inputs["sku"]) == (GLOBAL, self.RESERVED)
        assert spills == [None, None, spillover.inputs["deploymentName"], None]
        clippy = StackOutputs.parse(declared.outputs).models["clippy"]
        assert clippy.live is not None
        assert clippy.live.spillover == {"main": spillover.inputs["deploymentName"]}


class TestSeveralAccounts:
    def test_a_base_model_is_served_in_several_under_one_name(self) -> None:
        base = {"model": "gpt-4.1-mini", "version": "2025-04-14", "sku": GLOBAL, "accounts": ["america", "europe"]}
        declared = declare(two_accounts() | {"baseDeployments": {"mini": base}})

        assert [
            (each.inputs["accountName"], each.inputs["deploymentName"]) for each in declared.of_type("Deployment")
        ] == [
            ("contoso-us", "mini"),
            ("contoso-eu", "mini"),
        ]
        outputs = StackOutputs.parse(declared.outputs).base_deployments["mini"]
        assert (outputs.account, outputs.accounts) == ("america", ["america", "europe"])
