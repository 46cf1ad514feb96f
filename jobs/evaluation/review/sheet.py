"""Pairs as a CSV sheet, for reviewers without the tool, and how one is read. It says of no answer whose it is.

A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, "CSV injection"): models say what
they like. Spreadsheets take up to 32,767 characters in a cell (Microsoft, "Excel specifications and limits").
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from contract.shape import has_orders
from jobs.data.conversion.csv_records import records
from jobs.data.reading.json_line import shortened
from jobs.evaluation.review.pairs import Pair
from jobs.evaluation.review.preference import CHOICES, Choice
from jobs.plain import plain

COLUMNS = ("pair", "reviewer", "question", "left", "right", "preference")
_NEEDED = ("pair", "reviewer", "preference")
_LONGEST = 32_000
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_SHORT: Mapping[str, Choice] = {**{choice: choice for choice in CHOICES}, **{choice[0]: choice for choice in CHOICES}}


@dataclass(frozen=True)
class Given:
    """What a sheet says of one pair."""

    reviewer: str
    pair: Pair
    choice: Choice


def sheet(pairs: Iterable[Pair], reviewer: str) -> bytes:
    """The file; with a byte order mark, by which Excel knows UTF-8. ``preference`` is empty, to be filled in."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for pair in pairs:
        writer.writerow([_cell(each) for each in (pair.key, reviewer, pair.question, pair.left, pair.right, "")])
    return text.getvalue().encode("utf-8-sig")


def read_sheet(
    source: BinaryIO, pairs_of: Callable[[str], Sequence[Pair]]
) -> tuple[tuple[Given, ...], tuple[str, ...]]:
    """What reviewers have filled in, and all that is wrong, each with its line. ``pairs_of``: those of a reviewer.

    A row without a preference was skipped. One that is there twice counts once, if both say the same.
    """
    given: dict[tuple[str, str], tuple[str, Given]] = {}
    faults: list[str] = []
    known: dict[str, dict[str, Pair]] = {}
    for record in records(source):
        if record.value is None:
            faults += [f"{record.place}: {record.fault}"] if record.fault is not None else []
            continue
        row = {str(name).strip().lower(): str(cell) for name, cell in record.value.items()}
        if missing := [name for name in _NEEDED if name not in row]:
            # The head's fault, of which every row would tell again.
            faults.append(f"line 1: has no column {', '.join(missing)}")
            break
        key, reviewer, said = (_bare(row[name]) for name in _NEEDED)
        found = list(_faults(reviewer, said))
        if not found and said:
            pairs = known.setdefault(reviewer, {pair.key: pair for pair in pairs_of(reviewer)})
            found = list(_unknown(key, reviewer, pairs))
            if not found:
                each = Given(reviewer, pairs[key], _SHORT[said.lower()])
                place, before = given.setdefault((reviewer, key), (record.place, each))
                if before != each:
                    found.append(f"says {each.choice} of pair {key}, of which {place} says {before.choice}")
        faults += [f"{record.place}: {fault}" for fault in found]
    return tuple(each for _, each in given.values()), tuple(faults)


def _faults(reviewer: str, said: str) -> Iterator[str]:
    if not said:
        return
    if said.lower() not in _SHORT:
        yield f"the preference is {shortened(said)}: left, right or neither is expected, or nothing"
    if not reviewer:
        yield "names no reviewer"
    elif has_orders(reviewer):
        yield "the reviewer's name has control characters"


def _unknown(key: str, reviewer: str, pairs: Mapping[str, Pair]) -> Iterator[str]:
    if key not in pairs:
        yield (
            f"{shortened(key)} is no pair of this scorecard for the reviewer {shortened(reviewer)}: the sheet is of "
            "other answers, or was exported for another person"
        )


def _cell(text: str) -> str:
    shown = plain(text)
    if len(shown) > _LONGEST:
        shown = f"{shown[:_LONGEST]}… (cut here: it is longer than a spreadsheet takes)"
    return f"'{shown}" if shown.startswith(_FORMULAS) else shown


def _bare(cell: str) -> str:
    """Without the apostrophe that ``_cell`` has put before it."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULAS) else text
