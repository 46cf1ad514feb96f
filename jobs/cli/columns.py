"""A table of texts: aligned where it fits, a paragraph for each row where a terminal is too narrow for it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

import typer

from jobs.plain import one_line

NOTHING = "-"
_BETWEEN = 2


def say_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, title: int) -> None:
    """``title``: so many of the first columns head a row's paragraph; the others follow, a line each."""
    table = [[one_line(cell) for cell in row] for row in rows]
    if fits(headings, table):
        widths = _widths(headings, table)
        for line in (headings, *table):
            parts = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            typer.echo((" " * _BETWEEN).join(parts).rstrip())
        return
    for row in table:
        typer.echo(" ".join(cell for cell in row[:title] if cell != NOTHING) or NOTHING)
        for heading, cell in zip(headings[title:], row[title:], strict=True):
            if cell != NOTHING:
                typer.echo(f"  {heading.lower()}: {cell}")


def fits(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether it needn't be wrapped. Where no terminal cuts lines, such as in a file, it always fits."""
    widths = _widths(headings, rows)
    wide = sum(widths) + _BETWEEN * (len(widths) - 1)
    return not sys.stdout.isatty() or wide <= shutil.get_terminal_size().columns


def _widths(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(len(line[column]) for line in (headings, *rows)) for column in range(len(headings))]
