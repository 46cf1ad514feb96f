"""When a job is asked about next: a pure schedule, a job at a time.

The end of a job is noticed within a minute, whatever the service says or leaves out. Its hints are followed within
that; Azure is not known to send any. While a job waits for its turn, and while its end is far, it is asked about as
seldom as that allows; after a change of status, and about when the service says it will be done, more often.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.ports import Job, JobState

WAITING = frozenset({JobState.CREATED, JobState.VALIDATING_FILES, JobState.PENDING, JobState.QUEUED})
"""A job in one of these hasn't begun to train."""
FIRST = 10.0
NEAR = 15.0
LONGEST = 55.0
"""Seconds between two looks: after a change, about when the end is expected, and at most. A look takes time itself."""
_SLOWER = 1.25
_OVERDUE = timedelta(minutes=5)
"""How long an end that the service has promised is waited for closely: it may be wrong by hours."""
_TINY = 1.0
_TINY_HINTS = 1000
"""Hints of less than a second are followed so many times, then taken for none: nobody means them for hours."""
_EVENTS_EACH = 3
_ROUNDED = 0.001
"""Seconds: a moment has whole microseconds, a wait needn't."""


def followed(hint: float | None, own: float, tiny: int) -> tuple[float, int]:
    """Seconds to wait by the service's hint, within a minute, or ``own`` where there is none; and how many hints of
    less than a second were followed by then."""
    if hint is None or (hint < _TINY and tiny >= _TINY_HINTS):
        return own, tiny
    return min(LONGEST, hint), tiny + (hint < _TINY)


@dataclass(frozen=True)
class Pace:
    """How a job is asked about.

    wait     seconds from the last look to the next one
    due      when that is; now, before the first look
    looks    how many have shown this state before the last one
    own      what ``wait`` would be without the service's hints
    tiny     how many hints of less than a second were followed
    """

    due: datetime
    state: JobState | None = None
    wait: float = 0.0
    looks: int = 0
    own: float = 0.0
    tiny: int = 0

    def after(self, job: Job, now: datetime) -> Pace:
        """The pace once the job was looked at, ``now``, and told what it tells."""
        changed = job.status.state is not self.state
        own = FIRST if changed else self._slower(job, now)
        wait, tiny = followed(job.next_poll, own, self.tiny)
        looks = 0 if changed else self.looks + 1
        return Pace(now + timedelta(seconds=wait), job.status.state, wait, looks, own, tiny)

    def left(self, now: datetime) -> float:
        """Seconds until the next look; none where the clock was put back to before the last one."""
        left = (self.due - now).total_seconds()
        return left if 0 < left < self.wait + _ROUNDED else 0.0

    @property
    def wants_events(self) -> bool:
        """Whether the last look was one of those after which the job's events are read too: how the training goes is
        only shown."""
        return self.state not in WAITING and self.looks % _EVENTS_EACH == 0

    def _slower(self, job: Job, now: datetime) -> float:
        if job.status.state in WAITING:
            return LONGEST
        own = min(LONGEST, self.own * _SLOWER)
        if job.estimated_finish is not None:
            left = job.estimated_finish - now
            if left > timedelta(0):
                # Shortly after it, if that is soon.
                return min(own, max(NEAR, left.total_seconds() + NEAR / 3))
            if left > -_OVERDUE:
                return min(own, NEAR)
        return own
