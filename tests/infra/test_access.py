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
