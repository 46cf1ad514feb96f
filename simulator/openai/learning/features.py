"""Which lessons a question is like: by its words, or by its numbers where it is a row of a table.

Questions are rows where nearly all have the same numbers, each after the same words (`petal length 4.7 cm`). Likeness
is then a matter of distance, each number measured by how far the lessons' own lie apart.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import pstdev

from simulator.openai.learning.examples import Lesson
from simulator.openai.learning.memory import Memory

_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?![\w.]*\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")
NEAREST = 5
NEARLY_ALL = 0.8
MOST_ROWS = 2_000
"""Rows looked through for one answer; of more an even sample."""


class Table:
    """Lessons as rows. Empty where they are none."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        stride = -(-len(lessons) // MOST_ROWS) if lessons else 1
        rows = [(lesson, numbers(lesson.question)) for lesson in lessons[::stride]]
        seen = Counter(key for _, row in rows for key in row)
        self._scales = {
            key: spread
            for key, count in seen.items()
            if count >= NEARLY_ALL * len(rows) and (spread := pstdev(row[key] for _, row in rows if key in row)) > 0
        }
        known = [(lesson, self._place(row)) for lesson, row in rows if all(key in row for key in self._scales)]
        self._rows = known if len(self._scales) > 1 and len(known) >= NEARLY_ALL * len(rows) else []

    def nearest(self, question: str, most: int = NEAREST) -> list[tuple[Lesson, float]]:
        """Lessons and their likeness, the likest first; none where the question is no such row."""
        asked = numbers(question)
        if not self._rows or any(key not in asked for key in self._scales):
            return []
        place, size = self._place(asked), math.sqrt(len(self._scales))
        found = sorted((math.dist(place, row), index) for index, (_, row) in enumerate(self._rows))
        return [(self._rows[index][0], 1 / (1 + far / size)) for far, index in found[:most]]

    def _place(self, row: Mapping[str, float]) -> tuple[float, ...]:
        return tuple(row[key] / scale for key, scale in self._scales.items())


def neighbours(lessons: Sequence[Lesson], question: str, most: int = NEAREST) -> list[tuple[Lesson, float]]:
    """Of a few lessons those that are most like the question."""
    rows = Table(lessons).nearest(question, most)
    return rows or [(found.lesson, found.likeness) for found in Memory(lessons).recall(question, most)]


def numbers(text: str) -> Mapping[str, float]:
    """Each number by the words before it, the last two since the number before, and by its place among its likes."""
    found: dict[str, float] = {}
    since = 0
    for match in _NUMBER.finditer(text):
        before = " ".join(_WORD.findall(text[since : match.start()].lower())[-2:])
        place = sum(1 for key in found if key.rpartition("#")[0] == before)
        found[f"{before}#{place}"] = float(match[0].replace("−", "-"))
        since = match.end()
    return found
