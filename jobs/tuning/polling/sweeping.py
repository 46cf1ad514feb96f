"""Carrying a sweep through: its runs are submitted in the order of the grid as the account has room, and watched.

Nothing is kept here: each point's job is found in the account by its suffix, so a sweep that was interrupted goes on
where it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from jobs.errors import ServiceRefused
from jobs.ports import Clock, FineTuning, Job, JobState
from jobs.tuning.curves.results import Results, read_results
from jobs.tuning.patience import ANSWERING, Patience
from jobs.tuning.polling.side_by_side import Entry, Look, SideBySide
from jobs.tuning.run import FileIds, newest_usable
from jobs.tuning.sweep import Point, Trained


@dataclass(frozen=True)
class Standing:
    """A point, and how far it is. ``job`` is None until it is submitted; ``preempted``: it is paused, and goes on by
    itself."""

    point: Point
    job: Job | None = None
    preempted: bool = False

    @property
    def over(self) -> bool:
        """Whether waiting for it changes nothing: it has ended, or waits for a person."""
        waits = self.job is not None and self.job.status.state is JobState.PAUSED and not self.preempted
        return waits or (self.job is not None and self.job.status.ended)

    @property
    def busy(self) -> bool:
        return self.job is not None and not self.over


def jobs_of(grid: Sequence[Point], service: FineTuning, ids: FileIds, patience: Patience) -> dict[int, Job]:
    """The newest usable job of each point that has one; by the point's number."""
    jobs = patience.within(ANSWERING)(lambda: list(service.jobs()))
    found = {point.number: newest_usable(job for job in jobs if point.run.is_job(job, ids)) for point in grid}
    return {number: job for number, job in found.items() if job is not None}


@dataclass
class Sweeping:
    """``submit`` creates a point's job, once; ``known`` are the jobs that there are already, by number. ``ids``: the
    account's files with the data, by which a job is known where the service tells no suffix; it may be told anew."""

    grid: Sequence[Point]
    known: Mapping[int, Job]
    service: FineTuning
    clock: Clock
    deadline: datetime
    submit: Callable[[Point], Job]
    examples: int | None = None
    ids: FileIds = field(default_factory=FileIds)
    _runs: SideBySide = field(init=False)

    def __post_init__(self) -> None:
        by_name = {str(point.number): point for point in self.grid}

        def entry(name: str, point: Point) -> Entry:
            job = self.known.get(point.number)
            return Entry(name, point.words, point.run, self.service, job, self.examples, lambda: self.ids)

        entries = [entry(name, point) for name, point in by_name.items()]
        self._runs = SideBySide(entries, self.clock, self.deadline, lambda each: self.submit(by_name[each.name]))

    @property
    def standings(self) -> tuple[Standing, ...]:
        runs = zip(self.grid, self._runs.standings, strict=True)
        return tuple(Standing(point, each.job, each.preempted) for point, each in runs)

    def looks(self) -> Iterator[Look]:
        """Until every point is over. Raises DeadlinePassed, and what ``submit`` raises: the runs go on then."""
        return self._runs.looks()


def measured(point: Point, job: Job, service: FineTuning, patience: Patience) -> Trained:
    """What the validation of a job that has succeeded came to: of its results file, else of its last checkpoint."""
    asking = patience.within(ANSWERING)
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
