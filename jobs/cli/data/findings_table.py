"""Findings for people at a terminal: by file and rule, the first few lines of each, and where the rule is explained.

models/clippy/training_set.jsonl
  error schema-role: unknown role, 15 times
    61  message 1 has the role 'human'; known: system, developer, user, assistant, tool
    62  message 1 has the role 'human'; known: system, developer, user, assistant, tool
        … and 13 more; --all shows them
        docs/rules/schema-role.md
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jobs.cli.data.check_result import CheckResult, Group, page_of

if TYPE_CHECKING:
    from rich.console import Console

SHOWN = 3
_SOURCE = re.compile(r" \([a-z][^()]*\)(?=\.$)")
"""Where a reason is from, which the rule's page says in more words."""
_COLOURS = {"error": "bold red", "warning": "yellow"}


def print_findings(result: CheckResult, console: Console, *, everything: bool) -> None:
    file = None
    for group in result.groups:
        if group.file != file:
            file = group.file
            console.print(Text(file, style="bold"), soft_wrap=True)
        console.print(Padding(_heading(group), (0, 0, 0, 2), expand=False))
        console.print(Padding(Text(_SOURCE.sub("", group.rule.why), style="dim"), (0, 0, 0, 4), expand=False))
        console.print(Padding(_rows(group, everything=everything), (0, 0, 0, 4), expand=False))


def _heading(group: Group) -> Text:
    rule = group.rule
    times = f", {group.count:,} times" if group.count > 1 else ""
    return Text.assemble((rule.severity, _COLOURS[rule.severity]), " ", (rule.id, "bold"), f": {rule.title}{times}")


def _rows(group: Group, *, everything: bool) -> Table:
    shown = group.findings if everything else group.findings[:SHOWN]
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(justify="right", style="cyan", no_wrap=True)
    rows.add_column(overflow="fold")
    for finding in shown:
        rows.add_row("" if finding.line is None else str(finding.line), Text(finding.message))
    if group.count > len(shown):
        hint = "" if everything or len(group.findings) <= SHOWN else "; --all shows them"
        rows.add_row("", Text(f"… and {group.count - len(shown):,} more{hint}", style="dim"))
    page = page_of(group.rule)
    if page is not None:
        rows.add_row("", Text(_seen_from_here(page), style=f"dim link {page.as_uri()}"))
    return rows


def _seen_from_here(page: Path) -> str:
    near = os.path.relpath(page)
    return str(page) if near.startswith("..") else near
