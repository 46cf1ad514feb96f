"""Differences as bars: on which side of zero each stands."""

from __future__ import annotations

import pytest

from contract.evaluation import Difference
from jobs.evaluation.reporting.interval_drawing import interval_drawing
from jobs.evaluation.scorecard import Comparison


def _comparison(low: float, high: float) -> Comparison:
    found = Difference(difference=(low + high) / 2, low=low, high=high, wins=3, losses=1, ties=6)
    return Comparison(against="live", graders={"exact": found})


@pytest.mark.parametrize(
    ("low", "high", "standing"),
    [(0.1, 0.3, "better"), (-0.3, -0.1, "worse"), (-0.1, 0.3, "open"), (0.0, 0.3, "open"), (-0.3, 0.0, "open")],
)
def test_better_or_worse_is_what_has_its_whole_interval_beyond_zero(low: float, high: float, standing: str) -> None:
    drawing = interval_drawing([_comparison(low, high)])

    assert drawing is not None
    (bar,) = drawing.bars
    assert (bar.name, bar.standing) == ("exact, against live", standing)
    assert (bar.low < drawing.zero, bar.high > drawing.zero) == (low < 0, high > 0)
    assert drawing.left <= bar.low < bar.middle < bar.high <= drawing.width


def test_where_nothing_was_compared_there_is_nothing_to_draw() -> None:
    assert interval_drawing([]) is None
