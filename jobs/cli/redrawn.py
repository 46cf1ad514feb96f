"""What goes on, as somebody sees it: redrawn in place on a terminal, in lines anywhere else.

On a terminal it is drawn anew with each look, when the window changes its size, and when the command is fetched back
after Ctrl-Z. Stopped, it leaves the terminal as it found it; in the background it draws nothing.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Generic, Self, TextIO, TypeVar

import typer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.live import Live

Look = TypeVar("Look")
_WITHOUT_CURSOR = ("dumb", "unknown")


def follow(
    looks: Iterable[Look],
    *,
    line: Callable[[Look], Iterable[str]],
    drawn: Callable[[Look, int], RenderableType],
) -> Look | None:
    """Shows each look; the last one. None where there was none.

    line     what is to be written of a look where nothing can be redrawn; mostly nothing
    drawn    a look, for a window of so many columns
    """
    last = None
    if not can_redraw():
        for last in looks:
            for said in line(last):
                typer.echo(said)
        return last
    with Redrawn(drawn) as display:
        for last in looks:
            display.show(last)
    return last


def can_redraw() -> bool:
    """Whether standard output is a terminal whose cursor can be moved back."""
    return sys.stdout.isatty() and os.environ.get("TERM", "") not in _WITHOUT_CURSOR


class Redrawn(AbstractContextManager["Redrawn[Look]"], Generic[Look]):
    """Draws in place; what was drawn last stays."""

    def __init__(self, drawn: Callable[[Look, int], RenderableType]) -> None:
        self._drawn = drawn
        self._look: Look | None = None
        self._live: Live | None = None
        self._former: dict[int, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        from rich.console import Console

        self._screen: TextIO = sys.stdout
        self._console: Console = Console(file=self._screen)
        if threading.current_thread() is threading.main_thread():
            for number, handler in self._handlers().items():
                # Whoever lets nobody stop this has a reason.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._former[number] = signal.signal(number, handler)
        self._begin()
        return self

    def show(self, look: Look) -> None:
        self._look = look
        self._begin()
        self._draw()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)
        if self._live is None and self._look is not None:
            self._console.print(self._drawn(self._look, self._console.width))
        self._end()

    def _handlers(self) -> dict[int, Callable[[int, FrameType | None], None]]:
        """Not every system has all of them."""
        wanted = {"SIGTSTP": self._stopped, "SIGCONT": self._continued, "SIGWINCH": self._resized}
        return {getattr(signal, name): handler for name, handler in wanted.items() if hasattr(signal, name)}

    def _begin(self) -> None:
        from rich.live import Live

        if self._live is None and _in_front(self._screen):
            with _undisturbed():
                # No thread draws: it would go on in the background.
                self._live = Live(console=self._console, auto_refresh=False, redirect_stderr=sys.stderr.isatty())
                self._live.start()

    def _end(self) -> None:
        live, self._live = self._live, None
        if live is not None:
            with _undisturbed():
                live.stop()

    def _draw(self) -> None:
        if self._live is not None and self._look is not None:
            with _undisturbed():
                self._live.update(self._drawn(self._look, self._console.width), refresh=True)

    def _resized(self, _number: int, _frame: FrameType | None) -> None:
        # In the middle of what somebody else writes it can't be drawn: the next look is.
        with suppress(RuntimeError, OSError):
            self._draw()

    def _stopped(self, number: int, _frame: FrameType | None) -> None:
        with suppress(RuntimeError, OSError):
            self._end()
        signal.signal(number, signal.SIG_DFL)
        # Here it stands still until somebody lets it go on.
        os.kill(os.getpid(), number)
        signal.signal(number, self._stopped)
        self._continued(number, None)

    def _continued(self, _number: int, _frame: FrameType | None) -> None:
        with suppress(RuntimeError, OSError):
            self._begin()
            self._draw()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals that come meanwhile are answered at its end: none begins to draw in the middle of a drawing."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _in_front(screen: TextIO) -> bool:
    """Whether the terminal is ours to draw on, and not the shell's or another command's."""
    try:
        return os.tcgetpgrp(screen.fileno()) == os.getpgrp()
    except (OSError, ValueError, AttributeError):
        # No terminal that knows of groups, or none that this is a process of.
        return True
