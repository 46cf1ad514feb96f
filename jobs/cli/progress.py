"""A run's progress on the screen: one line redrawn on a terminal, lines now and then anywhere else."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

import typer

from jobs.tuning.watching import Progress

if TYPE_CHECKING:
    from rich.live import Live

_SELDOM = timedelta(minutes=5)
"""Off a terminal a line is written at least so often, so that nobody takes a long run for a dead one."""


def described(progress: Progress) -> str:
    """``running · step 12 of 60 · train loss 1.234 · valid loss 1.310 · 0:04:10``; rewards where there are no losses"""
    curve = progress.curve
    parts = [str(progress.job.status)]
    if curve.step is not None:
        parts.append(f"step {curve.step}" + (f" of {curve.total}" if curve.total else ""))
    losses = (("train loss", curve.train_loss), ("valid loss", curve.valid_loss))
    rewards = (("train reward", curve.train_reward), ("valid reward", curve.valid_reward))
    for name, value in losses if any(loss is not None for _, loss in losses) else rewards:
        if value is not None and math.isfinite(value):
            parts.append(f"{name} {value:.3f}")
    parts.append(str(timedelta(seconds=int(progress.elapsed.total_seconds()))))
    if progress.trouble is not None:
        parts.append(f"no answer ({progress.trouble.what}), asking again in {progress.wait:.0f} s")
    return " · ".join(parts)


class Lines(AbstractContextManager["Lines"]):
    """Writes a line where the status changes, at each tenth of the steps, at trouble, and every few minutes."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._last: tuple[str, int, bool] | None = None
        self._at = timedelta()

    def show(self, progress: Progress) -> None:
        step, total = progress.curve.step or 0, progress.curve.total
        now = (progress.job.status.text, step * 10 // total if total else step // 50, progress.trouble is not None)
        if now != self._last or progress.elapsed - self._at >= _SELDOM:
            self._last, self._at = now, progress.elapsed
            typer.echo(f"{self._model}: {described(progress)}")

    def __exit__(self, *_: object) -> None:
        return None


class Redrawn(AbstractContextManager["Redrawn"]):
    """One line, redrawn in place; what it said last stays."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._live: Live | None = None

    def __enter__(self) -> Self:
        from rich.console import Console
        from rich.live import Live

        self._live = Live("", console=Console(file=sys.stdout), refresh_per_second=4)
        self._live.start()
        return self

    def show(self, progress: Progress) -> None:
        from rich.text import Text

        if self._live is not None:
            self._live.update(Text(f"{self._model}: {described(progress)}"), refresh=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()


def follow(model: str, looks: Iterable[Progress]) -> Progress | None:
    """Shows each look; the last one. None where there was none."""
    last = None
    with Redrawn(model) if sys.stdout.isatty() else Lines(model) as display:
        for last in looks:
            display.show(last)
    return last
