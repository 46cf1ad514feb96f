"""A run that is killed at any step, and typed again: paid for once, recorded once, as if nothing had happened."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.faults.command import Mishap, Step
from tests.faults.sampled import COMPLETE, parts, some
from tests.faults.scene import RUN, Scene

FEW = 4


@pytest.mark.slow
@parts
def test_a_run_that_is_killed_at_any_step_and_typed_again_ends_as_one_that_was_not(scene: Scene, part: int) -> None:
    """SIGKILL before each call of a port, after it, before and after each request, between the pieces of what it sends,
    and at each change of a file: the steps are those that an undisturbed run announces.

    The suite kills it around the submission, and at some of the other steps at which something may have changed.
    """
    steps = scene.jobs(*RUN, fine=COMPLETE).steps
    faults = []
    for at in _places(steps, part):
        scene.begin()
        first = scene.jobs(*RUN, mishaps=[Mishap(at)], fine=COMPLETE)
        # By turns on the same machine, which knows that the process has died, and on another one, which waits.
        second = scene.jobs(*RUN, elsewhere=at % 2 == 1)
        assert first.killed, f"{steps[at]}: {first}"
        assert first.steps[-1].what == steps[at].what
        if wrong := scene.unlike_undisturbed(second):
            faults.append(f"killed at step {at}, {steps[at]}: {wrong}\n{second}")
    assert not faults, f"{len(faults)}:\n" + "\n".join(faults)


def _places(steps: Sequence[Step], part: int) -> list[int]:
    every = [at for at, step in enumerate(steps) if step.new or COMPLETE]
    if COMPLETE:
        return some(every, FEW, part)
    submits = next(at for at, step in enumerate(steps) if step.what.endswith(".submit …"))
    near = [at for at in every if abs(at - submits) <= 3]
    return near + some([at for at in every if at not in near], max(0, FEW - len(near)))
