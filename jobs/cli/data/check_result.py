"""What a check came to, in the order in which people are told: by file, errors first, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import jobs
from jobs.data.check import Report
from jobs.data.expected import Expected
from jobs.data.findings import Finding
from jobs.data.rules import RULES, Rule

_PAGES = Path(jobs.__file__).parent.parent / "docs" / "rules"


@dataclass(frozen=True)
class Group:
    """The findings of one rule in one file. ``count``: how many there are, kept or not."""

    rule: Rule
    file: str
    findings: tuple[Finding, ...]
    count: int


@dataclass(frozen=True)
class CheckResult:
    """What was checked, and what was found.

    subject    the model's name, or the file's path
    expected   what the training file is held to
    reports    of each file, training first
    others     findings that stand in no file's report: of tune.yaml, and of files beside each other
    """

    subject: str
    expected: Expected
    reports: tuple[Report, ...]
    others: tuple[Finding, ...] = ()

    @property
    def groups(self) -> list[Group]:
        """tune.yaml first, then the files in their order; in each the errors first, rules as they stand in RULES."""
        found: dict[tuple[str, str], list[Finding]] = {}
        for finding in (*self.others, *(finding for report in self.reports for finding in report.findings)):
            found.setdefault((finding.file, finding.rule), []).append(finding)
        counts = {(report.file, rule): count for report in self.reports for rule, count in report.counts.items()}
        groups = [
            # An environment may take a rule more seriously than the rule itself.
            Group(
                replace(RULES[rule], severity=findings[0].severity),
                file,
                tuple(findings),
                max(len(findings), counts.get((file, rule), 0)),
            )
            for (file, rule), findings in found.items()
        ]
        files = _places(report.file for report in self.reports)
        rules = _places(RULES)
        return sorted(groups, key=lambda g: (files.get(g.file, -1), g.rule.severity != "error", rules[g.rule.id]))

    @property
    def errors(self) -> int:
        return sum(group.count for group in self.groups if group.rule.severity == "error")

    @property
    def warnings(self) -> int:
        return sum(group.count for group in self.groups if group.rule.severity == "warning")

    @property
    def verdict(self) -> str:
        """``2 errors, no warnings``"""
        return f"{counted(self.errors, 'error')}, {counted(self.warnings, 'warning')}"


def examples(report: Report) -> int:
    """How many there are, those of other kinds than the expected one included."""
    return sum(report.kinds.values())


def _places(names: Iterable[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def page_of(rule: Rule) -> Path | None:
    """The rule's page in this checkout; None where the program was installed without its docs."""
    page = _PAGES / f"{rule.id}.md"
    return page if page.is_file() else None


def counted(number: int, noun: str) -> str:
    """``no errors``, ``1 error``, ``1,200 errors``"""
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else f"no {noun}s"
