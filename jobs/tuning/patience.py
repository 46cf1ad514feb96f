"""Asking again: what may help once the service is less busy or reachable, as long as there is time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type

from jobs.errors import DeadlinePassed, Unavailable
from jobs.ports import Clock

T = TypeVar("T")


def pause_after(error: Unavailable, attempts: int) -> float:
    """Seconds to wait after the ``attempts``-th failure in a row: the service's wish, else 2, 4, 8 … 60."""
    if error.retry_after is not None:
        return error.retry_after
    return min(60.0, 2.0**attempts)


@dataclass(frozen=True)
class Patience:
    """Calls that are safe to repeat, repeated while they fail with ``Unavailable``, until ``deadline``.

    tell    is told of each failure and of the seconds until the next attempt
    """

    clock: Clock
    deadline: datetime
    tell: Callable[[Unavailable, float], None]

    def within(self, limit: timedelta) -> Patience:
        """The same, but no longer than ``limit`` from now."""
        return Patience(self.clock, min(self.deadline, self.clock.now() + limit), self.tell)

    def __call__(self, call: Callable[[], T]) -> T:
        """What ``call`` returns. Raises the last ``Unavailable`` when time is up, and anything else at once."""
        return Retrying(
            retry=retry_if_exception_type(Unavailable),
            wait=self._pause,
            stop=lambda state: self.clock.now() + timedelta(seconds=self._pause(state)) > self.deadline,
            sleep=self.clock.sleep,
            before_sleep=self._say,
            reraise=True,
        )(call)

    def _pause(self, state: RetryCallState) -> float:
        return pause_after(_failure(state), state.attempt_number)

    def _say(self, state: RetryCallState) -> None:
        self.tell(_failure(state), self._pause(state))

    def expired(self, what: str) -> DeadlinePassed | None:
        """The error to raise where the deadline has passed."""
        return DeadlinePassed(what) if self.clock.now() >= self.deadline else None


def _failure(state: RetryCallState) -> Unavailable:
    error = state.outcome.exception() if state.outcome is not None else None
    return error if isinstance(error, Unavailable) else Unavailable("the service did not answer")
