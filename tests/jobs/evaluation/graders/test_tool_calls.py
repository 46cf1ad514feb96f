"""Tool calls, as in the public stock examples of azure-ai-docs."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.evaluation.grading import graded
from tests.jobs.evaluation.graders.asked import answer, grader, question

PRICE, DAYS = "get_current_stock_price", "get_last_nday_stock_price"
BAC = (DAYS, '{"symbol": "BAC", "period": "1mo"}')
Calls = list[tuple[str, str]]


def score(given: Calls, expected: Calls, text: str | None = None, **keys: Any) -> float:
    return graded(grader("tool_call", **keys), question(calls=expected), answer(text, calls=given)).score


@pytest.mark.parametrize(
    ("arguments", "right"),
    [
        ('{"symbol": "BAC", "period": "1mo"}', 1),
        ('{"period":"1mo","symbol":"BAC"}', 1),
        ('{"symbol": "BAC", "period": "1d"}', 0),
        ('{"symbol": "BAC"}', 0),
        ('{"symbol": "BAC", "period": "1mo", "exact": true}', 0),
        ('{"symbol": "BAC", "period": "1mo"', 0),
        ("", 0),
    ],
)
def test_arguments_are_compared_as_values(arguments: str, right: float) -> None:
    assert score([(DAYS, arguments)], [BAC]) == right


def test_a_subset_may_have_more_arguments_than_expected() -> None:
    assert score([(DAYS, '{"symbol": "BAC", "period": "1mo", "exact": 1}')], [BAC], arguments="subset") == 1
    assert score([(DAYS, '{"symbol": "BAC"}')], [BAC], arguments="subset") == 0


def test_names_only() -> None:
    assert score([(DAYS, "{}")], [BAC], arguments="ignored") == 1
    assert score([(PRICE, "{}")], [BAC], arguments="ignored") == 0


def test_numbers_are_the_same_however_written_and_true_is_no_number() -> None:
    assert score([("f", '{"n": 1.0}')], [("f", '{"n": 1}')]) == 1
    assert score([("f", '{"n": true}')], [("f", '{"n": 1}')]) == 0


def test_no_arguments_are_an_empty_object() -> None:
    assert score([("f", "")], [("f", "{}")]) == 1


def test_where_no_call_is_expected_none_is_right() -> None:
    assert score([], [], "Could you please clarify the stock ticker symbol?") == 1
    assert score([BAC], []) == 0
    assert score([], [BAC], "I will look it up.") == 0


def test_the_order_of_several_calls_counts_where_it_has_to() -> None:
    ge, gm = (PRICE, '{"symbol": "GE"}'), (PRICE, '{"symbol": "GM"}')

    assert score([gm, ge], [ge, gm]) == 1
    assert score([gm, ge], [ge, gm], order="same") == 0
    assert score([ge, gm], [ge, gm], order="same") == 1
    assert score([ge, ge], [ge, gm]) == 0
    assert score([ge, gm, gm], [ge, gm]) == 0


def test_each_expected_call_has_one_of_its_own_where_one_call_fits_several() -> None:
    """The first call fits both, the second one only the first expected: greedily taken they would not do."""
    both, one = ("f", '{"a": 1, "b": 2}'), ("f", '{"a": 1}')
    wanted: Calls = [("f", '{"a": 1}'), ("f", '{"b": 2}')]

    assert score([both, one], wanted, arguments="subset") == 1
    assert score([one, one], wanted, arguments="subset") == 0
