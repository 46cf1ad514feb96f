"""Differences with their intervals, as bars around zero. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contract.evaluation import Difference
from jobs.evaluation.reporting.scale import around
from jobs.evaluation.scorecard import Comparison

WIDTH = 720
_LEFT, _RIGHT = 250, 700
_ROW, _HEAD = 26, 24


@dataclass(frozen=True)
class Bar:
    name: str
    at: float
    """Of the row, downward."""
    low: float
    middle: float
    high: float
    difference: Difference
    standing: str
    """``better``, ``worse`` or ``open``: which side of zero the whole interval is on."""


@dataclass(frozen=True)
class IntervalDrawing:
    bars: tuple[Bar, ...]
    zero: float
    ticks: tuple[tuple[float, str], ...]
    height: int
    left: int = _LEFT
    width: int = WIDTH


def interval_drawing(comparisons: Sequence[Comparison]) -> IntervalDrawing | None:
    """None where nothing was compared."""
    found = [
        (f"{grader}, against {comparison.against}", difference)
        for comparison in comparisons
        for grader, difference in comparison.graders.items()
    ]
    if not found:
        return None
    low = min(0.0, *(difference.low for _, difference in found))
    high = max(0.0, *(difference.high for _, difference in found))
    x = around(low, high, _LEFT, _RIGHT)
    bars = tuple(
        Bar(
            name,
            _HEAD + _ROW * number,
            x(difference.low),
            x(difference.difference),
            x(difference.high),
            difference,
            "better" if difference.low > 0 else "worse" if difference.high < 0 else "open",
        )
        for number, (name, difference) in enumerate(found)
    )
    ticks = tuple((x(value), f"{value:+g}" if value else "0") for value in x.ticks())
    return IntervalDrawing(bars, x(0.0), ticks, _HEAD + _ROW * len(found) + 22)
