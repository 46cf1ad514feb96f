"""What is frequent among more values than can be kept (Misra and Gries, "Finding repeated elements", 1982)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Self


class Frequent:
    """Counts up to ``room`` different values exactly; of more, a count may be too small by what ``missed`` says.

    total    how many values there were
    missed   what any count may lack: never more than a thousandth of the total
    """

    def __init__(self, room: int = 1000) -> None:
        self._room = room
        self._counts: Counter[str] = Counter()
        self.total = 0
        self.missed = 0

    def add(self, value: str) -> None:
        self.total += 1
        self._counts[value] += 1
        if len(self._counts) > 2 * self._room:
            self._reduce()

    def update(self, values: Sequence[str]) -> None:
        """As ``add`` for each."""
        self.total += len(values)
        self._counts.update(values)
        if len(self._counts) > 2 * self._room:
            self._reduce()

    def merge(self, later: Self) -> None:
        """Takes in what another has counted (Agarwal and others, "Mergeable summaries", 2012)."""
        self.total += later.total
        self.missed += later.missed
        self._counts.update(later._counts)
        if len(self._counts) > 2 * self._room:
            self._reduce()

    @property
    def distinct(self) -> int | None:
        """How many different values there were; None where there were too many to tell."""
        return None if self.missed else len(self._counts)

    def most(self) -> tuple[str, int] | None:
        """The most frequent value and its count, at least; of equally frequent ones the first in the alphabet."""
        return min(self._counts.items(), key=lambda found: (-found[1], found[0]), default=None)

    def counts(self) -> list[tuple[str, int]]:
        """The most frequent first."""
        return sorted(self._counts.items(), key=lambda found: (-found[1], found[0]))

    def _reduce(self) -> None:
        """Down to ``room`` values: from each as much is taken as the largest that goes has."""
        kept = sorted(self._counts.values(), reverse=True)
        taken = kept[self._room]
        self.missed += taken
        self._counts = Counter({value: count - taken for value, count in self._counts.items() if count > taken})
