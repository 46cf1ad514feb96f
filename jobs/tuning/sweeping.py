"""Carrying a sweep through: its runs are submitted in the order of the grid as the account has room, and watched.

Nothing is kept here: each point's job is found in the account by its suffix, so a sweep that was interrupted goes on
where it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from contract.release import TrainingType
from jobs.errors import CloudFailed, DeadlinePassed, ServiceRefused, Unavailable
from jobs.ports import Clock, FineTuning, Job, JobState
from jobs.tuning.patience import Patience, pause_after
from jobs.tuning.results import Results, read_results
from jobs.tuning.run import FileIds, newest_usable
from jobs.tuning.sweep import Point, Trained
from jobs.tuning.watching import Curve, read_curve, total_steps

AT_ONCE: Mapping[TrainingType, int] = {"Standard": 3, "GlobalStandard": 3, "Developer": 5}
"""Jobs of an account that run at once; Standard and Global ones together (azure-ai-docs, quotas-limits, 2026-03)."""
_POLL, _LONGEST = 15.0, 300.0
"""Seconds between two looks where the service wishes nothing else, and at most where it does."""
_EVENTS = 20
_ANSWERING = timedelta(minutes=5)
_FULL = ("quotaexceeded", "toomanyrequests")


@dataclass(frozen=True)
class Standing:
    """A point, and how far it is. ``job`` is None until it is submitted."""

    point: Point
    job: Job | None = None
    curve: Curve = field(default_factory=Curve)

    @property
    def over(self) -> bool:
        """Whether waiting for it changes nothing: it has ended, or waits for a person."""
        return self.job is not None and (self.job.status.ended or self.job.status.state is JobState.PAUSED)

    @property
    def busy(self) -> bool:
        return self.job is not None and not self.over


@dataclass(frozen=True)
class Look:
    """One look at all points, in the order of the grid.

    trouble    why something could not be asked; it is asked again
    full       the account has no room for the next point
    wait       seconds until the next look; 0 at the end
    """

    standings: tuple[Standing, ...]
    elapsed: timedelta
    trouble: Unavailable | None = None
    full: bool = False
    wait: float = 0.0


def jobs_of(grid: Sequence[Point], service: FineTuning, ids: FileIds, patience: Patience) -> dict[int, Job]:
    """The newest usable job of each point that has one; by the point's number."""
    return _found(grid, patience.within(_ANSWERING)(lambda: list(service.jobs())), ids)


def _found(grid: Sequence[Point], jobs: Sequence[Job], ids: FileIds) -> dict[int, Job]:
    found = {point.number: newest_usable(job for job in jobs if point.run.is_job(job, ids)) for point in grid}
    return {number: job for number, job in found.items() if job is not None}


@dataclass
class Sweeping:
    """``submit`` creates a point's job, once; ``known`` are the jobs that there are already, by number. ``ids``: the
    account's files with the data, by which a job is known where the service tells no suffix."""

    grid: Sequence[Point]
    known: Mapping[int, Job]
    service: FineTuning
    clock: Clock
    deadline: datetime
    submit: Callable[[Point], Job]
    examples: int | None = None
    ids: FileIds = field(default_factory=FileIds)
    _standings: dict[int, Standing] = field(default_factory=dict, init=False)
    _failures: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._standings = {point.number: Standing(point, self.known.get(point.number)) for point in self.grid}

    @property
    def standings(self) -> tuple[Standing, ...]:
        return tuple(self._standings.values())

    def looks(self) -> Iterator[Look]:
        """Until every point is over. Raises DeadlinePassed, and what ``submit`` raises: the runs go on then."""
        began = self.clock.now()
        while True:
            trouble, full = None, False
            try:
                full = self._submit()
                self._look()
                self._failures = 0
            except Unavailable as error:
                trouble, self._failures = error, self._failures + 1
            over = trouble is None and all(each.over for each in self.standings)
            wait = 0.0 if over else self._wait(trouble)
            yield Look(self.standings, self.clock.now() - began, trouble, full, wait)
            if over:
                return
            left = (self.deadline - self.clock.now()).total_seconds()
            if left <= 0:
                raise self._too_late()
            self.clock.sleep(min(wait, left))

    def _look(self) -> None:
        """At each job that is on its way; what an earlier one said stays where a later one can't be asked."""
        for number, standing in self._standings.items():
            if standing.job is None or not standing.busy:
                continue
            job, curve = self.service.job(standing.job.id), standing.curve
            if job.status.state not in (JobState.CREATED, JobState.PENDING, JobState.QUEUED):
                # How the training goes is only shown.
                with suppress(CloudFailed):
                    curve = read_curve(self.service.events(job.id, _EVENTS), curve)
            curve = replace(curve, total=curve.total or total_steps(job, self.examples))
            self._standings[number] = Standing(standing.point, job, curve)

    def _submit(self) -> bool:
        """The next points, as long as there is room; whether it ended for want of room.

        What somebody else has submitted meanwhile is taken up: it would be paid for twice.
        """
        waiting = self._waiting()
        if not waiting:
            return False
        jobs = list(self.service.jobs())
        for number, job in _found(waiting, jobs, self.ids).items():
            self._standings[number] = replace(self._standings[number], job=job)
        room = self._room(jobs)
        for point in self._waiting():
            if room <= 0:
                return True
            try:
                job = self.submit(point)
            except ServiceRefused as refused:
                # Somebody else was faster: as long as a run of ours is on its way, there will be room again.
                if (refused.code or "").lower() in _FULL and any(each.busy for each in self.standings):
                    return True
                raise
            self._standings[point.number] = Standing(point, job)
            room -= 1
        return False

    def _waiting(self) -> list[Point]:
        return [each.point for each in self.standings if each.job is None]

    def _room(self, jobs: Sequence[Job]) -> int:
        """How many more jobs may be on their way, of whomever: what only waits would keep others waiting behind it."""
        training_type = self.grid[0].run.spec.training_type
        on_their_way = [job for job in jobs if not job.status.ended]
        alike = [job for job in on_their_way if _alike(job.training_type, training_type)]
        return AT_ONCE[training_type] - sum(job.status.state is not JobState.PAUSED for job in alike)

    def _wait(self, trouble: Unavailable | None) -> float:
        if trouble is not None:
            return min(_LONGEST, pause_after(trouble, self._failures))
        busy = [each.job for each in self.standings if each.job is not None and each.busy]
        return min(_LONGEST, min((job.next_poll for job in busy if job.next_poll is not None), default=_POLL))

    def _too_late(self) -> DeadlinePassed:
        left = sum(not each.over for each in self.standings)
        return DeadlinePassed(
            f"the deadline has passed, and {left} of the sweep's {len(self.grid)} runs have not ended",
            details=["Those that were submitted go on, and cost what they cost."],
        )


def _alike(told: str | None, wanted: TrainingType) -> bool:
    """Whether a job of that training type, as the service tells it, takes room from ours. Unless it says, it does."""
    return told is None or told.lower().startswith("developer") == (wanted == "Developer")


def measured(point: Point, job: Job, service: FineTuning, patience: Patience) -> Trained:
    """What the validation of a job that has succeeded came to: of its results file, else of its last checkpoint."""
    asking = patience.within(_ANSWERING)
    # One that had ended before was seen in a list, which need not tell everything.
    job = asking(partial(service.job, job.id))
    for file_id in job.result_files:
        with suppress(ServiceRefused):
            results = read_results(asking(partial(service.content, file_id)))
            if results.last:
                return Trained(point, job, results)
    with suppress(ServiceRefused):
        checkpoints = asking(partial(service.checkpoints, job.id))
        if checkpoints:
            return Trained(point, job, Results.of(checkpoints[-1].metrics))
    return Trained(point, job, Results({}))
