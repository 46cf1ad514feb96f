"""Time for several processes: it stands still while one of them works, and goes on to the next that wakes.

Whoever sleeps sleeps until the simulated moment comes; nobody sleeps on the machine's clock. So twenty operators who
wait for each other for hours take as long as what they do in between, and a wait is as long as it was asked to be.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from simulator.clock import Clock

LINGER = 1.0


class HandClock(Clock):
    """Moved by hand, by those who wait: who is told to wait for so many seconds is told so, and lives by this clock."""

    def wall(self) -> datetime:
        return self.now()

    def wait_hint(self, seconds: float) -> float:
        return seconds


class Time:
    """Answers, at a socket, what time it is and when somebody has slept. `clock` gives the simulator's clock."""

    def __init__(self, path: Path, clock: Callable[[], Clock]) -> None:
        self.path = path
        self._clock = clock
        self._changed = threading.Condition()
        self._wakes: dict[int, float | None] = {}
        self._server = socket.socket(socket.AF_UNIX)
        self.lingers: Callable[[], bool] = lambda: False
        """Whether the machine's time has to pass before anybody sleeps: for a request that is still under way there."""
        self.slept: list[tuple[int, float]] = []

    def __enter__(self) -> Self:
        self._server.bind(str(self.path))
        self._server.listen(64)
        threading.Thread(target=self._serve, name="time", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    def expect(self, number: int) -> None:
        """A process is about to begin: time stands still until it sleeps or is gone."""
        with self._changed:
            self._wakes[number] = None

    def gone(self, number: int) -> None:
        with self._changed:
            self._wakes.pop(number, None)
            self._go_on()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), name="time", daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        number = -1
        with connection, connection.makefile("r") as asked, suppress(OSError, ValueError):
            for line in asked:
                verb, _, rest = line.strip().partition(" ")
                answer = ""
                if verb == "here":
                    number = int(rest)
                elif verb == "now":
                    answer = repr(self._clock().now().timestamp())
                elif verb == "sleep":
                    self._sleep(number, float(rest))
                connection.sendall(f"{answer}\n".encode())

    def _sleep(self, number: int, seconds: float) -> None:
        if self.lingers():
            self.lingers = lambda: False
            time.sleep(LINGER)
        with self._changed:
            self.slept.append((number, seconds))
            wake = self._now() + seconds
            self._wakes[number] = wake
            self._go_on()
            while self._wakes.get(number) is not None:
                self._changed.wait()

    def _go_on(self) -> None:
        """Where everybody sleeps, until the first one wakes."""
        sleeping = [wake for wake in self._wakes.values() if wake is not None]
        if sleeping and len(sleeping) == len(self._wakes):
            first = min(sleeping)
            # A moment has microseconds: a wake is never missed by a rounding.
            self._clock().advance(max(0.0, first - self._now()))
            for number, wake in self._wakes.items():
                if wake is not None and wake <= first:
                    self._wakes[number] = None
        self._changed.notify_all()

    def _now(self) -> float:
        return self._clock().now().timestamp()
