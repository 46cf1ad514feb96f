"""The tokens of a file in figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import add

from jobs.data.expected import Encoding
from jobs.data.scanning.plain_chat import PlainExamples

BINS = 12
"""A histogram has so many bins at most."""


@dataclass(frozen=True)
class Bin:
    """So many are from ``low`` to ``high``, both included."""

    low: int
    high: int
    count: int


@dataclass(frozen=True)
class TokenSummary:
    """Of the examples that are of the expected kind.

    encoding          the vocabulary by which they were counted
    known             whether that is the model's own; else all figures are estimates
    total             prompt and answers together: what is billed for one epoch
    prompt, answers   tokens in all, tools and the frame of messages included
    shortest …        tokens of an example; the longest one stands on ``longest_line``
    estimated         examples with tools, calls or images, whose frame is not documented for training
    per_example       how long examples are
    per_answer        how long their answers are; of a preference, its two together
    """

    encoding: Encoding
    known: bool
    total: int
    prompt: int
    answers: int
    shortest: int
    median: int
    p95: int
    longest: int
    longest_line: int
    estimated: int
    per_example: tuple[Bin, ...]
    per_answer: tuple[Bin, ...]

    @property
    def exact(self) -> bool:
        """Whether nothing in the figures is an estimate."""
        return self.known and not self.estimated


class TokenTally:
    """A summary in the making. Its memory grows with the number of different lengths, not of examples."""

    def __init__(self) -> None:
        self._prompt = self._answers = self._longest = self._longest_line = self._estimated = 0
        self._examples: Counter[int] = Counter()
        self._replies: Counter[int] = Counter()

    def add(self, prompt: int, answers: int, line: int, *, estimated: bool = False) -> None:
        """The tokens of one example."""
        total = prompt + answers
        self._prompt += prompt
        self._answers += answers
        self._examples[total] += 1
        self._replies[answers] += 1
        self._estimated += estimated
        if total > self._longest:
            self._longest, self._longest_line = total, line

    def add_plain(self, plain: PlainExamples) -> None:
        """As ``add`` for each."""
        totals = list(map(add, plain.prompts, plain.answers))
        self._prompt += sum(plain.prompts)
        self._answers += sum(plain.answers)
        self._examples.update(totals)
        self._replies.update(plain.answers)
        if (longest := max(totals)) > self._longest:
            self._longest, self._longest_line = longest, plain.lines[totals.index(longest)]

    def merge(self, later: TokenTally) -> None:
        """Takes in what was counted further down in the same file."""
        self._prompt += later._prompt
        self._answers += later._answers
        self._examples.update(later._examples)
        self._replies.update(later._replies)
        self._estimated += later._estimated
        if later._longest > self._longest:
            self._longest, self._longest_line = later._longest, later._longest_line

    def summary(self, encoding: Encoding | None) -> TokenSummary | None:
        """``encoding``: the model's, as far as it is known. None where there was no example."""
        if not self._examples:
            return None
        return TokenSummary(
            encoding=encoding or "o200k_base",
            known=encoding is not None,
            total=self._prompt + self._answers,
            prompt=self._prompt,
            answers=self._answers,
            shortest=min(self._examples),
            median=_quantile(self._examples, 0.5),
            p95=_quantile(self._examples, 0.95),
            longest=self._longest,
            longest_line=self._longest_line,
            estimated=self._estimated,
            per_example=histogram(self._examples),
            per_answer=histogram(self._replies),
        )


def _quantile(counts: Counter[int], share: float) -> int:
    """The smallest value that at least this share of all reaches at most."""
    wanted, met = share * counts.total(), 0
    for value in sorted(counts):
        met += counts[value]
        if met >= wanted:
            return value
    raise ValueError("no values")


def histogram(counts: Counter[int]) -> tuple[Bin, ...]:
    """Bins of equal width, a round number (1, 2 or 5 times a power of ten), from that of the least to that of the most.

    >>> histogram(Counter({3: 1, 12: 2, 39: 1}))[:2]
    (Bin(low=0, high=4, count=1), Bin(low=5, high=9, count=0))
    """
    width, steps = 1, 0
    while max(counts) // width - min(counts) // width >= BINS:
        steps += 1
        width = (1, 2, 5)[steps % 3] * 10 ** (steps // 3)
    numbers: Counter[int] = Counter()
    for value, count in counts.items():
        numbers[value // width] += count
    places = range(min(numbers), max(numbers) + 1)
    return tuple(Bin(place * width, (place + 1) * width - 1, numbers[place]) for place in places)
