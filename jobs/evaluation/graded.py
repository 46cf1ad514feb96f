"""What a grader gave an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Graded:
    """``said``: what a judge gave as its reason. ``label``, ``expected_label``: of a classification; ``label`` is None
    where the answer is none."""

    score: float
    said: str | None = None
    label: str | None = None
    expected_label: str | None = None
