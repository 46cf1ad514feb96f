"""The rules of policy/ before an up in process: on everything that the program declares, before anything is made."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.pulumi import in_process
from simulator.pulumi.judging import judge
from simulator.pulumi.summary import Failed
from tests.contract.specimens import record
from tests.simulator.pulumi.conftest import Sketch, Stage

OPENAI_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"


def _config(**keys: Any) -> dict[str, str]:
    """A stack config as Pulumi holds it, of an environment that nobody depends on."""
    written = {
        "accounts": {"main": {"name": "acct-one", "location": "swedencentral"}},
        "storage": {"name": "keptforpulumi"},
        "environment": {"protection": "off"},
        "models": {"clippy": {"skus": {"live": {"name": "GlobalStandard", "capacity": 1}}}},
    }
    return {f"tuned-models:{key}": json.dumps(value) for key, value in (written | keys).items()}


def test_a_rehearsal_learns_what_is_declared_and_changes_nothing(stage: Stage) -> None:
    """With the IDs and names that Azure will give, so that what is made of them is known as well."""

    def assigned() -> None:
        import pulumi
        from pulumi_azure_native import authorization, cognitiveservices

        account = cognitiveservices.Account(
            "another",
            resource_group_name="rg",
            account_name="acct-two",
            location="swedencentral",
            kind="OpenAI",
            sku={"name": "S0"},
            properties={"disable_local_auth": True},
        )
        authorization.RoleAssignment(
            "role",
            scope=account.id,
            role_definition_id=pulumi.Output.concat("/roleDefinitions/", OPENAI_USER),
            principal_id="7e57ab1e-0000-4000-8000-000000000102",
        )

    declared = in_process.rehearse(stage.run, Sketch(extra=assigned))

    by_name = {held.name: held.inputs for held in declared}
    assert set(by_name) == {"group", "account", "one", "another", "role"}
    assert str(by_name["role"]["scope"]).endswith("/providers/Microsoft.CognitiveServices/accounts/acct-two")
    assert by_name["one"]["resourceGroupName"] == "rg"
    assert stage.sent == []
    assert stage.said == []
    assert not stage.there()


def test_an_up_after_a_rehearsal_is_as_one_without(stage: Stage) -> None:
    in_process.rehearse(stage.run, Sketch())
    first = stage.up(Sketch())
    in_process.rehearse(stage.run, Sketch())

    assert first.summary.created == 4
    assert stage.up(Sketch()).summary.unchanged == 4


def test_a_fault_of_the_program_is_told_by_the_rehearsal_already(stage: Stage) -> None:
    def faulty() -> None:
        import pulumi

        raise pulumi.RunError("config: 1 fault")

    with pytest.raises(Failed, match=r"^config: 1 fault$"):
        in_process.rehearse(stage.run, faulty)


def test_everything_that_breaks_a_mandatory_rule_is_told_at_once(stage: Stage) -> None:
    """The sketch pins no version's upgrades, keeps keys on its storage, and tags nothing."""
    declared = in_process.rehearse(stage.run, Sketch(storage_location="swedencentral"))
    warned: list[str] = []

    with pytest.raises(Failed) as refused:
        judge(declared, _config(), warned.append)

    said = str(refused.value)
    assert said.startswith("policy refuses what this stack declares; nothing was changed.\n")
    for words in (
        "no-local-auth: ",
        "  storage (storage:StorageAccount): the storage's keys are on",
        "pinned-versions: ",
        "  one (cognitiveservices:Deployment): Azure may change the model",
        "tags-present: ",
        "  group (resources:ResourceGroup): tags are missing: environment",
        "  Remedy: ",
    ):
        assert words in said
    assert warned == []


def test_an_advisory_rule_warns_once_and_refuses_nothing() -> None:
    warned: list[str] = []

    judge([], _config(releases={"clippy": {"live": record()}}), warned.append)

    assert len(warned) == 1
    assert warned[0].startswith("warning: live-evaluated: ")
