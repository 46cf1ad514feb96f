"""How much of the data has been checked, or sent, on a terminal, where that takes over a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

_PATIENCE = 1.0
_BETWEEN = 0.1


class ReadingBar(AbstractContextManager["ReadingBar"]):
    """On standard error, and gone when all is read: what is found stands below what was typed.

    console   None: the terminal, where there is one
    now       a clock in seconds
    what      is being done
    """

    def __init__(
        self, console: Console | None = None, now: Callable[[], float] = time.monotonic, what: str = "checking"
    ) -> None:
        self._what = what
        self._console = console
        self._now = now
        self._started = self._drawn = now()
        self._bar: Progress | None = None

    @property
    def has_terminal(self) -> bool:
        return self._console is not None or sys.stderr.isatty()

    def show(self, done: int, total: int) -> None:
        """So many bytes of all; called as often as somebody likes."""
        now = self._now()
        if now - self._started < _PATIENCE or now - self._drawn < _BETWEEN:
            return
        if self._bar is None and self.has_terminal:
            self._bar = self._begun(total)
        if self._bar is not None:
            self._drawn = now
            self._bar.update(self._bar.task_ids[0], completed=done, total=total, refresh=True)

    def _begun(self, total: int) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

        # No thread of its own draws it: it is drawn when there is something to show.
        bar = Progress(
            self._what,
            BarColumn(),
            DownloadColumn(binary_units=True),
            TimeRemainingColumn(),
            console=self._console or Console(stderr=True),
            transient=True,
            auto_refresh=False,
        )
        bar.add_task("", total=total)
        bar.start()
        return bar

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
