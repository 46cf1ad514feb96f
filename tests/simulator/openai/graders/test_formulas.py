"""The arithmetic of multi graders, as Microsoft's page lists it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.openai.graders.formulas import Unreadable, check, value


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("(a + b) / 2", 0.75),
        ("a - b * 2", -0.0),
        ("2 * 3 ^ 2", 18),
        ("-2 ^ 2", -4),
        ("min(a, b) + max(a, b)", 1.5),
        ("abs(-b) + floor(1.7) + ceil(0.2)", 2.5),
        ("exp(0) + sqrt(4) + log(1)", 3),
        (".5 * a", 0.5),
    ],
)
def test_a_formula_is_calculated(formula: str, wanted: float) -> None:
    assert value(formula, {"a": 1.0, "b": 0.5}) == pytest.approx(wanted)


@pytest.mark.parametrize("formula", ["", "a +", "(a", "c", "a b", "min()", "abs(a, b)", "a; b", "__import__('os')"])
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(Unreadable):
        check(formula, {"a", "b"})


def test_a_division_by_zero_is_found_when_it_happens() -> None:
    check("a / b", {"a", "b"})
    with pytest.raises(ArithmeticError):
        value("a / b", {"a": 1.0, "b": 0.0})


@given(st.text("ab01.+-*/^(), minlogqrtexp", max_size=60) | st.text(max_size=20))
def test_nothing_else_ever_happens(formula: str) -> None:
    """Not to the wildest text: it is calculated, or refused."""
    with contextlib.suppress(Unreadable, ArithmeticError):
        assert isinstance(value(formula, {"a": 1.0, "b": 0.5}), float | int)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(Unreadable):
        check("(" * 5_000 + "a" + ")" * 5_000, {"a"})
