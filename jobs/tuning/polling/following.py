"""What a job says, each event once, oldest first; to the end, if that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from jobs.errors import DeadlinePassed, Unavailable
from jobs.ports import Event, FineTuning, Job
from jobs.tuning.patience import ANSWERING, Patience, pause_after
from jobs.tuning.polling.pace import Pace

MOST = 10_000
"""So many events are read of a job at the most: a hundred pages."""
_NEW = 100


def everything(job_id: str, service: FineTuning, patience: Patience) -> list[Event]:
    """The newest ``MOST`` events, oldest first; those of one moment in the order of the service."""
    return patience.within(ANSWERING)(partial(service.events, job_id, MOST))[::-1]


@dataclass
class Following:
    """A job's events as they come. ``job`` is how it was seen last."""

    job: Job
    service: FineTuning
    patience: Patience
    _told: set[str] = field(default_factory=set, init=False)

    def looks(self) -> Iterator[list[Event]]:
        """What each look finds that is new, oldest first; until the job has ended. One that is paused may go on, and is
        waited for.

        What may pass is waited out. Raises DeadlinePassed: the run itself goes on.
        """
        clock = self.patience.clock
        pace, failures = Pace(clock.now()), 0
        while True:
            try:
                # What a job says at its end is there once it says that it has ended.
                self.job = self.service.job(self.job.id)
                yield self._new()
                failures = 0
                pace = pace.after(self.job, clock.now())
                wait = pace.wait
            except Unavailable as error:
                failures += 1
                wait = pause_after(error, failures)
                self.patience.tell(error, wait)
            if failures == 0 and self.job.status.ended:
                return
            left = (self.patience.deadline - clock.now()).total_seconds()
            if left <= 0:
                what = f"the deadline has passed, and the run has not ended; it is {self.job.status}"
                raise DeadlinePassed(what, run=self.job.id)
            clock.sleep(min(wait, left))

    def _new(self) -> list[Event]:
        """Those that were not told yet; the newest are asked for, and all where none of these is known."""
        found = self.service.events(self.job.id, _NEW)
        if len(found) >= _NEW and all(event.id not in self._told for event in found):
            found = self.service.events(self.job.id, MOST)
        new = [event for event in reversed(found) if event.id not in self._told]
        self._told |= {event.id for event in new}
        return new
