"""Findings as annotations of GitHub Actions, which the pages of a pull request show beside the lines they are about.

``::error file=…,line=…,title=…::message``, escaped as GitHub's toolkit does (actions/toolkit,
packages/core/src/command.ts: in a message %, CR and LF; in a property : and , too).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from jobs.cli.data.check_result import CheckResult, Group
from jobs.data.findings import Finding


def commands(result: CheckResult, root: Path, *, everything: bool) -> Iterator[str]:
    """One for each rule that a file breaks, since GitHub shows ten of a step; ``everything``: one for each finding.

    root   of the repository: GitHub finds files by their path in it
    """
    for group in result.groups:
        for finding in group.findings if everything else group.findings[:1]:
            more = 0 if everything else group.count - 1
            yield _annotation(group, finding, f"; and {more:,} more in this file" if more else "", root)


def _annotation(group: Group, finding: Finding, more: str, root: Path) -> str:
    title = f"{group.rule.id}: {group.rule.title}"
    message = finding.message + more
    return command(finding.severity, finding.file, finding.line, message, title=title, root=root)


def command(severity: str, file: str, line: int | None, message: str, *, title: str, root: Path) -> str:
    """One annotation."""
    properties = {
        "file": _in_repository(file, root),
        "line": str(line) if line is not None else None,
        "title": title,
    }
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value is not None)
    return f"::{severity} {written}::{_data(message)}"


def _in_repository(file: str, root: Path) -> str:
    """An address, or a file outside the repository, stays as it is."""
    if "://" in file:
        return file
    path = os.path.relpath(Path.cwd() / file, root)
    return file if path.startswith("..") else Path(path).as_posix()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
