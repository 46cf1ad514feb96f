"""What a tuned model remembers: its lessons, found again by what was asked.

Likeness of two texts is the cosine of their TF-IDF vectors over content words, a plural's final s left off.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.openai.learning.examples import Lesson
from simulator.openai.learning.words import content_words, stem


@dataclass(frozen=True)
class Recollection:
    """A lesson, and how like its question is to what is asked now: 0 to 1."""

    lesson: Lesson
    likeness: float
    index: int


class Memory:
    """Lessons, oldest first. A later lesson wins over an earlier one that is as like."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self.lessons = tuple(lessons)
        bags = [Counter(stems(lesson.question)) for lesson in self.lessons]
        seen_in = Counter(word for bag in bags for word in bag)
        self._idf = {word: math.log((1 + len(bags)) / (1 + n)) + 1 for word, n in seen_in.items()}
        self._unseen = math.log(1 + len(bags)) + 1
        self._where: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for index, bag in enumerate(bags):
            for word, weight in self._unit(bag).items():
                self._where[word].append((index, weight))

    def recall(self, question: str, most: int = 5) -> list[Recollection]:
        """The lessons whose questions are most like this one, most like first."""
        likeness: defaultdict[int, float] = defaultdict(float)
        for word, weight in self._unit(Counter(stems(question))).items():
            for index, known in self._where.get(word, ()):
                likeness[index] += weight * known
        best = sorted(likeness, key=lambda index: (-round(likeness[index], 9), -index))[:most]
        return [Recollection(self.lessons[index], min(1.0, likeness[index]), index) for index in best]

    def _unit(self, bag: Counter[str]) -> dict[str, float]:
        vector = {word: (1 + math.log(n)) * self._idf.get(word, self._unseen) for word, n in bag.items()}
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        return {word: weight / length for word, weight in vector.items()}


def alike(one: str, other: str) -> float:
    """How like two texts are as bags of words: 0 to 1. Two empty texts are alike."""
    a, b = Counter(stems(one)), Counter(stems(other))
    if not a or not b:
        return 1.0 if not a and not b else 0.0
    shared = sum(a[word] * b[word] for word in a)
    return shared / math.sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()))


def stems(text: str) -> Iterable[str]:
    return (stem(word) for word in content_words(text))
