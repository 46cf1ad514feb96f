"""A learning curve as a chart of characters: pure text, as wide as it may be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs.tuning.curves.learning_curve import LearningCurve
from jobs.tuning.curves.measures import WORDS

NARROWEST = 40
"""Columns: where there are fewer, figures say more than a chart."""
_HEIGHT = 15


@dataclass(frozen=True)
class Signs:
    """What is drawn with. ``points``: by measure, the one that is drawn last the most important."""

    points: Mapping[str, str]
    checkpoint: str
    upright: str
    tick: str
    corner: str
    level: str

    @property
    def every(self) -> str:
        parts = (*self.points.values(), self.checkpoint, self.upright, self.tick, self.corner, self.level)
        return "".join(parts)


FINE = Signs(
    {"train_loss": "·", "valid_loss": "×", "full_valid_loss": "●", "train_reward": "·", "valid_reward": "●"},
    checkpoint="▲",
    upright="│",
    tick="┤",
    corner="└",
    level="─",
)
PLAIN = Signs(
    {"train_loss": ".", "valid_loss": "x", "full_valid_loss": "o", "train_reward": ".", "valid_reward": "o"},
    checkpoint="^",
    upright="|",
    tick="+",
    corner="+",
    level="-",
)


def signs_for(encoding: str | None) -> Signs:
    """The finer ones, where whatever shows it has them."""
    try:
        FINE.every.encode(encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return PLAIN
    return FINE


def chart(curve: LearningCurve, *, width: int, signs: Signs = FINE) -> list[str]:
    """In ``width`` columns or fewer; losses and rewards have a chart each. No line where there is nothing to draw."""
    kinds = ([name for name in curve.measures if name.endswith(kind)] for kind in ("loss", "reward"))
    lines: list[str] = []
    for measures in kinds:
        if measures:
            lines += [*([""] if lines else []), *_drawn(curve, measures, width, signs)]
    return lines


def _drawn(curve: LearningCurve, measures: Sequence[str], width: int, signs: Signs) -> list[str]:
    values = [sample.values[name] for sample in curve.samples for name in measures if name in sample.values]
    scale = _Scale(min(values), max(values))
    labels = {row: _figure(scale.value(row)) for row in (0, _HEIGHT // 2, _HEIGHT - 1)}
    margin = max(len(label) for label in labels.values())
    plot = max(1, width - margin - 2)
    axis = _Axis(curve.samples[0].step, curve.samples[-1].step, plot)
    grid = [[" "] * plot for _ in range(_HEIGHT)]
    for name in measures:
        for column, value in _by_column(curve, name, axis).items():
            grid[scale.row(value)][column] = signs.points[name]
    lines = []
    for row, cells in enumerate(grid):
        label, edge = labels.get(row, ""), signs.tick if row in labels else signs.upright
        lines.append(f"{label:>{margin}} {edge}{''.join(cells)}".rstrip())
    floor = [signs.level] * plot
    for checkpoint in curve.checkpoints:
        if axis.first <= checkpoint.step <= axis.last:
            floor[axis.column(checkpoint.step)] = signs.checkpoint
    lines.append(f"{'':>{margin}} {signs.corner}{''.join(floor)}")
    first, last = f"{axis.first}", f"step {axis.last}" if axis.last > axis.first else ""
    lines.append(f"{'':>{margin}}  {first}{last:>{max(0, plot - len(first))}}".rstrip()[:width])
    legend = [f"{signs.points[name]} {WORDS[name]}" for name in measures]
    legend += [f"{signs.checkpoint} checkpoint"] if curve.checkpoints else []
    return lines + _wrapped(legend, width)


def _by_column(curve: LearningCurve, name: str, axis: _Axis) -> dict[int, float]:
    """The mean of what falls into each column."""
    found: dict[int, list[float]] = {}
    for sample in curve.samples:
        if name in sample.values:
            found.setdefault(axis.column(sample.step), []).append(sample.values[name])
    return {column: sum(value / len(values) for value in values) for column, values in found.items()}


@dataclass(frozen=True)
class _Axis:
    """Steps on columns."""

    first: int
    last: int
    columns: int

    def column(self, step: int) -> int:
        steps = self.last - self.first + 1
        if steps > self.columns:
            # As many in each, as nearly as can be.
            return (step - self.first) * self.columns // steps
        return (step - self.first) * (self.columns - 1) // max(1, steps - 1)


@dataclass(frozen=True)
class _Scale:
    """Values on rows, the highest on the first. Halves: the span of two numbers may be none."""

    least: float
    most: float

    def row(self, value: float) -> int:
        span = self.most / 2 - self.least / 2
        if span <= 0:
            return _HEIGHT // 2
        share = (self.most / 2 - value / 2) / span
        return min(_HEIGHT - 1, max(0, round(share * (_HEIGHT - 1))))

    def value(self, row: int) -> float:
        share = row / (_HEIGHT - 1)
        return self.most * (1 - share) + self.least * share


def _figure(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else "-"


def _wrapped(parts: Sequence[str], width: int) -> list[str]:
    """As many on a line as fit."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 3 + len(part) <= width:
            lines[-1] += f"   {part}"
        else:
            lines.append(part)
    return lines
