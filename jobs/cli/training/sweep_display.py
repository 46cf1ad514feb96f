"""A sweep on the screen: its runs while they go on, and their ranking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jobs.cli.runs import runs_table
from jobs.cli.runs.runs_table import Heading, Lines
from jobs.tuning.polling.side_by_side import Look
from jobs.tuning.sweep import Point, Ranked


def follow(model: str, looks: Iterable[Look]) -> Look | None:
    """Shows each look; the last one. None where there was none."""
    lines = Lines(f"{model}: ", f"{model}: point {{name}} ({{words}}) · ")
    return runs_table.follow(looks, lines, Heading(f"sweep of {model}", "POINT", "TRIED"))


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
