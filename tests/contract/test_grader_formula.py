"""A multi grader's formula: the documented operators and functions, on the graders there are."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.grader_formula import check, used, value

GRADERS = frozenset({"similarity", "label"})


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("(similarity + label) / 2", {"similarity", "label"}),
        ("min(similarity, label) ^ 2", {"similarity", "label"}),
        (" -label + 0.5 * max(1, 1e-3)", {"label"}),
        ("exp(sqrt(abs(floor(ceil(log(label))))))", {"label"}),
        ("1", set()),
    ],
)
def test_documented_formulas_are_taken(formula: str, names: set[str]) -> None:
    """azure-ai-docs, reinforcement-fine-tuning.md: + - * / ^, min, max, abs, floor, ceil, exp, sqrt, log."""
    check(formula, GRADERS)

    assert used(formula) == names


@pytest.mark.parametrize("formula", ["", "label +", "label label", "label.real", "label[0]", "label // 2", "label % 2"])
@pytest.mark.parametrize("around", ["{}", "min({}, 1)"])
def test_anything_else_is_refused(formula: str, around: str) -> None:
    with pytest.raises(ValueError, match="calculateOutput"):
        check(around.format(formula) if formula else formula, GRADERS)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="calculateOutput") as refused:
        check("sine(x) + 'a'", GRADERS)

    for words in ("sine is no function here", "x is no grader here", "'a' is no number"):
        assert words in str(refused.value)


@given(st.text(max_size=200) | st.sampled_from(["(" * 5000, "-" * 9000 + "1", "label" + "^2" * 3000, "f" * 20_000]))
def test_no_formula_brings_the_check_down(formula: str) -> None:
    """Whatever is written: a formula, or a ValueError and no other."""
    with suppress(ValueError):
        check(formula, GRADERS)


def test_python_has_nothing_to_say_of_a_formula() -> None:
    """It warns of what it will take no more one day: that is no news to who writes a formula."""
    with pytest.raises(ValueError, match="is none of"):
        check("1if label else 0", GRADERS)


def test_no_depth_brings_the_check_down() -> None:
    with pytest.raises(ValueError, match="is none of"):
        check("label" + ".a" * 2000, GRADERS)


@pytest.mark.parametrize(
    ("formula", "words"),
    [("min()", "min() is of nothing"), ("abs(label, 1)", "abs takes one value, not 2"), ("log()", "is of nothing")],
)
def test_a_function_has_as_many_values_as_it_takes(formula: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        check(formula, GRADERS)


@pytest.mark.parametrize(
    ("formula", "comes_to"),
    [
        ("(similarity + label) / 2", 0.75),
        ("-2 ^ 2", -4),
        ("2 ^ 3 ^ 2", 512),
        ("min(similarity, label, 0.75) + max(label)", 1.0),
        ("floor(1.7) + ceil(0.2) + abs(-1) + exp(0) + sqrt(4) + log(1)", 6),
    ],
)
def test_a_formula_is_computed(formula: str, comes_to: float) -> None:
    assert value(formula, {"similarity": 1.0, "label": 0.5}) == pytest.approx(comes_to)


@pytest.mark.parametrize(
    "formula", ["1 / 0", "log(0)", "(0 - 8) ^ 0.5", "exp(1000)", "9 ^ 9 ^ 9 ^ 9", "+".join("1" * 1500)]
)
def test_what_comes_to_nothing_is_an_arithmetic_error(formula: str) -> None:
    """The last one is a sum that is too long for the way it is computed."""
    check(formula, GRADERS)

    with pytest.raises(ArithmeticError):
        value(formula, {})
