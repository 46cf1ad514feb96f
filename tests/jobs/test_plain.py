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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "cannot fetch https://a.blob.core.windows.net/c/b?se=2026&sig=Zm9vYmFy%2BYmF6%3D&sp=r now",
            "cannot fetch https://a.blob.core.windows.net/c/b?se=2026&sig=(left out)&sp=r now",
        ),
        ("Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0.c2ln-bmF0_dXJl, he said", None),
        ("a cut one: eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxI", "a cut one: (left out)"),
        ("AccountName=a;AccountKey=Zm9vYmFyYmF6cXV4==;x", "AccountName=a;AccountKey=(left out);x"),
    ],
)
def test_what_a_service_repeats_of_a_secret_is_left_out(text: str, told: str | None) -> None:
    expected = told or "Authorization: Bearer (left out), he said"

    assert plain(text) == one_line(text) == expected
    assert str(JobsError(text, details=[text])) == f"{expected}\n  {expected}"


def test_one_that_stands_where_a_long_text_is_cut_is_not_shown_by_half() -> None:
    for before in range(MOST - 60, MOST + 5):
        told = one_line(" ".join(["x" * before, "https://a/b?sig=Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6"]))
        assert "Zm9v" not in told


@pytest.mark.parametrize(
    "text", ["a query, such as a SAS (sig=…)", "sig=x", "eyJ", "the key's signature", "design=12345678"]
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert plain(text) == text
