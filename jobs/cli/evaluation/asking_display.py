"""How far the asking is: a line per model, redrawn on a terminal; off it a line every half minute, and at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING

from jobs.cli.redrawn import Redrawn, can_redraw
from jobs.evaluation.asking.round import Standing

if TYPE_CHECKING:
    from rich.text import Text

_SELDOM = timedelta(seconds=30)


class AskingDisplay(AbstractContextManager["AskingDisplay"]):
    """``say`` writes a line; ``now`` is the time."""

    def __init__(self, say: Callable[[str], None], now: Callable[[], datetime]) -> None:
        self._say, self._now = say, now
        self._redrawn: Redrawn[Sequence[Standing]] | None = Redrawn(_drawn) if can_redraw() else None
        self._at, self._over, self._last = now(), False, ""

    def __enter__(self) -> AskingDisplay:
        if self._redrawn is not None:
            self._redrawn.__enter__()
        return self

    def show(self, standings: Sequence[Standing]) -> None:
        if self._redrawn is not None:
            self._redrawn.show(standings)
            return
        over = all(each.missing == 0 for each in standings)
        nobody = over and all(each.kept == each.of for each in standings)
        if self._over or nobody or not (over or self._now() - self._at >= _SELDOM):
            return
        self._over, self._at = over, self._now()
        line = " · ".join(described(each) for each in standings)
        # A long wait is told once, with its end.
        if line != self._last:
            self._say(line)
        self._last = line

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._redrawn is not None:
            self._redrawn.__exit__(kind, error, trace)


def described(standing: Standing) -> str:
    """``candidate 120 of 400 (20 kept from before, 1 refused), waits until 12:03:20``"""
    aside = [
        *([f"{standing.kept:,} kept from before"] if standing.kept else []),
        *([f"{standing.failed:,} refused"] if standing.failed else []),
    ]
    more = f" ({', '.join(aside)})" if aside else ""
    waits = f", waits until {standing.waiting_until:%H:%M:%S}" if standing.waiting_until is not None else ""
    return f"{standing.contender} {standing.of - standing.missing:,} of {standing.of:,}{more}{waits}"


def _drawn(standings: Sequence[Standing], _width: int) -> Text:
    from rich.text import Text

    return Text("\n".join(f"  {described(each)}" for each in standings))
