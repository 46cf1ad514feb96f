"""An up that fails in the middle because of what Azure does, and is repeated, ends as an undisturbed one."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.arm.models import find
from simulator.pulumi.summary import Failed, Summary
from tests.simulator.pulumi.conftest import MINI, Sketch, Stage

SKETCH = Sketch(deployments={"one": (*MINI, 10), "two": (*MINI, 10)}, storage_location="swedencentral")
ACCOUNT = "Microsoft.CognitiveServices/accounts"
PLANS: dict[str, dict[str, Any]] = {
    "a deployment fails": {"failures": [{"name": "one"}]},
    "an account fails": {"failures": [{"type": ACCOUNT}]},
    "storage fails": {"failures": [{"type": "Microsoft.Storage/storageAccounts"}]},
    "the account's lock outlives what was done": {"conflicts": [{"afterChange": 60}]},
    "too much is written": {"throttling": {"arm": {"writes": {"size": 3, "perSecond": 0.01}}}},
    "nothing is saved": {"disk": "full"},
}


def standing(stage: Stage) -> dict[str, tuple[str, object]]:
    """What is there, by ID: its state and its properties."""
    resources = stage.simulator.cloud.state.arm.resources.values()
    return {each.key: (each.state, each.body) for each in resources if "roleassignments" not in each.key}


@pytest.fixture
def undisturbed(stage: Stage) -> dict[str, tuple[str, object]]:
    """As it ends where nothing goes wrong; then it is taken down again, but for names that Azure keeps."""
    stage.up(SKETCH)
    found = standing(stage)
    stage.destroy()
    stage.simulator.cloud.state.arm.deleted_accounts.clear()
    return found


@pytest.mark.parametrize("plan", PLANS)
def test_repeated_it_ends_as_an_undisturbed_one(
    stage: Stage, undisturbed: dict[str, tuple[str, object]], plan: str
) -> None:
    with stage.simulator.faults.planned({"behaviour": PLANS[plan]}), pytest.raises(Failed):
        stage.up(SKETCH)
    stage.simulator.clock.advance(60)
    stage.up(SKETCH)

    assert standing(stage) == undisturbed
    assert stage.up(SKETCH).summary == Summary(unchanged=6)


def test_what_had_failed_is_said_to_be_made_again(stage: Stage) -> None:
    """Though nothing of it differs from what is declared; a preview tells so, too."""
    with stage.simulator.faults.planned({"behaviour": PLANS["a deployment fails"]}), pytest.raises(Failed):
        stage.up(Sketch())
    assert stage.preview(Sketch()).summary == Summary(updated=1, unchanged=3)
    result = stage.up(Sketch())

    assert result.summary == Summary(updated=1, unchanged=3)
    assert [(step.name, step.note) for step in result.steps if step.note] == [("one", "it had failed")]
    assert [(method, name) for method, name, _ in stage.writes] == [("PUT", "one")]


def test_a_deployment_that_the_platform_removed_comes_back(stage: Stage) -> None:
    stage.up(Sketch())
    stage.simulator.faults.happen({"event": "deploymentDeleted", "deployment": "one"})
    assert stage.up(Sketch()).summary == Summary(created=1, unchanged=3)
    account = f"/subscriptions/{stage.simulator.cloud.subscription_id}/resourceGroups/rg/providers/{ACCOUNT}/acct-one"
    assert find(stage.simulator.cloud, f"{account}/deployments/one") is not None
