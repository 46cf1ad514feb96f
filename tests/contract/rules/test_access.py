"""Principals that stand twice, and pipelines whose identity Azure would refuse or mix up."""

from __future__ import annotations

from typing import Any

import pytest

from contract.faults import Faults
from contract.stack_config import StackConfig

ALICE = "00000000-0000-0000-0000-00000000000a"
GITHUB = {"repository": "contoso/tuned-models", "environment": "prod"}
AZURE_DEVOPS = {"issuer": "https://vstoken.dev.azure.com/1", "subject": "sc://contoso/tuned-models/prod"}


def _faults(access: dict[str, Any]) -> dict[str, str]:
    mapping = {
        "accounts": {"main": {"name": "contoso-openai", "location": "swedencentral"}},
        "storage": {"name": "contosodata"},
        "access": access,
    }
    try:
        StackConfig.parse(mapping)
    except Faults as faults:
        return {fault.key.removeprefix("tuned-models:access."): fault.message for fault in faults.faults}
    return {}


def _principal(principal_id: str = ALICE, principal_type: str = "User") -> dict[str, str]:
    return {"principalId": principal_id, "principalType": principal_type}


class TestPrincipals:
    @pytest.mark.parametrize("group", ["trainers", "callers", "operators", "deployers"])
    def test_a_principal_stands_in_a_group_once(self, group: str) -> None:
        """GUIDs don't differ by case, and Azure refuses the second assignment of a role as existing already."""
        assert _faults({group: [_principal(), _principal(ALICE.upper())]}) == {
            f"{group}[1].principalId": f"stands in access.{group}[0] already"
        }

    def test_a_principal_may_stand_in_several_groups(self) -> None:
        assert _faults({"trainers": [_principal()], "operators": [_principal()]}) == {}

    def test_a_principal_is_of_one_type_wherever_it_stands(self) -> None:
        """Azure refuses an assignment whose type is not the principal's."""
        assert _faults({"trainers": [_principal()], "callers": [_principal(principal_type="Group")]}) == {
            "callers[0].principalType": "is Group, in access.trainers[0] it is User"
        }


class TestPipelines:
    def test_a_pipeline_is_of_one_service(self) -> None:
        message = "needs either github or azureDevOps: whose tokens are exchanged for Azure's"
        both = {"github": GITHUB, "azureDevOps": AZURE_DEVOPS}

        assert _faults({"pipelines": {"release": {}}}) == {"pipelines.release": message}
        assert _faults({"pipelines": {"release": both}}) == {"pipelines.release": message}
        assert _faults({"pipelines": {"release": {"azureDevOps": AZURE_DEVOPS}}}) == {}

    def test_two_pipelines_trust_no_tokens_in_common(self) -> None:
        """Which of two identities a workflow means, its configuration could not tell."""
        faults = _faults({"pipelines": {"release": {"github": GITHUB}, "train": {"github": GITHUB}}})

        assert faults == {
            "pipelines.train": "trusts the same tokens as access.pipelines.release "
            "(repo:contoso/tuned-models:environment:prod): give one of them both roles"
        }

    def test_one_repository_may_have_a_pipeline_per_environment(self) -> None:
        train = {"github": GITHUB | {"environment": "train"}}

        assert _faults({"pipelines": {"release": {"github": GITHUB}, "train": train}}) == {}

    def test_roles_are_named_once_and_at_least_one(self) -> None:
        faults = _faults(
            {
                "pipelines": {
                    "idle": {"github": GITHUB, "roles": []},
                    "keen": {"azureDevOps": AZURE_DEVOPS, "roles": ["trainer", "trainer"]},
                }
            }
        )

        assert faults == {
            "pipelines.idle.roles": "is empty: leave it out for trainer, or say what the pipeline may do",
            "pipelines.keen.roles": "names trainer twice",
        }

    def test_immutable_subjects_hold_both_numbers(self) -> None:
        """``repo:owner@1/name@2:environment:prod`` (Microsoft Learn, "Migrate … to immutable subjects")."""
        assert _faults({"pipelines": {"release": {"github": GITHUB | {"ownerId": 1}}}}) == {
            "pipelines.release.github": "needs both ownerId and repositoryId, or neither: immutable subjects hold both"
        }

    def test_names_of_identities_differ_by_more_than_case(self) -> None:
        other = {"github": GITHUB | {"environment": "train"}}

        assert _faults({"pipelines": {"release": {"github": GITHUB}, "Release": other}}) == {
            "pipelines.Release": "differs from access.pipelines.release by case alone"
        }
