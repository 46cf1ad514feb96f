"""Anything that goes wrong with any request of a run: it is done all the same, or by the command that it names."""

from __future__ import annotations

import pytest

from tests.faults import table
from tests.faults.kinds import FAULTS, planned_kinds
from tests.faults.scene import COMPLETE, Scene

SEED = 6
SAMPLE = 40


def test_each_kind_of_fault_that_a_plan_knows_is_tried() -> None:
    assert {fault.does["kind"] for fault in FAULTS} == planned_kinds()


@pytest.mark.slow
def test_whatever_goes_wrong_with_a_request_the_run_is_paid_for_once_and_recorded_once(scene: Scene) -> None:
    """Some of the cases, always the same; `make faults` tries all of them."""
    every = table.cases(scene.undisturbed)
    results = [table.tried(scene, case) for case in (every if COMPLETE else table.sample(every, SAMPLE, SEED))]
    print("\n".join(table.lines(results)))  # noqa: T201 - `make faults` shows it
    broken = [str(result) for result in results if result.wrong]
    assert not broken, f"{len(broken)} of {len(results)}:\n" + "\n".join(broken)
