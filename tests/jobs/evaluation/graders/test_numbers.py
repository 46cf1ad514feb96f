"""Numbers in answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import pytest

from jobs.evaluation.graders.numbers import number_in
from tests.jobs.evaluation.graders.asked import given, grader

GSM8K = " Weng earns 12/60 = $<<12/60=0.2>>0.2 per minute.\nShe earned 0.2 x 50 = $<<0.2*50=10>>10.\n#### 10!!!"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It is 42.", "42"),
        ("3 and then 4", "4"),
        ("-5", "-5"),
        ("10-5", "5"),
        ("−7 °C", "-7"),
        ("1,234,567.89 $", "1234567.89"),
        ("1'000", "1000"),
        ("1\u202f000\u00a0000 km", "1000000"),
        ("1,2345", "2345"),
        ("12,34", "34"),
        ("0.5", "0.5"),
        ("= .5", "0.5"),
        ("1.5e3", "1500"),
        ("6E-2 m", "0.06"),
        ("007", "7"),
        ("3.", "3"),
    ],
)
def test_the_last_number_of_a_text(text: str, number: str) -> None:
    assert number_in(text, "last", None) == Decimal(number)


@pytest.mark.parametrize("text", ["", "none", "####", "½", "٣"])
def test_a_text_without_a_number(text: str) -> None:
    assert number_in(text, "last", None) is None


@pytest.mark.parametrize(
    ("take", "marker", "number"), [("first", None, "12"), ("last", None, "10"), ("last", "####", "10")]
)
def test_which_number_it_is(take: Literal["first", "last"], marker: str | None, number: str) -> None:
    assert number_in(GSM8K, take, marker) == Decimal(number)


def test_after_a_marker_it_is_the_first_and_without_the_marker_there_is_none() -> None:
    assert number_in("#### 7 (of 9)", "last", "####") == 7
    assert number_in("#### 1 or rather #### 2", "first", "####") == 2
    assert number_in("It is 7.", "last", "####") is None


def test_a_decimal_comma() -> None:
    assert number_in("Das sind 1.234,5 Euro.", "last", None, ",") == Decimal("1234.5")


@pytest.mark.parametrize(
    ("keys", "said", "expected", "score"),
    [
        ({}, "10.0", "10", 1),
        ({}, "10.01", "10", 0),
        ({"tolerance": 0.1}, "1.1", "1", 1),
        ({"tolerance": 0.1}, "1.11", "1", 0),
        ({"relativeTolerance": 0.01}, "-101", "-100", 1),
        ({"relativeTolerance": 0.01}, "102", "100", 0),
        ({"relativeTolerance": 0.01, "tolerance": 3}, "102", "100", 1),
        ({"marker": "####"}, "so #### 10", GSM8K, 1),
        ({"marker": "####"}, "so it is 10", GSM8K, 0),
        ({"marker": "####"}, "#### 72", "72", 1),
        ({}, "1e999", "1e998", 0),
        ({}, "9" * 900 + "1", "9" * 900 + "2", 0),
    ],
)
def test_a_number_within_tolerance_is_right(keys: dict[str, Any], said: str, expected: str, score: float) -> None:
    assert given(grader("number", **keys), said, expected).score == score


def test_what_is_missing_is_said() -> None:
    assert given(grader("number", marker="####"), "10", "#### 10").said == "the answer has no number after ####"
    assert given(grader("number"), "10", "ten").said == "the example has no number"
    assert given(grader("number"), "11", "10").said == "11 is not 10"
