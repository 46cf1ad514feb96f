"""Pairs as a sheet, and the sheet that comes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.evaluation.review.pairs import Pair
from jobs.evaluation.review.sheet import COLUMNS, Given, read_sheet, sheet

PAIRS = tuple(
    Pair(f"{number:012x}", number, f"Question {number}?", "Yes.", "No,\nnever.", "left" if number % 2 else "right")
    for number in range(3)
)
HEAD = "pair,reviewer,preference\n"


def pairs_of(reviewer: str) -> Sequence[Pair]:
    return PAIRS if reviewer == "Ada" else ()


def read(text: str | bytes) -> tuple[tuple[Given, ...], tuple[str, ...]]:
    return read_sheet(io.BytesIO(text.encode() if isinstance(text, str) else text), pairs_of)


def filled(content: bytes, *preferences: str, delimiter: str = ",") -> bytes:
    """As a spreadsheet would save it."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    for row, preference in zip(rows[1:], preferences, strict=True):
        row[-1] = preference
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_that_was_filled_in_says_who_prefers_what(delimiter: str) -> None:
    """In many countries Excel saves with semicolons."""
    found, faults = read(filled(sheet(PAIRS, "Ada"), "left", " R ", "Neither", delimiter=delimiter))

    assert faults == ()
    assert found == (
        Given("Ada", PAIRS[0], "left"),
        Given("Ada", PAIRS[1], "right"),
        Given("Ada", PAIRS[2], "neither"),
    )


def test_whose_an_answer_is_stands_nowhere_in_it() -> None:
    turned = [replace(pair, candidate_on="left" if pair.candidate_on == "right" else "right") for pair in PAIRS]

    assert sheet(PAIRS, "Ada") == sheet(turned, "Ada")
    assert b"candidate" not in sheet(PAIRS, "Ada")


def test_pairs_without_a_preference_were_skipped() -> None:
    assert read(sheet(PAIRS, "Ada")) == ((), ())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://e.example","x")', "'=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    """OWASP, CSV injection: what begins so is carried out by spreadsheets."""
    content = sheet([replace(PAIRS[0], question=text, left=text, right=text)], text).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(content, newline="")))

    for column in ("reviewer", "question", "left", "right"):
        assert row[column] == f"'{text}"


def test_a_reviewer_whose_name_looks_like_a_formula_is_still_known() -> None:
    content = filled(sheet(PAIRS[:1], "-Ada-"), "left")
    found, faults = read_sheet(io.BytesIO(content), lambda name: PAIRS if name == "-Ada-" else ())

    assert (faults, found) == ((), (Given("-Ada-", PAIRS[0], "left"),))


def test_an_answer_that_is_longer_than_a_cell_is_cut_and_says_so() -> None:
    content = sheet([replace(PAIRS[0], left="x" * 40_000)], "Ada").decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(content, newline="")))

    assert len(row["left"]) < 32_767
    assert row["left"].endswith("(cut here: it is longer than a spreadsheet takes)")


def test_every_fault_is_told_with_its_line() -> None:
    key = PAIRS[0].key
    found, faults = read(
        f"{HEAD}{key},Ada,left\n{key},Ada,leftish\n{key},,left\n\n{key},Bob,left\nffff,Ada,r\n{key},Ada,right\n{key},Ada\n"
    )

    assert found == (Given("Ada", PAIRS[0], "left"),)
    assert [fault.split(":")[0] for fault in faults] == ["line 3", "line 4", "line 6", "line 7", "line 8", "line 9"]
    assert "'leftish'" in faults[0].replace('"', "'")
    assert "names no reviewer" in faults[1]
    assert "no pair of this scorecard for the reviewer" in faults[2]
    assert faults[4] == f"line 8: says right of pair {key}, of which line 2 says left"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "line 1: is empty"),
        (b"pair,reviewer\nx,Ada\ny,Ada\n", "line 1: has no column preference"),
        (b"\xff\xfe\x00", "line 1: is not UTF-8"),
        (b'pair,reviewer,preference\n"x,Ada,left\n', "line 2: is no CSV"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xdf\n an Excel workbook", "line 1: is not UTF-8"),
    ],
)
def test_what_is_no_sheet_is_refused(content: bytes, fault: str) -> None:
    found, faults = read(content)

    assert found == ()
    assert len(faults) == 1
    assert faults[0].startswith(fault)


def test_a_pair_that_is_there_twice_counts_once() -> None:
    row = f"{PAIRS[0].key},Ada,left\n"

    assert read(f"{HEAD}{row}{row}") == ((Given("Ada", PAIRS[0], "left"),), ())


@given(st.binary(max_size=200))
def test_whatever_the_file_is_nobody_is_shown_a_traceback(content: bytes) -> None:
    found, faults = read(HEAD.encode() + content)

    assert all(fault.startswith("line ") for fault in faults)
    assert found == ()


@given(st.text(), st.text())
def test_what_models_say_never_breaks_the_sheet(left: str, right: str) -> None:
    content = sheet([replace(PAIRS[0], left=left, right=right), PAIRS[1]], "Ada")

    assert read(filled(content, "left", "right")) == (
        (Given("Ada", replace(PAIRS[0]), "left"), Given("Ada", PAIRS[1], "right")),
        (),
    )
    assert list(COLUMNS) == content.decode("utf-8-sig").splitlines()[0].split(",")
