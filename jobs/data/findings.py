"""Findings: what a check has to say, each with its file and line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from jobs.data.rules import RULES, Severity

Fault = tuple[str, str]
"""A rule's ID, and what was found on a line."""
Remark = tuple[str, int | None, str]
"""A rule's ID, the line (from 1) or None for the file as a whole, and what was found."""
KEPT_PER_RULE = 1000
"""So many findings of each rule are kept for one file; the others are counted."""


@dataclass(frozen=True)
class Finding:
    """``file`` is a path, or an address; ``line`` from 1; None where the file as a whole is meant."""

    rule: str
    severity: Severity
    file: str
    line: int | None
    message: str


class Faults:
    """Faults of one file, or a piece of it, as they come; in memory that does not grow with the file.

    counts    how many there were of each rule, kept or not
    """

    def __init__(self) -> None:
        self._kept: list[tuple[str, int | None, str]] = []
        self.counts: Counter[str] = Counter()

    def add(self, rule: str, line: int | None, message: str) -> None:
        self.counts[rule] += 1
        if self.counts[rule] <= KEPT_PER_RULE:
            self._kept.append((rule, line, message))

    def merge(self, later: Faults) -> None:
        """Takes in what was found after it."""
        for rule, line, message in later._kept:
            self.add(rule, line, message)
        if len(later._kept) < later.counts.total():
            self.counts.update(later.counts - Counter(rule for rule, _, _ in later._kept))

    def instead(self, rule: str, message: str, line: int | None = None) -> None:
        """Says once what would be said of each line."""
        self.drop(rule)
        self.add(rule, line, message)

    def drop(self, rule: str) -> None:
        """Says nothing of this rule."""
        self._kept = [fault for fault in self._kept if fault[0] != rule]
        del self.counts[rule]

    def first(self, rule: str) -> tuple[int | None, str] | None:
        """Of this rule: the line, and what was found there."""
        return next(((line, message) for found, line, message in self._kept if found == rule), None)

    def findings(self, file: str) -> tuple[Finding, ...]:
        """Those that were kept, in the order of the file; what concerns the whole file first."""
        in_order = sorted(self._kept, key=lambda fault: fault[1] or 0)
        return tuple(Finding(rule, RULES[rule].severity, file, line, message) for rule, line, message in in_order)
