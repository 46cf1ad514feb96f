"""Several runs on the screen: one table that is redrawn on a terminal, a line for each change anywhere else."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from jobs.cli import redrawn
from jobs.cli.trouble import asking_again
from jobs.tuning.polling import pausing
from jobs.tuning.polling.side_by_side import Look, Standing

if TYPE_CHECKING:
    from rich.console import RenderableType

_NARROW = 60
"""Columns of a window in which a table would be more line breaks than words."""


@dataclass(frozen=True)
class Heading:
    """How the runs are called together.

    title    above the table
    name, words   above the names of the entries, and what they are
    """

    title: str
    name: str
    words: str


def row(standing: Standing) -> tuple[str, str, str, str, str]:
    """Its name, what it is, how it stands, how far, and the last validation figure that was told."""
    curve = standing.curve
    status = (
        "waits for room"
        if standing.job is None
        else pausing.standing(standing.job.status, preempted=standing.preempted)
    )
    if standing.fault is not None:
        status = f"{status}, left" if standing.job is not None else "not submitted"
    step = "" if curve.step is None else f"step {curve.step}" + (f" of {curve.total}" if curve.total else "")
    told = (("valid loss", curve.valid_loss), ("valid reward", curve.valid_reward))
    measured = next((f"{name} {value:.4f}" for name, value in told if value is not None and math.isfinite(value)), "")
    return standing.entry.name, standing.entry.words, status, step, measured


def remark(look: Look) -> str | None:
    """What holds them up, if anything does."""
    if look.trouble is not None:
        return asking_again(look.trouble, look.wait)
    waiting = sum(each.waiting for each in look.standings)
    return f"the account has no room: {waiting} to be submitted as runs end" if look.full else None


class Lines:
    """A line where a status changes, and where something begins to hold the runs up.

    named    how an entry's line begins; prefix: the other ones
    """

    def __init__(self, prefix: str, named: str) -> None:
        self._prefix = prefix
        self._named = named
        self._said: dict[str, str] = {}
        self._held = (False, False)

    def __call__(self, look: Look) -> list[str]:
        lines = []
        for standing in look.standings:
            name, words, status, step, measured = row(standing)
            if not standing.waiting and self._said.get(name) != status:
                self._said[name] = status
                told = " · ".join(part for part in (status, step, measured) if part)
                lines.append(self._named.format(name=name, words=words) + told)
        held = (look.trouble is not None, look.full)
        if held != self._held and (said := remark(look)) is not None:
            lines.append(f"{self._prefix}{said}")
        self._held = held
        return lines


def drawn(look: Look, width: int, heading: Heading) -> RenderableType:
    """A table; in a narrow window a paragraph for each run."""
    elapsed = timedelta(seconds=int(look.elapsed.total_seconds()))
    caption = " · ".join(part for part in (str(elapsed), remark(look)) if part)
    return _paragraphs(look, heading, caption) if width < _NARROW else _table(look, heading, caption)


def follow(looks: Iterable[Look], lines: Lines, heading: Heading) -> Look | None:
    """Shows each look; the last one. None where there was none."""
    return redrawn.follow(looks, line=lines, drawn=lambda look, width: drawn(look, width, heading))


def _table(look: Look, heading: Heading, caption: str) -> RenderableType:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name in (heading.name, heading.words, "STATUS", "STEP", "VALIDATION"):
        table.add_column(name, overflow="fold")
    for standing in look.standings:
        table.add_row(*row(standing))
    return Group(Text(heading.title), table, Text(caption))


def _paragraphs(look: Look, heading: Heading, caption: str) -> RenderableType:
    from rich.text import Text

    runs = [" · ".join(part for part in row(standing) if part) for standing in look.standings]
    return Text("\n".join([heading.title, *runs, caption]))
