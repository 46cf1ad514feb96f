"""A run on the screen: its status, steps, losses and time, in one line."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from jobs.cli import redrawn
from jobs.cli.trouble import asking_again
from jobs.tuning.polling.pausing import standing
from jobs.tuning.polling.watching import Progress

if TYPE_CHECKING:
    from rich.text import Text

_SELDOM = timedelta(minutes=5)
"""Off a terminal a line is written at least so often, so that nobody takes a long run for a dead one."""


def described(progress: Progress) -> str:
    """``running · step 12 of 60 · train loss 1.234 · valid loss 1.310 · 0:04:10``; rewards where there are no losses"""
    curve = progress.curve
    parts = [standing(progress.job.status, preempted=progress.preempted)]
    if curve.step is not None:
        parts.append(f"step {curve.step}" + (f" of {curve.total}" if curve.total else ""))
    losses = (("train loss", curve.train_loss), ("valid loss", curve.valid_loss))
    rewards = (("train reward", curve.train_reward), ("valid reward", curve.valid_reward))
    for name, value in losses if any(loss is not None for _, loss in losses) else rewards:
        if value is not None and math.isfinite(value):
            parts.append(f"{name} {value:.3f}")
    parts.append(str(timedelta(seconds=int(progress.elapsed.total_seconds()))))
    if progress.trouble is not None:
        parts.append(asking_again(progress.trouble, progress.wait))
    return " · ".join(parts)


class _Lines:
    """A line where the status changes, at each tenth of the steps, at trouble, and every few minutes."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._last: tuple[str, int, bool] | None = None
        self._at = timedelta()

    def __call__(self, progress: Progress) -> list[str]:
        step, total = progress.curve.step or 0, progress.curve.total
        now = (progress.job.status.text, step * 10 // total if total else step // 50, progress.trouble is not None)
        if now == self._last and progress.elapsed - self._at < _SELDOM:
            return []
        self._last, self._at = now, progress.elapsed
        return [f"{self._model}: {described(progress)}"]


def follow(model: str, looks: Iterable[Progress]) -> Progress | None:
    """Shows each look; the last one. None where there was none."""

    def drawn(progress: Progress, _width: int) -> Text:
        from rich.text import Text

        return Text(f"{model}: {described(progress)}")

    return redrawn.follow(looks, line=_Lines(model), drawn=drawn)
