"""What a grader gives an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Graded:
    """``score`` is finite. ``said``: the reason, where there is one to tell. Labels are those of a classification.

    judged    False where the model that grades gave no verdict that can be read: then the score (0) counts for
              nothing, and the example is left out of what compares by this grader
    """

    score: float
    said: str | None = None
    label: str | None = None
    expected_label: str | None = None
    judged: bool = True


def whether(right: bool, said: str | None = None) -> Graded:
    """1 or 0; ``said`` where it is wrong."""
    return Graded(1.0) if right else Graded(0.0, said)
