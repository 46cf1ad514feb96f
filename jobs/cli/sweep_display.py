"""A sweep on the screen: one table that is redrawn on a terminal, a line for each change anywhere else."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

import typer

from jobs.tuning.sweep import Point, Ranked
from jobs.tuning.sweeping import Look, Standing

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table


def row(standing: Standing) -> tuple[str, str, str, str, str]:
    """Number, what is tried, how it stands, how far, and the last validation figure that was told."""
    curve = standing.curve
    status = "waits for room" if standing.job is None else str(standing.job.status)
    step = "" if curve.step is None else f"step {curve.step}" + (f" of {curve.total}" if curve.total else "")
    told = (("valid loss", curve.valid_loss), ("valid reward", curve.valid_reward))
    measured = next((f"{name} {value:.4f}" for name, value in told if value is not None and math.isfinite(value)), "")
    return str(standing.point.number), standing.point.words, status, step, measured


def remark(look: Look) -> str | None:
    """What holds the sweep up, if anything does."""
    if look.trouble is not None:
        return f"no answer ({look.trouble.what}), asking again in {look.wait:.0f} s"
    waiting = sum(each.job is None for each in look.standings)
    return f"the account has no room: {waiting} to be submitted as runs end" if look.full else None


class Lines(AbstractContextManager["Lines"]):
    """A line where a point's status changes, and where something begins to hold the sweep up."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._said: dict[int, str] = {}
        self._held = (False, False)

    def show(self, look: Look) -> None:
        for standing in look.standings:
            number, words, status, step, measured = row(standing)
            if standing.job is not None and self._said.get(standing.point.number) != status:
                self._said[standing.point.number] = status
                parts = [part for part in (f"point {number} ({words})", status, step, measured) if part]
                typer.echo(f"{self._model}: {' · '.join(parts)}")
        held = (look.trouble is not None, look.full)
        if held != self._held and (said := remark(look)) is not None:
            typer.echo(f"{self._model}: {said}")
        self._held = held

    def __exit__(self, *_: object) -> None:
        return None


class Redrawn(AbstractContextManager["Redrawn"]):
    """The table, redrawn in place; as it was last it stays."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._live: Live | None = None

    def __enter__(self) -> Self:
        from rich.console import Console
        from rich.live import Live

        self._live = Live("", console=Console(file=sys.stdout), refresh_per_second=4)
        self._live.start()
        return self

    def show(self, look: Look) -> None:
        if self._live is not None:
            self._live.update(self._table(look), refresh=True)

    def _table(self, look: Look) -> Table:
        from rich.table import Table

        elapsed = timedelta(seconds=int(look.elapsed.total_seconds()))
        caption = " · ".join(part for part in (str(elapsed), remark(look)) if part)
        table = Table(title=f"sweep of {self._model}", caption=caption, box=None, title_justify="left")
        for heading in ("POINT", "TRIED", "STATUS", "STEP", "VALIDATION"):
            table.add_column(heading, overflow="fold")
        for standing in look.standings:
            table.add_row(*row(standing))
        return table

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()


def follow(model: str, looks: Iterable[Look]) -> Look | None:
    """Shows each look; the last one. None where there was none."""
    last = None
    with Redrawn(model) if sys.stdout.isatty() else Lines(model) as display:
        for last in looks:
            display.show(last)
    return last


def ranking_lines(ranking: Ranked, grid: Sequence[Point]) -> list[str]:
    """Best first, a line each; then the points that made no model."""
    lines = []
    for place, each in enumerate(ranking.order, 1):
        value = ranking.value(each)
        told = f"{ranking.measure} {value:.4f}" if value is not None else "nothing measured"
        head = f"{place}." if value is not None else "-"
        lines.append(f"{head} point {each.point.number} ({each.point.words}): {told} · {each.job.id}")
    made = {each.point.number for each in ranking.order}
    lines += [f"- point {point.number} ({point.words}): no model" for point in grid if point.number not in made]
    return lines
