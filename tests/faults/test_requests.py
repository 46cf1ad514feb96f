"""Anything that goes wrong with any request of a run: it is done all the same, or by the command that it names."""

from __future__ import annotations

import pytest

from tests.faults import table
from tests.faults.kinds import FAULTS, planned_kinds
from tests.faults.sampled import COMPLETE, SEED, parts, some
from tests.faults.scene import Scene

FEW = 4


def test_each_kind_of_fault_that_a_plan_knows_is_tried() -> None:
    assert {fault.does["kind"] for fault in FAULTS} == planned_kinds()


@pytest.mark.slow
@parts
def test_whatever_goes_wrong_with_a_request_the_run_is_paid_for_once_and_recorded_once(scene: Scene, part: int) -> None:
    every = table.cases(scene.undisturbed)
    chosen = some(every, 0, part) if COMPLETE else table.sample(every, FEW, SEED)
    results = [table.tried(scene, case) for case in chosen]
    table.note(results)
    broken = [str(result) for result in results if result.wrong]
    assert not broken, f"{len(broken)} of {len(results)}:\n" + "\n".join(broken)
