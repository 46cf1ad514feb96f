"""Asking again: what may help once the service is less busy or reachable, as long as there is time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type

from jobs.errors import DeadlinePassed, Unavailable, Unsettled
from jobs.ports import Clock

T = TypeVar("T")
ANSWERING = timedelta(minutes=5)
"""How long a service that does not answer is asked again, where nothing else says how long."""
LISTED = timedelta(minutes=5)
"""How long after a request whose answer was lost what came of it may still be missing in the account's lists. No page
says how long that takes; a minute more costs nothing, a second job does."""
LONGEST = 3600.0
"""Seconds that a service's wish is followed for, at most: one that names days is wrong, or down."""
_LOOK = 10.0
_LEAST = 1.0
_ROUNDS = 6


def pause_after(error: Unavailable, attempts: int) -> float:
    """Seconds to wait after the ``attempts``-th failure in a row: the service's wish, else 2, 4, 8 … 60.

    A wish is followed up to an hour; one for less than a second not for ever.
    """
    if error.retry_after is not None:
        return min(LONGEST, max(error.retry_after, min(_LEAST, attempts / 10)))
    return min(60.0, 2.0 ** min(attempts, _ROUNDS))


def again_after(error: Unsettled, least: timedelta) -> timedelta:
    """How long after it a request whose answer was lost may be made again: not before the service wishes, either."""
    return max(least, timedelta(seconds=min(LONGEST, error.retry_after or 0.0)))


@dataclass(frozen=True)
class Patience:
    """Calls that are safe to repeat, repeated while they fail with ``Unavailable``, until ``deadline``.

    tell    is told of each failure and of the seconds until the next attempt
    latest  until when a service is waited for that says itself when to ask again; the deadline unless given
    """

    clock: Clock
    deadline: datetime
    tell: Callable[[Unavailable, float], None]
    latest: datetime | None = None

    def within(self, limit: timedelta) -> Patience:
        """The same, but no longer than ``limit`` from now; an hour where the service says when to ask again."""
        now = self.clock.now()
        latest = min(self.latest or self.deadline, now + max(limit, timedelta(seconds=LONGEST)))
        return Patience(self.clock, min(self.deadline, now + limit), self.tell, latest)

    def __call__(self, call: Callable[[], T]) -> T:
        """What ``call`` returns. Raises the last ``Unavailable`` when time is up, and anything else at once."""
        return Retrying(
            retry=retry_if_exception_type(Unavailable),
            wait=self._pause,
            stop=self._gives_up,
            sleep=self.clock.sleep,
            before_sleep=self._say,
            reraise=True,
        )(call)

    def look_for(
        self, look: Callable[[], T | None], until: datetime, *, unknown: str, tell: Callable[[], None]
    ) -> T | None:
        """What ``look`` finds, asked every ten seconds until there is something or that moment has come.

        ``unknown``: what is not known where the deadline comes first (DeadlinePassed); ``tell``: is told once that this
        takes time.
        """
        told = False
        while True:
            there = look()
            if there is not None or self.clock.now() >= until:
                return there
            if self.clock.now() >= self.deadline:
                raise DeadlinePassed(f"the deadline has passed, and {unknown} is not known yet")
            if not told:
                told = True
                tell()
            self.clock.sleep(_LOOK)

    def _pause(self, state: RetryCallState) -> float:
        return pause_after(_failure(state), state.attempt_number)

    def _gives_up(self, state: RetryCallState) -> bool:
        error = _failure(state)
        until = self.deadline if error.retry_after is None else self.latest or self.deadline
        over = self.clock.now() + timedelta(seconds=self._pause(state)) > until
        if over and state.attempt_number > 1:
            error.details += (f"It was asked {state.attempt_number} times, and there is no time left for another.",)
        return over

    def _say(self, state: RetryCallState) -> None:
        self.tell(_failure(state), self._pause(state))

    def expired(self, what: str) -> DeadlinePassed | None:
        """The error to raise where the deadline has passed."""
        return DeadlinePassed(what) if self.clock.now() >= self.deadline else None


def _failure(state: RetryCallState) -> Unavailable:
    error = state.outcome.exception() if state.outcome is not None else None
    return error if isinstance(error, Unavailable) else Unavailable("the service did not answer")
