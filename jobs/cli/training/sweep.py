"""`jobs sweep`: the runs of a small grid, the best of them recorded.

Every step may be interrupted: the same command finds the runs that there are, and goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import typer

from contract.release import ReleaseRecord
from jobs.cli.asked import Asked
from jobs.cli.outcomes import INTERRUPTED, complain
from jobs.cli.surroundings import surroundings
from jobs.cli.training import spending
from jobs.cli.training.candidate import look_ahead, say_recorded
from jobs.cli.training.course import Course, prepare, refuse_untrainable
from jobs.cli.training.grid import Grid, count
from jobs.cli.training.journalling import (
    intended,
    known_jobs,
    known_journal,
    refuse_missing,
    submitted,
)
from jobs.cli.training.sending import Sent, look_at_the_grader, send_datasets
from jobs.cli.training.sweep_display import follow
from jobs.cli.training.winner import record_winner
from jobs.errors import JobsError, Refused
from jobs.planning import grid as costs
from jobs.planning.plan import Plan
from jobs.ports import Job, JobRequest, JobState, StoredFile
from jobs.tuning import submission
from jobs.tuning.files import upload
from jobs.tuning.journals.journal import Swept
from jobs.tuning.journals.keeping import Keeper
from jobs.tuning.polling import sweeping
from jobs.tuning.polling.sweeping import Standing, Sweeping
from jobs.tuning.run import FileIds, newest_usable
from jobs.tuning.sweep import Point, pointed_at, points, recorded


@dataclass(frozen=True)
class Wish:
    """What `sweep` was told; ``again`` as in `run`."""

    yes: bool
    pick: str | None
    again: tuple[str, ...]


def sweep_model(model: str, asked: Asked, deadline: timedelta, wish: Wish) -> ReleaseRecord:
    """Trains what is missing of the grid, once that is agreed to; records the best, or the one that is picked."""
    with surroundings(asked) as around:
        course = prepare(model, around, asked, deadline)
        refuse_untrainable(course)
        return _sweep(course, wish)


def _sweep(course: Course, wish: Wish) -> ReleaseRecord:
    runs = _points(course, wish)
    files = upload.stored_files(course.service, course.patience)
    jobs = sweeping.jobs_of(runs, course.service, upload.file_ids(course.run, files), course.patience)
    before = _known_besides(course, runs, jobs)
    picked = pointed_at(wish.pick, runs, jobs) if wish.pick is not None else None
    grid = Grid(runs, jobs, picked, before)
    stands = _standing(course, grid)
    if stands is not None:
        return stands
    if picked is not None and picked.number in jobs and jobs[picked.number].status.state is JobState.SUCCEEDED:
        standings = tuple(Standing(point, jobs.get(point.number)) for point in runs)
    else:
        standings = _carried_through(course, grid, files, wish)
    return record_winner(course, grid, standings)


def _known_besides(course: Course, runs: tuple[Point, ...], jobs: dict[int, Job]) -> dict[int, tuple[str, ...]]:
    """Jobs that the points' journals have and the account doesn't list, yet or any more: usable ones go into ``jobs``;
    those of points without any, by number."""
    besides: dict[int, tuple[str, ...]] = {}
    for point in runs:
        if point.number not in jobs:
            journal = known_journal(course, point.run)
            found = submission.jobs_with(course.service, known_jobs(journal), course.patience)
            refuse_missing(course.asked, journal, found)
            job = newest_usable(found)
            if job is not None:
                jobs[point.number] = job
            besides[point.number] = known_jobs(journal)
    return besides


def _points(course: Course, wish: Wish) -> tuple[Point, ...]:
    """Raises Refused where there is no grid, or nothing to rank it by."""
    runs = points(course.run)
    if not runs:
        raise Refused(
            f"{course.folder.tune_yaml} has no sweep",
            details=["It lists what is to be tried:", "sweep: {epochs: [1, 2, 3], learningRateMultiplier: [0.5, 1]}"],
        )
    if course.folder.validation is None and wish.pick is None:
        raise Refused(
            f"{course.folder.tune_yaml} names no data.validation: there is nothing to rank the runs by",
            details=[
                "Hold some of the examples back as a validation file; or say now which run is to be taken, --pick:",
                *(f"{point.number} ({point.words}): {point.run.suffix}" for point in runs),
            ],
        )
    return runs


def _standing(course: Course, grid: Grid) -> ReleaseRecord | None:
    """The sweep's result, where it is recorded: there is nothing to do then. Raises NotAgain where it was put aside."""
    if grid.picked is not None:
        found = submission.recorded(grid.picked.run, course.releases())
    else:
        found = recorded(grid.points, course.releases())
    if found is None:
        return None
    role, record = found
    if role == "previous":
        if grid.is_wanted_back(record):
            return None
        raise grid.put_aside(record)
    say_recorded(course, role, record)
    return record


def _carried_through(course: Course, grid: Grid, files: list[StoredFile], wish: Wish) -> tuple[Standing, ...]:
    """Every point, once all are over."""
    plans: dict[int, Plan] = {}
    if grid.missing:
        plans = _agreed(course, grid, wish)
        look_at_the_grader(course)
    sent: list[Sent] = []

    def submit(point: Point) -> Job:
        def send(held: Course, keeper: Keeper) -> tuple[JobRequest, FileIds]:
            # All points have the same data.
            if not sent:
                sent.append(send_datasets(held, files, keeper))
                sweep.ids = sent[0].ids
            spending.keep(plans[point.number], held.runs, held.patience)
            return point.run.request(sent[0].training, sent[0].validation), sent[0].ids

        swept = Swept(point=point.number, points=len(grid.points), tried=dict(point.tried))
        estimated = spending.estimate(plans[point.number])
        attempt = intended(course, point.run, before=grid.before[point.number], estimated=estimated, swept=swept)
        job, created = submitted(course, point.run, attempt, send)
        done = f"submitted as {job.id}" if created else f"is there meanwhile as {job.id}"
        course.say(f"point {point.number} ({point.words}) {done}")
        return job

    sweep = Sweeping(
        grid.points,
        grid.jobs,
        course.service,
        course.around.clock,
        course.patience.deadline,
        submit,
        examples=course.checked.training_examples,
        ids=upload.file_ids(course.run, files),
    )
    try:
        follow(course.model, sweep.looks())
    except KeyboardInterrupt:
        going = sum(each.busy for each in sweep.standings)
        complain(
            f"\njobs: interrupted; {count(going, 'goes', 'go')} on",
            _again(course, wish),
        )
        raise typer.Exit(INTERRUPTED) from None
    except JobsError as error:
        raise error.located(next_command=_again(course, wish)) from None
    return sweep.standings


def _agreed(course: Course, grid: Grid, wish: Wish) -> dict[int, Plan]:
    """The plans of all points, by number, once somebody has agreed to the cost of those that are missing."""
    plans = dict(
        zip((point.number for point in grid.points), course.plans([each.run for each in grid.points]), strict=True)
    )
    missing = [plans[point.number] for point in grid.missing]
    course.say(f"a sweep of {len(grid.points)} runs, {course.run.spec.training_type} training")
    for point in grid.points:
        job = grid.jobs.get(point.number)
        there = f"; {job.id} does the same ({job.status})" if job is not None else ""
        course.say(f"  {point.number}  {point.words}: {plans[point.number].training.cost_words}{there}")
    everything = tuple(plans.values())
    for words in dict.fromkeys(
        each.words for plan in everything for each in plan.statements if each.severity == "warning"
    ):
        course.say(f"mind: {words}")
    for key in sorted({key for plan in everything for key in plan.training.cost.missing}):
        course.say(f"the price is not known: tuned-models:prices.{key} in the stack file says it")
    amount = costs.cost_words(missing)
    course.say(f"in all {costs.cost_words(everything)}; {len(missing)} to train now: {amount}")
    spending.refuse(costs.refusals(everything), f"the sweep of {course.model} cannot be carried through")
    look_ahead(course.around.stack)
    spending.agree(amount, course.asked.command("sweep", course.model, *wish.again, "--yes"), yes=wish.yes)
    return plans


def _again(course: Course, wish: Wish) -> str:
    return course.asked.command("sweep", course.model, *wish.again)
