"""Which roles are asked for whom."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from tests.infra.recording import SUBSCRIPTION, declare
from tests.infra.specimens import CALLER, TRAINER, stack, two_accounts

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tuned-models-dev"
ACCOUNT = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts"


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
            return declare(stack(access=access)).inputs()

        assert asked(TRAINER.upper()) == asked(TRAINER)

    def test_names_stay_what_they_are_in_the_stacks_of_teams(self) -> None:
        """An assignment by another name is refused beside the one that exists: a change here is a migration.

        UUIDs of version 5 (RFC 9562), taken with ``sha1sum``: of ``tuned-models:role-assignments`` in the namespace of
        URLs, and in the one that this makes of ``<unique name of the scope>/<role>/<principal>``.
        """
        names = {
            (asked.inputs["principalId"], asked.inputs["scope"].rpartition("/")[2]): asked.inputs["roleAssignmentName"]
            for asked in declare(stack()).of_type("RoleAssignment")
        }

        assert names == {
            (TRAINER, "contoso-openai"): "e4f3a2fb-0313-5090-913e-1223cbab6d36",
            (TRAINER, "contosodata"): "5f30127e-50de-5742-83e0-25ffe01891ac",
            (CALLER, "contoso-openai"): "bde94211-6614-5062-aa7f-d8ddd17907c1",
        }

    def test_in_two_accounts_trainers_train_and_callers_call_in_both(self) -> None:
        scopes = {
            (asked.inputs["principalId"], asked.inputs["scope"].rpartition("/")[2])
            for asked in declare(two_accounts()).of_type("RoleAssignment")
        }

        assert scopes == {
            (TRAINER, "contoso-eu"),
            (TRAINER, "contoso-us"),
            (TRAINER, "contosodata"),
            (CALLER, "contoso-eu"),
            (CALLER, "contoso-us"),
        }

    def test_somebody_may_both_train_and_call(self) -> None:
        """Two assignments in one account, which differ in their role."""
        both = [{"principalId": TRAINER, "principalType": "User"}]
        assignments = declare(stack(access={"trainers": both, "callers": both})).of_type("RoleAssignment")

        assert len({asked.inputs["roleAssignmentName"] for asked in assignments}) == len(assignments) == 3
        assert len({asked.urn for asked in assignments}) == 3


OPERATOR = "00000000-0000-0000-0000-00000000000c"
DEPLOYER = "00000000-0000-0000-0000-00000000000d"
PIPELINE = {"github": {"repository": "contoso/models", "environment": "dev"}}


def _assigned(access: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    """Name in Pulumi → principal, role's GUID, scope."""
    return {
        asked.name: (
            asked.inputs["principalId"],
            asked.inputs["roleDefinitionId"].rpartition("/")[2],
            asked.inputs["scope"],
        )
        for asked in declare(stack(access=access)).of_type("RoleAssignment")
    }


class TestOperatorsAndDeployers:
    def test_operators_look_and_change_nothing(self) -> None:
        """Reader, on the resource group."""
        operators = [{"principalId": OPERATOR, "principalType": "Group"}]

        assert _assigned({"operators": operators}) == {
            f"access/operators/resource-group/{OPERATOR}": (OPERATOR, "acdd72a7-3385-48ef-bd42-f606fba81ae7", GROUP)
        }

    def test_deployers_manage_the_group_and_assign_what_the_program_assigns(self) -> None:
        """Contributor and Role Based Access Control Administrator, on the resource group and on nothing above it."""
        deployers = [{"principalId": DEPLOYER, "principalType": "User"}]

        assert _assigned({"deployers": deployers}) == {
            f"access/deployers/resource-group/{DEPLOYER}": (DEPLOYER, "b24988ac-6180-42a0-ab88-20f7382dd24c", GROUP),
            f"access/deployers/resource-group-roles/{DEPLOYER}": (
                DEPLOYER,
                "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
                GROUP,
            ),
        }

    def test_a_deployer_makes_no_other(self) -> None:
        """The condition of Microsoft Learn, "Examples to delegate Azure role assignment management with conditions"."""
        deployers = [{"principalId": DEPLOYER, "principalType": "User"}]
        (administrator,) = (
            asked
            for asked in declare(stack(access={"deployers": deployers})).of_type("RoleAssignment")
            if "condition" in asked.inputs
        )
        condition = administrator.inputs["condition"]

        assert administrator.inputs["conditionVersion"] == "2.0"
        for action, source in (("write", "@Request"), ("delete", "@Resource")):
            assert f"!(ActionMatches{{'Microsoft.Authorization/roleAssignments/{action}'}})" in condition
            assert f"{source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:" in condition
            types = f"{source}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:"
            assert f"{types}StringEqualsIgnoreCase {{'User', 'Group', 'ServicePrincipal'}}" in condition
        for own in ("b24988ac-6180-42a0-ab88-20f7382dd24c", "f58310d9-a9f6-439a-9e8d-f62e7b41a168"):
            assert own not in condition

    def test_a_deployer_may_assign_everything_that_the_program_assigns_to_others(self) -> None:
        """Otherwise a pipeline's up would stop at the first new trainer."""
        access = {
            "trainers": [{"principalId": TRAINER, "principalType": "User"}],
            "callers": [{"principalId": CALLER, "principalType": "ServicePrincipal"}],
            "operators": [{"principalId": OPERATOR, "principalType": "Group"}],
            "deployers": [{"principalId": DEPLOYER, "principalType": "User"}],
        }
        declared = declare(stack(access=access)).of_type("RoleAssignment")
        condition = next(asked.inputs["condition"] for asked in declared if "condition" in asked.inputs)

        for asked in declared:
            if asked.inputs["principalId"] != DEPLOYER:
                assert asked.inputs["roleDefinitionId"].rpartition("/")[2] in condition

    def test_a_managed_identity_is_a_service_principal(self) -> None:
        """Azure's role assignments know no other word for it."""
        callers = [{"principalId": CALLER, "principalType": "ManagedIdentity"}]
        (assignment,) = declare(stack(access={"callers": callers})).of_type("RoleAssignment")

        assert assignment.inputs["principalType"] == "ServicePrincipal"


class TestPipelines:
    def test_a_pipeline_has_an_identity_that_trusts_its_tokens_alone(self) -> None:
        """Issuer and subject of GitHub Docs, "OpenID Connect reference"; the audience that Entra ID expects."""
        declared = declare(stack(access={"pipelines": {"release": PIPELINE}}))
        (identity,) = declared.of_type("UserAssignedIdentity")
        (credential,) = declared.of_type("FederatedIdentityCredential")

        assert identity.inputs["resourceName"] == "release"
        assert credential.inputs["resourceName"] == "release"
        assert credential.inputs["issuer"] == "https://token.actions.githubusercontent.com"
        assert credential.inputs["subject"] == "repo:contoso/models:environment:dev"
        assert credential.inputs["audiences"] == ["api://AzureADTokenExchange"]

    def test_azure_pipelines_say_issuer_and_subject_themselves(self) -> None:
        """The service connection shows both."""
        trusted = {"issuer": "https://vstoken.dev.azure.com/1", "subject": "sc://contoso/models/dev"}
        declared = declare(stack(access={"pipelines": {"release": {"azureDevOps": trusted}}}))
        (credential,) = declared.of_type("FederatedIdentityCredential")

        assert {key: credential.inputs[key] for key in trusted} == trusted

    def test_a_pipeline_gets_what_people_in_its_roles_get(self) -> None:
        both = PIPELINE | {"roles": ["trainer", "deployer"]}
        roles = {name: (role, scope) for name, (_, role, scope) in _assigned({"pipelines": {"release": both}}).items()}

        def people(group: str) -> dict[str, tuple[str, str]]:
            assigned = _assigned({group: [{"principalId": DEPLOYER, "principalType": "User"}]})
            return {
                name.replace(group, f"pipelines/{group.removesuffix('s')}").replace(DEPLOYER, "release"): (role, scope)
                for name, (_, role, scope) in assigned.items()
            }

        assert roles == people("trainers") | people("deployers")

    def test_an_assignment_to_a_new_identity_doesnt_take_the_former_ones_name(self) -> None:
        """The identity of a name may be deleted and made again: its principal is another one, and so is the name."""
        declared = declare(stack(access={"pipelines": {"release": PIPELINE}}))
        (identity,) = declared.of_type("UserAssignedIdentity")

        for asked in declared.of_type("RoleAssignment"):
            assert identity.urn in asked.request.propertyDependencies["roleAssignmentName"].urns

    def test_the_outputs_say_what_a_pipeline_is_configured_with(self) -> None:
        """The client ID; tenant and subscription are known, and there is no secret."""
        outputs = declare(stack(access={"pipelines": {"release": PIPELINE}})).outputs

        assert list(outputs["pipelines"]) == ["release"]
        assert uuid.UUID(outputs["pipelines"]["release"])

    def test_the_outputs_say_who_runs_the_up(self) -> None:
        """What another stack's file has to name, where it trained what this one serves."""
        deployer = "AAAAAAAA-0000-0000-0000-00000000000C"
        look = {"github": {"repository": "contoso/models", "environment": "look"}, "roles": ["operator"]}
        access = {
            "deployers": [{"principalId": deployer, "principalType": "Group"}],
            "pipelines": {"look": look, "release": {**PIPELINE, "roles": ["deployer"]}},
        }
        person, pipeline = declare(stack(access=access)).outputs["deployers"]

        assert person == {"principalId": deployer.lower(), "principalType": "Group", "pipeline": None}
        assert (pipeline["principalType"], pipeline["pipeline"]) == ("ManagedIdentity", "release")
        assert uuid.UUID(pipeline["principalId"])
