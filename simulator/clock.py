"""Simulated time: a clock that starts at a fixed moment, moved by hand or faster than the wall's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

AS_OF = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""Where simulated time starts unless told otherwise; the catalogue's dates are counted from here."""


class Clock:
    """The one simulated clock; TLS and tokens keep wall time and don't ask it.

    `rate` is simulated seconds per wall second; 0 means that only `advance` moves the clock.
    `step_on_poll` (only meaningful by hand) makes every hint to wait pass at once, so that a client which polls and
    obeys the hint finds the awaited moment come, and nobody sleeps.
    """

    def __init__(
        self,
        as_of: datetime = AS_OF,
        *,
        rate: float = 0.0,
        step_on_poll: bool = False,
        wall: Callable[[], float] = time.monotonic,
    ) -> None:
        if as_of.tzinfo is None:
            raise ValueError("as_of needs a time zone")
        if rate < 0:
            raise ValueError("rate is 0 (by hand) or more")
        self.rate = rate
        self.step_on_poll = step_on_poll
        self._wall = wall
        self._moment = as_of.astimezone(UTC)
        self._read_at = wall()
        # Tests advance the clock from their own thread while handlers read it on the server's.
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The simulated moment, in UTC."""
        with self._lock:
            return self._settle()

    def wall(self) -> datetime:
        """What time it is for those who call, who don't live by this clock: the machine's."""
        return datetime.now(UTC)

    def timestamp(self) -> int:
        """The simulated moment in whole seconds since 1970."""
        return int(self.now().timestamp())

    def advance(self, seconds: float) -> None:
        """Moves the clock forward by simulated seconds; time never goes back, nor beyond the calendar's end."""
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"a clock advances by 0 seconds or more, not by {seconds}")
        with self._lock:
            try:
                self._moment = self._settle() + timedelta(seconds=seconds)
            except OverflowError as problem:
                raise ValueError(f"no calendar reaches {seconds:g} seconds further") from problem

    def wait_hint(self, seconds: float) -> float:
        """What so many simulated seconds are on the caller's own clock, for Retry-After and other poll hints.

        By hand that is 0.0; with `step_on_poll` the clock is advanced by them first.
        """
        if self.rate > 0:
            return seconds / self.rate
        if self.step_on_poll:
            self.advance(seconds)
        return 0.0

    def _settle(self) -> datetime:
        wall = self._wall()
        if self.rate > 0:
            self._moment += timedelta(seconds=(wall - self._read_at) * self.rate)
        self._read_at = wall
        return self._moment
