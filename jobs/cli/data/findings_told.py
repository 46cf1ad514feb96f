"""What a check came to, told in the form that is asked for."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from jobs.cli.data.check_result import CheckResult, examples
from jobs.cli.data.told import Told

if TYPE_CHECKING:
    from jobs.cli.data.mended_copies import MendedCopy


def tell(result: CheckResult, told: Told, *, summary: bool, files: Sequence[object] = ()) -> None:
    """What is formatted heavily, or for machines, is imported where it is asked for.

    files   to be mended, where that is asked for, as far as they lie here
    """
    copies: list[MendedCopy] = []
    if told.fix:
        from jobs.cli.data.mended_copies import write_mended

        copies = write_mended([file for file in files if isinstance(file, Path)])
    if told.form == "json":
        from jobs.cli.data.check_document import document

        typer.echo(document(result, copies).model_dump_json(indent=2, ensure_ascii=True))
        return
    _say_findings(result, told)
    if summary and told.form == "text":
        from jobs.cli.data.dataset_summary import summary_lines

        _each(summary_lines(result, shutil.get_terminal_size().columns if sys.stdout.isatty() else None))
    if told.fix:
        from jobs.cli.data import mended_copies

        _each(mended_copies.lines(copies, everything=told.everything))
        _each(f"{file}: is not mended: it does not lie here" for file in files if not isinstance(file, Path))
    elif summary and told.form == "text" and result.groups:
        _each(_mendable(result))
    if not result.errors:
        sizes = ", ".join(f"{examples(each)} {each.use}" for each in result.reports)
        typer.echo(f"{result.subject}: {sizes} examples; {result.verdict}")


def _say_findings(result: CheckResult, told: Told) -> None:
    if told.form == "github":
        from jobs.cli.data.annotations import commands

        root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
        _each(commands(result, root, everything=told.everything))
    elif told.form == "text" and sys.stdout.isatty():
        from rich.console import Console

        from jobs.cli.data.findings_table import print_findings

        print_findings(result, Console(file=sys.stdout, highlight=False), everything=told.everything)
    else:
        from jobs.cli.data.findings_lines import lines

        _each(lines(result, everything=told.everything))


def _mendable(result: CheckResult) -> Iterator[str]:
    """Which of the findings another option may do something about."""
    from jobs.data.mending.mend import RULES

    found = dict.fromkeys(group.rule.id for group in result.groups if group.rule.id in RULES)
    if found:
        yield f"--fix writes a copy in which that is mended, where it is certain: {', '.join(found)}"


def _each(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
