"""Words that others wrote are shown as they are, and obeyed by nobody."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.errors import JobsError, ServiceRefused
from jobs.plain import MOST, one_line, plain

# ECMA-48: CSI (clear the screen), OSC 52 (xterm: write the clipboard), OSC 0 (the title), the C1 form of CSI.
ORDERS = ["\x1b[2J", "\x1b]52;c;ZXZpbA==\x07", "\x1b]0;title\x07", "\x9b31m", "\b\b\b", "\rjobs: done", "\u202egnp.exe"]


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_to_a_terminal_is_written_out(order: str) -> None:
    told = plain(f"before{order}after")

    assert told.startswith("before\\")
    assert told.endswith("after")


def test_lines_and_tabs_and_all_writing_stay() -> None:
    text = "two\nlines\tund Grüße, 你好, שלום, 🙂"

    assert plain(text) == text


@given(st.text())
def test_nothing_is_left_that_is_a_control_character(text: str) -> None:
    left = {each for each in plain(text) if unicodedata.category(each) == "Cc"}

    assert left <= {"\n", "\t"}


@given(st.text(max_size=5000))
def test_one_line_is_one_line_of_a_length_that_is_read(text: str) -> None:
    told = one_line(text)

    assert len(told.splitlines()) <= 1
    assert len(told) <= MOST


def test_an_error_says_nothing_that_is_obeyed() -> None:
    error: JobsError = ServiceRefused(
        "x\x1b[2J", details=["y\x1b]0;t\x07", "z\r"], code="c\x9b1m\njobs: done", request_id="r\n\x1b[A"
    )

    told = str(error)
    assert not set(told) & {"\x1b", "\x9b", "\x07", "\r"}
    assert len(told.splitlines()) == 4
