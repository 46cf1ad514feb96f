"""How much of a dataset has been sent: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING

from jobs.cli.data.reading_bar import ReadingBar

if TYPE_CHECKING:
    from rich.console import Console

_SMALL = 4 * 1024 * 1024
"""Bytes of a dataset of which nothing is said while it is on its way."""
_SELDOM = 30.0
"""Seconds between two lines."""


class SendingBar(AbstractContextManager["SendingBar"]):
    """``what`` is said with each line, by ``say``. ``alive`` is told each time that more was sent, of any dataset.

    console   None: the terminal, where there is one
    now       a clock in seconds
    """

    def __init__(
        self,
        what: str,
        say: Callable[[str], None],
        alive: Callable[[], None],
        *,
        console: Console | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what, self._say, self._alive, self._now = what, say, alive, now
        self._bar = ReadingBar(console, now, what)
        self._said = now()

    def show(self, done: int, total: int) -> None:
        """So many bytes of all; called as often as somebody likes."""
        self._alive()
        if total < _SMALL:
            return
        self._bar.show(done, total)
        if not self._bar.has_terminal and self._now() - self._said >= _SELDOM:
            self._said = self._now()
            self._say(f"{self._what}: {done / 2**20:.0f} of {total / 2**20:.0f} MiB")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.__exit__(kind, error, trace)
