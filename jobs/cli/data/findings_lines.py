"""Findings as editors and CI read them: a line each, ``file:line: severity: words [rule]``."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.cli.data.check_result import CheckResult
from jobs.data.findings import Finding

SHOWN = 10
"""So many findings of a rule are shown for a file, unless all are asked for."""


def lines(result: CheckResult, *, everything: bool) -> Iterator[str]:
    """Those that are left out are counted in a line of their own."""
    for group in result.groups:
        shown = group.findings if everything else group.findings[:SHOWN]
        for finding in shown:
            yield f"{place(finding)}: {finding.severity}: {finding.message} [{finding.rule}]"
        if group.count > len(shown):
            yield f"{group.file}: … and {group.count - len(shown):,} more [{group.rule.id}]"


def place(finding: Finding) -> str:
    return finding.file if finding.line is None else f"{finding.file}:{finding.line}"
