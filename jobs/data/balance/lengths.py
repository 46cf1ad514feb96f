"""How long answers are, in characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from typing import Self

from jobs.data.findings import Remark

_STEPS = 12
"""So many steps to each doubling: a median or a percentile is right to 6 in 100."""
_FAR = 10
_LONG = 4000
_CUT_SHARE, _CUT_ANSWERS, _CUT_LENGTH = 0.05, 5, 100
_GOES_ON = " ,-–—("
"""Beside letters and digits, what a text ends in that was cut off. A full stop, a bracket, a quote may be its end."""


@dataclass(frozen=True)
class Spread:
    """Of lengths in characters. ``median`` and ``p95`` are right to 6 in 100, the others exact."""

    shortest: int
    median: int
    p95: int
    longest: int
    longest_line: int


class Lengths:
    """Lengths of answers, in memory that does not grow with their number."""

    def __init__(self) -> None:
        self._steps: Counter[int] = Counter()
        self._count = 0
        self._shortest, self._longest = 0, -1
        self._longest_line = 0
        self._as_long = 0
        """How many are as long as the longest, and end in the middle of something."""

    def add(self, text: str, line: int) -> None:
        length = len(text)
        self._shortest = length if not self._count else min(self._shortest, length)
        self._count += 1
        self._steps[round(_STEPS * log2(length + 1))] += 1
        if length > self._longest:
            self._longest, self._longest_line, self._as_long = length, line, 0
        if length == self._longest:
            self._as_long += _looks_cut(text)

    def update(self, texts: Sequence[str], lines: Sequence[int]) -> None:
        """As ``add`` for each. ``lines``: beside the texts."""
        lengths = list(map(len, texts))
        for length, count in Counter(lengths).items():
            self._steps[round(_STEPS * log2(length + 1))] += count
        longest, count, shortest = max(lengths), self._count, min(lengths)
        self._shortest = min(self._shortest, shortest) if count else shortest
        self._count += len(lengths)
        as_long = sum(len(text) == longest and _looks_cut(text) for text in texts) if longest >= self._longest else 0
        if longest > self._longest:
            self._longest, self._longest_line, self._as_long = longest, lines[lengths.index(longest)], as_long
        elif longest == self._longest:
            self._as_long += as_long

    def merge(self, later: Self) -> None:
        if not later._count:
            return
        self._shortest = min(self._shortest, later._shortest) if self._count else later._shortest
        self._count += later._count
        self._steps.update(later._steps)
        if later._longest > self._longest:
            self._longest, self._longest_line, self._as_long = later._longest, later._longest_line, later._as_long
        elif later._longest == self._longest:
            self._as_long += later._as_long

    def spread(self) -> Spread | None:
        """None where there is no answer."""
        if not self._count:
            return None
        return Spread(self._shortest, self._below(0.5), self._below(0.95), self._longest, self._longest_line)

    def remarks(self) -> Iterator[Remark]:
        spread = self.spread()
        if spread is None:
            return
        if spread.longest >= _LONG and spread.longest > _FAR * max(spread.p95, 1):
            words = f"is an answer of {spread.longest:,} characters; 95 of 100 have at most about {spread.p95:,}"
            yield "balance-length-far", spread.longest_line, words
        if self._as_long >= max(_CUT_ANSWERS, _CUT_SHARE * self._count) and spread.longest >= _CUT_LENGTH:
            given = f"has {self._as_long} of {self._count} answers that end within a word or a sentence"
            words = f"{given} after exactly {spread.longest:,} characters, and none longer: were they cut off?"
            yield "balance-length-cut", None, words

    def _below(self, share: float) -> int:
        """The length that this share of the answers does not exceed."""
        left = share * self._count
        for step in sorted(self._steps):
            left -= self._steps[step]
            if left <= 0:
                return min(max(round(2 ** (step / _STEPS)) - 1, self._shortest), self._longest)
        return self._longest


def _looks_cut(text: str) -> bool:
    return text[-1:].isalnum() or text[-1:] in _GOES_ON
