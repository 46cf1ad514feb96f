"""`jobs sweep`: the runs of a small grid, the best of them recorded.

Every step may be interrupted: the same command finds the runs that there are, and goes on from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import typer

from contract.release import ReleaseRecord
from jobs.cli.asked import Asked
from jobs.cli.outcomes import INTERRUPTED, complain
from jobs.cli.surroundings import surroundings
from jobs.cli.training import spending
from jobs.cli.training.candidate import look_ahead, record_candidate, record_of, say_recorded
from jobs.cli.training.course import Course, prepare, refuse_untrainable
from jobs.cli.training.journalling import (
    estimate_of,
    intended,
    known_jobs,
    known_journal,
    refuse_missing,
    see,
    submitted,
)
from jobs.cli.training.sending import Sent, look_at_the_grader, send_datasets
from jobs.cli.training.sweep_display import follow, ranking_lines
from jobs.errors import JobsError, NotAgain, Refused, RunFailed, RunPaused
from jobs.planning import grid as costs
from jobs.planning.plan import Plan
from jobs.ports import Job, JobRequest, JobState, StoredFile
from jobs.releases.pointers import is_superseded
from jobs.tuning import submission
from jobs.tuning.files import upload
from jobs.tuning.journals.journal import Swept
from jobs.tuning.journals.keeping import Keeper
from jobs.tuning.polling import sweeping
from jobs.tuning.polling.sweeping import Standing, Sweeping
from jobs.tuning.recording import timestamp
from jobs.tuning.run import FileIds, newest_usable
from jobs.tuning.sweep import Point, Ranked, Trained, pointed_at, points, ranked, recorded, swept


@dataclass(frozen=True)
class Grid:
    """The sweep that is wanted. ``jobs``: what there is of it in the account, by the point's number; ``before``: what
    came of points that have no such job."""

    points: tuple[Point, ...]
    jobs: Mapping[int, Job]
    picked: Point | None
    before: Mapping[int, tuple[str, ...]]

    @property
    def missing(self) -> list[Point]:
        return [point for point in self.points if point.number not in self.jobs]


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
    return _record(course, grid, standings)


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
        if _is_wanted_back(grid, record):
            return None
        raise _put_aside(grid, record)
    say_recorded(course, role, record)
    return record


def _is_wanted_back(grid: Grid, record: ReleaseRecord) -> bool:
    """Whether it was picked, and only displaced before: two candidates are compared by trying each."""
    return grid.picked is not None and is_superseded(record)


def _put_aside(grid: Grid, record: ReleaseRecord) -> NotAgain:
    gone = record.withdrawal
    why = f"{gone.kind} by {gone.by}" if gone is not None else "live until another was released"
    others = [
        f"{point.number} ({point.words}): {grid.jobs[point.number].id}"
        for point in grid.points
        if point.number in grid.jobs and grid.jobs[point.number].id != record.job_id
    ]
    return NotAgain(
        f"this sweep is done: {record.model_id} was {why}",
        details=["Another of its runs can be taken, by number, suffix or job, with --pick:", *others],
    )


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
            f"\njobs: interrupted; {_count(going, 'goes', 'go')} on",
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


def _record(course: Course, grid: Grid, standings: tuple[Standing, ...]) -> ReleaseRecord:
    """The winner, or the run that was picked, as candidate."""
    for each in standings:
        if each.job is not None:
            see(course, each.point.run.key, each.job)
    _say_ended_badly(course, standings)
    ranking = _ranked(course, standings)
    for line in ranking_lines(ranking, grid.points):
        course.say(line)
    if len(ranking.order) > 1:
        done = [_compared(course, each) for each in ranking.order]
        if (together := spending.together(done)) is not None:
            course.say(together)
    chosen = _chosen(course, grid, ranking, standings)
    before = submission.recorded(chosen.point.run, course.releases())
    if before is not None and before[0] == "previous" and not _is_wanted_back(grid, before[1]):
        raise _put_aside(grid, before[1])
    of_point = replace(course, run=chosen.point.run)
    said = swept(chosen, ranking, grid.points, picked=grid.picked is not None, at=timestamp(course.around.clock.now()))
    record = record_of(of_point, chosen.job).model_copy(update={"sweep": said})
    then = ("--pick", chosen.point.run.suffix) if grid.picked is not None else ()
    again = course.asked.command("sweep", course.model, *then)
    record_candidate(of_point, record, again, picked=grid.picked is not None)
    return record


def _compared(course: Course, trained: Trained) -> spending.Comparison:
    run, job = trained.point.run, trained.job
    intent = intended(course, run, estimated=estimate_of(course, run.key, job)).intent
    return spending.compared(run.key, intent, job, course.outputs, blobs=course.runs, patience=course.patience)


def _ranked(course: Course, standings: tuple[Standing, ...]) -> Ranked:
    trained = [
        sweeping.measured(each.point, each.job, course.service, course.patience)
        for each in standings
        if each.job is not None and each.job.status.state is JobState.SUCCEEDED
    ]
    return ranked(trained, course.run.spec.method)


def _say_ended_badly(course: Course, standings: tuple[Standing, ...]) -> None:
    for each in standings:
        if each.job is not None and each.over and each.job.status.state is not JobState.SUCCEEDED:
            why = f": {each.job.error.message}" if each.job.error is not None else ""
            course.say(f"point {each.point.number} ({each.point.words}) is {each.job.status}{why} · {each.job.id}")


def _chosen(course: Course, grid: Grid, ranking: Ranked, standings: tuple[Standing, ...]) -> Trained:
    """Raises RunFailed, RunPaused, or Refused where nothing tells which is best."""
    command = course.asked.command("sweep", course.model)
    if grid.picked is not None:
        found = next((each for each in ranking.order if each.point == grid.picked), None)
        if found is not None:
            return found
    paused = [each.job.id for each in standings if each.job and each.job.status.state is JobState.PAUSED]
    if paused:
        raise RunPaused(
            f"{_count(len(paused), 'is paused and waits', 'are paused and wait')}: {', '.join(paused)}",
            details=["Resume or cancel them; or take another run with --pick."],
            next_command=course.asked.command("resume", paused[0]),
        )
    if grid.picked is not None:
        raise RunFailed(f"point {grid.picked.number} has made no model", next_command=command)
    if not ranking.order:
        raise RunFailed("none of the sweep's runs has made a model", next_command=command)
    if ranking.measure is None:
        raise Refused(
            "the service tells no validation loss of any run: nothing says which is best",
            next_command=course.asked.command("sweep", course.model, "--pick", ranking.order[0].point.run.suffix),
        )
    return ranking.order[0]


def _count(runs: int, one: str, more: str) -> str:
    return f"{runs} of the sweep's runs {one if runs == 1 else more}"


def _again(course: Course, wish: Wish) -> str:
    return course.asked.command("sweep", course.model, *wish.again)
