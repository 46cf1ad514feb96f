"""A learning curve as lines to draw: losses or rewards by step, and the checkpoints that were kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.evaluation.reporting.scale import around
from jobs.tuning.curves.learning_curve import LearningCurve
from jobs.tuning.curves.measures import WORDS

WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 700, 14, 226
_MOST_POINTS = 600


@dataclass(frozen=True)
class Line:
    """``points`` as SVG's polyline takes them."""

    measure: str
    name: str
    points: str
    last: float


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class Mark:
    """A checkpoint, or the best step."""

    at: float
    step: int
    name: str


@dataclass(frozen=True)
class CurveDrawing:
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    upward: tuple[Tick, ...]
    checkpoints: tuple[Mark, ...]
    best: Mark | None
    best_value: float | None
    best_measure: str | None
    source: str
    steps: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = _RIGHT
    top: int = _TOP
    bottom: int = _BOTTOM


def curve_drawing(curve: LearningCurve) -> CurveDrawing | None:
    """None where no step has told a loss or a reward."""
    found = {
        measure: [(sample.step, sample.values[measure]) for sample in curve.samples if measure in sample.values]
        for measure in WORDS
    }
    drawn = {measure: points for measure, points in found.items() if points}
    values = [value for points in drawn.values() for _, value in points]
    if not values:
        return None
    steps = [sample.step for sample in curve.samples]
    x = around(min(steps), max(steps), _LEFT, _RIGHT)
    y = around(min(values), max(values), _BOTTOM, _TOP)
    best = curve.best
    return CurveDrawing(
        lines=tuple(
            Line(
                measure,
                WORDS[measure],
                " ".join(f"{x(at)},{y(value)}" for at, value in _thinned(points)),
                points[-1][1],
            )
            for measure, points in drawn.items()
        ),
        across=tuple(Tick(x(value), f"{value:g}") for value in x.ticks() if value >= 0 and float(value).is_integer()),
        upward=tuple(Tick(y(value), f"{value:g}") for value in y.ticks()),
        checkpoints=tuple(Mark(x(each.step), each.step, each.model_id) for each in curve.checkpoints),
        best=Mark(x(best.step), best.step, WORDS.get(best.measure, best.measure)) if best is not None else None,
        best_value=best.value if best is not None else None,
        best_measure=WORDS.get(best.measure, best.measure) if best is not None else None,
        source=curve.source,
        steps=max(steps),
    )


def _thinned(points: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """As many as can be seen; the last one is always there."""
    every = -(-len(points) // _MOST_POINTS)
    kept = points[::every]
    return kept if kept[-1] == points[-1] else [*kept, points[-1]]
