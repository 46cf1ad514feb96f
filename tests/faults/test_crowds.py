"""Many at once: operators and pipelines of one run, of different runs, and editors of the same file."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.faults.command import Mishap
from tests.faults.sampled import COMPLETE
from tests.faults.scene import RUN, Scene
from tests.faults.steps import SUBMITS

CROWDS = (2, 5, 20) if COMPLETE else (3,)


@pytest.mark.slow
@pytest.mark.parametrize("crowd", CROWDS)
def test_operators_of_one_run_pay_for_it_once_and_all_see_its_end(scene: Scene, crowd: int) -> None:
    numbers = [scene.start(*RUN, who=f"operator {each}") for each in range(crowd)]
    ends = [scene.operators.end_of(number) for number in numbers]

    assert [end.code for end in ends] == [0] * crowd, "\n".join(map(str, ends))
    assert scene.unlike_undisturbed(ends[0]) is None
    submitted = [end for end in ends if "submitted as" in end.out]
    assert len(submitted) == 1
    assert all(end.next_command == "pulumi up -s dev" for end in ends)


@pytest.mark.slow
@pytest.mark.parametrize("crowd", CROWDS)
def test_different_runs_side_by_side_are_recorded_each(scene: Scene, crowd: int) -> None:
    """More than the account trains at once wait for their turn; the stack file gets all of them."""
    models = [f"model-{each}" for each in range(1, crowd + 1)]
    numbers = [scene.start("run", model, "-s", "dev", "--yes", who=model) for model in models]
    ends = [scene.operators.end_of(number) for number in numbers]

    assert [end.code for end in ends] == [0] * crowd, "\n".join(map(str, ends))
    jobs = {job.id: job for job in scene.all_jobs}
    assert Counter(job.status for job in jobs.values()) == {"succeeded": crowd}
    recorded = [scene.releases(model).candidate for model in models]
    assert {record.job_id for record in recorded if record} == set(jobs)
    assert scene.stack_file.read_text().startswith(scene.untouched_file.read_text())


@pytest.mark.slow
def test_a_machine_that_slept_while_it_held_the_run_spends_nothing_when_it_wakes(scene: Scene) -> None:
    """It fell asleep right before it asked for the job; somebody else took the run over and submitted it."""
    steps = [step.what for step in scene.undisturbed.steps]
    submits = next(at for at, step in enumerate(steps) if step.endswith(SUBMITS))
    # Right before the journal is told that the job is asked for.
    slept = scene.start(*RUN, mishaps=[Mishap(submits - 2, "asleep", 3600.0)], who="Ada")
    other = scene.start(*RUN, mishaps=[Mishap(0, "asleep", 30.0)], who="Ben")
    ends = [scene.operators.end_of(number) for number in (slept, other)]

    assert [end.code for end in ends] == [0, 0], "\n".join(map(str, ends))
    assert "taken this run over" in ends[0].out, str(ends[0])
    assert scene.unlike_undisturbed(ends[0]) is None
