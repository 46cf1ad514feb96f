"""A write to ARM whose answer says nothing certain: what stands is known to the state, and the next up goes on."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from simulator.pulumi.arm_client import ArmError
from simulator.pulumi.summary import Failed
from tests.simulator.pulumi.conftest import Sketch, Stage

LOST: dict[str, list[dict[str, Any]]] = {
    "it broke after the effect": [{"kind": "answer", "status": 500, "after": True}],
    "reset after the effect": [{"kind": "reset", "when": "after"}],
    "no JSON": [{"kind": "notJson"}],
    "empty": [{"kind": "empty"}],
}


@pytest.mark.parametrize("how", LOST)
@pytest.mark.parametrize("silent", [False, True], ids=["it can be looked for", "nobody answers any more"])
def test_what_was_made_is_taken_up_by_the_next_up(stage: Stage, how: str, silent: bool) -> None:
    """Else it would be refused: `cannot create already existing resource`."""
    account = "/subscriptions/*/accounts/acct-one"
    faults: list[dict[str, Any]] = [{"match": {"method": "PUT", "path": account}, "does": does} for does in LOST[how]]
    if silent:
        # Whether it stands is asked before it is made, which is let pass.
        faults.append(
            {"match": {"method": "GET", "path": account}, "skip": 1, "times": None, "does": {"kind": "reset"}}
        )
    # Where the headers say what to ask, and that can be asked, nothing was lost.
    with stage.simulator.cloud.faults.planned({"faults": faults}) as planned, suppress(Failed):
        stage.up(Sketch())
        assert planned.fired == 1

    stage.up(Sketch())

    assert stage.preview(Sketch()).summary.unchanged == 4
    assert {"acct-one", "one"} <= stage.there()


def test_a_question_that_fails_while_a_write_goes_on_leaves_nothing_unknown(stage: Stage) -> None:
    operations = {"match": {"pattern": "operation"}, "does": {"kind": "answer", "status": 429}}
    with stage.simulator.cloud.faults.planned({"faults": [operations]}), pytest.raises(Failed, match="429"):
        stage.up(Sketch())

    stage.up(Sketch())

    assert stage.preview(Sketch()).summary.unchanged == 4


def test_what_no_answer_refused_is_told_without_a_status() -> None:
    assert str(ArmError(0, "InternalServerError", "It ended so.", "/x")) == "InternalServerError: It ended so. (/x)"
    assert str(ArmError(409, "Conflict", "Not now.", "/x")) == "409 Conflict: Not now. (/x)"
