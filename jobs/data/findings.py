"""Findings: what a check has to say, each with its file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from jobs.data.rules import RULES, Severity

Fault = tuple[str, str]
"""A rule's ID, and what was found on a line."""
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


class Findings:
    """Findings of one file as they come, in memory that does not grow with the file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._kept: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def add(self, rule: str, line: int | None, message: str) -> None:
        self._counts[rule] += 1
        if self._counts[rule] <= KEPT_PER_RULE:
            self._kept.append(Finding(rule, RULES[rule].severity, self._file, line, message))

    @property
    def kept(self) -> tuple[Finding, ...]:
        """In the order of the file; what concerns the whole file first."""
        return tuple(sorted(self._kept, key=lambda finding: finding.line or 0))

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there were of each rule, kept or not."""
        return dict(self._counts)
