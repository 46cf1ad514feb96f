"""The grid of a sweep, and what there is of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.release import ReleaseRecord
from jobs.errors import NotAgain
from jobs.ports import Job
from jobs.releases.pointers import is_superseded
from jobs.tuning.sweep import Point


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

    def is_wanted_back(self, record: ReleaseRecord) -> bool:
        """Whether it was picked, and only displaced before: two candidates are compared by trying each."""
        return self.picked is not None and is_superseded(record)

    def put_aside(self, record: ReleaseRecord) -> NotAgain:
        """Why the sweep is not done again, though ``record``, its result, is not served."""
        gone = record.withdrawal
        why = f"{gone.words} by {gone.by}" if gone is not None else "live until another was released"
        others = [
            f"{point.number} ({point.words}): {self.jobs[point.number].id}"
            for point in self.points
            if point.number in self.jobs and self.jobs[point.number].id != record.job_id
        ]
        return NotAgain(
            f"this sweep is done: {record.model_id} was {why}",
            details=["Another of its runs can be taken, by number, suffix or job, with --pick:", *others],
        )


def count(runs: int, one: str, more: str) -> str:
    """``3 of the sweep's runs``, and what they do."""
    return f"{runs} of the sweep's runs {one if runs == 1 else more}"
