"""Each environment under the real Pulumi CLI: up, up again, kept from a slip of the hand, released, taken down."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from simulator.entra.models import DEPLOYER
from simulator.pulumi.summary import Failed
from tests.engine.conftest import Local
from tests.infra.specimens import released
from tests.journeys.stack import Changes, Stack, environment_config
from tests.journeys.test_environments import PROTECTED
from tests.journeys.test_production import FORMER, NEXT, STANDARD

pytestmark = pytest.mark.slow


@pytest.fixture
def stack(local: Local, request: pytest.FixtureRequest, tmp_path: Path) -> Stack:
    name: str = request.param
    made = Stack.fresh(local.simulator, local.project, name, environment_config(name, tmp_path))
    made.by_cli = True
    return made


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"], indirect=True)
def test_an_environment_comes_up_stays_and_goes_once_protection_is_off(stack: Stack) -> None:
    first = stack.bring()
    assert first.how == "cli"
    assert Changes.of(stack.bring()) == Changes()
    before = stack.standing()

    with pytest.raises(Failed) as refused:
        stack.bring("destroy")

    # The CLI ends at the first ones that it meets, and names these.
    named = {f"{type_} {name}" for type_, name in re.findall(r":(\w+)::([\w-]+)\\?\" cannot", str(refused.value))}
    assert named
    assert named <= PROTECTED[stack.name]
    assert stack.standing() == before

    stack.config.setdefault("environment", {})["protection"] = "off"
    assert set(Changes.of(stack.bring()).updated) == set()
    assert stack.bring("destroy").summary.deleted
    # The role of whoever brought it up, on each of the two subscriptions.
    assert len(stack.standing()) == 2


@pytest.mark.parametrize("stack", ["prod"], indirect=True)
def test_a_release_and_a_rollback_in_two_regions_overlap_nothing(stack: Stack, local: Local) -> None:
    """The CLI does at once whatever doesn't depend on each other: Azure refuses the second change of an account."""
    stack.config["access"]["deployers"] = [{"principalId": DEPLOYER.object_id, "principalType": "ServicePrincipal"}]
    stack.bring()
    before = {
        "live": stack.trained(1, "europe", servedWith=STANDARD, trainingType="Standard"),
        "candidate": stack.trained(2, "europe", trainingType="Standard"),
    }
    stack.config["releases"] = {"clippy": before}
    stack.bring()
    after = released(before, STANDARD, STANDARD)

    stack.config["releases"] = {"clippy": after}
    raised = Changes.of(stack.bring())
    stack.config["releases"] = {"clippy": {"live": after["previous"][0], "previous": [after["live"]]}}
    back = Changes.of(stack.bring())

    assert set(raised.updated) >= {f"Deployment {region}/{NEXT}" for region in ("america", "europe")}
    assert "KeyValue pointers/clippy" in raised.updated
    assert not any(FORMER in what or NEXT in what for what in back.updated)
    for changes in (raised, back):
        assert (changes.created, changes.replaced, changes.deleted) == (frozenset(), {}, frozenset())
    assert 409 not in {line["status"] for line in _record(local) if line["method"] in ("PUT", "DELETE")}


def _record(local: Local) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (local.project.parent / "record.jsonl").read_text().splitlines()]
