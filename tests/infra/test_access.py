"""Which roles are asked for whom."""

from __future__ import annotations

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
