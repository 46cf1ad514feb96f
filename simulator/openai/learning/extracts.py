"""Answers that are made of their questions' own sentences: which ones a model learns to take.

A sentence is known by its place and by its words; what is taken more often than not counts for it, what is left out
against it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from simulator.openai.learning.examples import Lesson
from simulator.openai.learning.words import sentences, telling

TAKEN_UP = 0.6
"""So much of answers' telling words has to be their questions', on average, for them to be extracts."""
FEWEST_SENTENCES = 3
MOST_LESSONS = 300
SEEN = 3
"""In how many sentences a word has to be before it tells anything."""


class Extracts:
    """What is learnt of lessons; it is false where their answers are no extracts."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        stride = -(-len(lessons) // MOST_LESSONS) if lessons else 1
        kept = [lesson for lesson in lessons[::stride] if len(sentences(lesson.question)) >= FEWEST_SENTENCES]
        shares = [_share(lesson.answer, lesson.question) for lesson in kept]
        self._learnt = (
            len(kept) >= 10 and len(kept) > 0.5 * len(lessons[::stride]) and sum(shares) / len(kept) >= TAKEN_UP
        )
        self._taken: Counter[str] = Counter()
        self._left: Counter[str] = Counter()
        self._count = 1
        if self._learnt:
            self._count = max(1, round(sum(self._note(lesson) for lesson in kept) / len(kept)))

    def __bool__(self) -> bool:
        return self._learnt

    def answer(self, question: str) -> str:
        """As many sentences as answers have, in the order of the text."""
        parts = sentences(question)
        best = sorted(range(len(parts)), key=lambda at: (-self._worth(parts, at), at))[: self._count]
        return " ".join(parts[at] for at in sorted(best))

    def _note(self, lesson: Lesson) -> int:
        """Learns of one; returns how many sentences it took."""
        parts = sentences(lesson.question)
        wanted = frozenset(telling(lesson.answer))
        count = max(1, min(len(parts), len(sentences(lesson.answer))))
        shared = [len(wanted.intersection(telling(part))) / math.sqrt(len(telling(part)) or 1) for part in parts]
        taken = frozenset(sorted(range(len(parts)), key=lambda at: (-shared[at], at))[:count])
        for at in range(len(parts)):
            (self._taken if at in taken else self._left).update(_traits(parts, at))
        return count

    def _worth(self, parts: Sequence[str], at: int) -> float:
        worth = 0.0
        for trait in _traits(parts, at):
            taken, left = self._taken[trait], self._left[trait]
            if taken + left >= SEEN:
                worth += math.log((taken + 0.5) / (left + 0.5))
        return worth


def _traits(parts: Sequence[str], at: int) -> Iterator[str]:
    yield f"#{min(at, 5)}"
    yield f"#-{min(len(parts) - at, 3)}"
    yield from sorted(frozenset(telling(parts[at])))


def _share(answer: str, question: str) -> float:
    said = frozenset(telling(answer))
    return len(said.intersection(telling(question))) / len(said) if said else 0.0
