"""A run that is killed at any step, and typed again: paid for once, recorded once, as if nothing had happened."""

from __future__ import annotations

import pytest

from tests.faults.command import Mishap
from tests.faults.scene import COMPLETE, RUN, Scene


@pytest.mark.slow
def test_a_run_that_is_killed_at_any_step_and_typed_again_ends_as_one_that_was_not(scene: Scene) -> None:
    """SIGKILL before each call of a port, after it, between the pieces of what it sends, and at each change of a file:
    the steps are those that an undisturbed run announces. Where nothing may have changed since the step before, only
    `make faults` kills it."""
    faults = []
    for at, step in enumerate(scene.undisturbed.steps):
        if not (step.new or COMPLETE):
            continue
        scene.begin()
        first = scene.jobs(*RUN, mishaps=[Mishap(at)])
        second = scene.jobs(*RUN)
        assert first.killed, f"{step}: {first}"
        assert first.steps[-1] == step
        if wrong := scene.unlike_undisturbed(second):
            faults.append(f"killed at step {at}, {step}: {wrong}\n{second}")
    assert not faults, "\n".join(faults)
