"""The slices of a holdout: how many lines there are in each, and which are too few to be measured.

A line may say what it belongs to: ``"slices": {"language": "de", "label": "refund"}``, names and texts. Scores are told
apart by them. They stay in the holdout: a file that is sent to the service is sent byte for byte, and may have none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Self

from jobs.data.findings import Remark
from jobs.data.formats import Parts
from jobs.data.privacy.sensitive import masked
from jobs.data.reading.json_line import shortened
from jobs.data.scanning.plain_chat import PlainExamples

SliceSummary = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
"""Each name, in the order of the alphabet, with its values and how many lines have each, the most frequent first."""

FEWEST_LINES = 10
"""What is measured on fewer is chance."""
_MOST_NAMES, _MOST_VALUES = 20, 1000
_NAMED = 5


class Slices:
    """Observes the slices of a file's lines."""

    def __init__(self) -> None:
        self._lines = 0
        self._counts: dict[str, Counter[str]] = {}

    def add(self, parts: Parts, example: Mapping[str, Any], line: int) -> None:
        del parts, line
        self._lines += 1
        slices = example.get("slices")
        if isinstance(slices, dict):
            for name, value in slices.items():
                if isinstance(value, str):
                    self._take(name, value, 1)

    def add_plain(self, plain: PlainExamples) -> None:
        self._lines += len(plain)

    def merge(self, later: Self) -> None:
        self._lines += later._lines
        for name, counts in later._counts.items():
            for value, count in counts.items():
                self._take(name, value, count)

    def summary(self) -> SliceSummary:
        return tuple(
            (masked(name), tuple((masked(value), count) for value, count in _most_first(counts)))
            for name, counts in sorted(self._counts.items())
        )

    def findings(self, training: Self | None) -> Iterator[Remark]:
        del training
        for name, counts in sorted(self._counts.items()):
            if without := self._lines - counts.total():
                words = f"has {without} of {self._lines} lines without the slice {shortened(name)}"
                yield "slices-missing", None, words
            small = [(value, count) for value, count in _most_first(counts) if count < FEWEST_LINES]
            if small:
                given = ", ".join(f"{shortened(value)} {count}" for value, count in small[:_NAMED])
                more = f", … ({len(small)} in all)" if len(small) > _NAMED else ""
                words = f"has slices of fewer than {FEWEST_LINES} lines under {shortened(name)}: {given}{more}"
                yield "slices-small", None, words

    def _take(self, name: str, value: str, count: int) -> None:
        if name not in self._counts and len(self._counts) == _MOST_NAMES:
            return
        counts = self._counts.setdefault(name, Counter())
        # What is more than can be kept is counted as one: so many values are no groups.
        counts[value if value in counts or len(counts) < _MOST_VALUES else "…"] += count


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda found: (-found[1], found[0]))
