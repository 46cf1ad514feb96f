"""The rules of policy/ before an up in process: on everything that the program declares, before anything is made."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from simulator.entra.models import TRAINER
from simulator.pulumi import in_process
from simulator.pulumi.judging import Judge
from simulator.pulumi.summary import Failed, Summary, UpResult
from tests.contract.specimens import record
from tests.policy.specimens import OVERRIDE
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


def _judged(stage: Stage, program: Callable[[], None], warned: list[str] | None = None, **keys: Any) -> UpResult:
    """An up under the rules."""
    judge = Judge(_config(**keys), (warned if warned is not None else []).append)
    stage.sent.clear()
    return in_process.up(replace(stage.run, judge=judge.judge, admit=judge.admit), program)


def test_everything_that_breaks_a_mandatory_rule_is_told_at_once_and_nothing_is_written(stage: Stage) -> None:
    """The sketch doesn't pin its model's upgrades, keeps keys on its storage, and tags nothing."""
    warned: list[str] = []

    with pytest.raises(Failed) as refused:
        _judged(stage, Sketch(storage_location="swedencentral"), warned)

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
    assert stage.writes == []
    assert warned == []


def _role_on(scope: str) -> Callable[[], None]:
    """A group, and a role on what is made of the group's ID: an output that only an up knows."""

    def declare() -> None:
        import pulumi
        from pulumi_azure_native import authorization, cognitiveservices, resources

        tags = {"environment": "test"}
        group = resources.ResourceGroup("group", resource_group_name="rg", location="swedencentral", tags=tags)
        account = cognitiveservices.Account(
            "account",
            resource_group_name=group.name,
            account_name="acct-one",
            location="swedencentral",
            kind="OpenAI",
            sku={"name": "S0"},
            properties={"custom_sub_domain_name": "acct-one", "disable_local_auth": True},
            tags=tags,
        )
        authorization.RoleAssignment(
            "role",
            scope=pulumi.Output.concat(group.id, scope),
            role_definition_id=f"/providers/Microsoft.Authorization/roleDefinitions/{OPENAI_USER}",
            principal_id=TRAINER.object_id,
            principal_type="ServicePrincipal",
            opts=pulumi.ResourceOptions(depends_on=[account]),
        )

    return declare


def test_what_is_not_known_ahead_is_asked_about_just_before_it_is_made(stage: Stage) -> None:
    """The group is there by then, the role never."""
    with pytest.raises(Failed, match=r"policy refuses this resource\.\nnarrow-roles: ") as refused:
        _judged(stage, _role_on(""))

    assert refused.value.summary.created > 0
    assert "rg" in stage.there()
    roles = [key for key in stage.simulator.cloud.state.arm.resources if "/resourcegroups/rg/" in key]
    assert not [key for key in roles if "roleassignments" in key]

    narrow = _judged(stage, _role_on("/providers/Microsoft.CognitiveServices/accounts/acct-one"))
    assert narrow.summary.created == 1


def test_known_beforehand_it_is_refused_beforehand(stage: Stage) -> None:
    """Once the group is there, its ID is known ahead."""
    _judged(stage, _role_on("/providers/Microsoft.CognitiveServices/accounts/acct-one"))

    with pytest.raises(Failed, match="policy refuses what this stack declares; nothing was changed"):
        _judged(stage, _role_on(""))
    assert stage.writes == []


def test_an_advisory_rule_warns_once_and_refuses_nothing(stage: Stage) -> None:
    warned: list[str] = []
    program = _role_on("/providers/Microsoft.CognitiveServices/accounts/acct-one")

    done = _judged(stage, program, warned, releases={"clippy": {"live": record(evaluation=None, override=OVERRIDE)}})

    assert done.summary == Summary(created=4)
    assert len(warned) == 1
    assert warned[0].startswith("warning: live-evaluated: ")
