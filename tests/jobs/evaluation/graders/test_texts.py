"""Graders that compare texts."""

from __future__ import annotations

import time

import pytest

from tests.jobs.evaluation.graders.asked import given, grader


@pytest.mark.parametrize(
    ("said", "score"), [("Paris", 1), (" Paris\n", 1), ("paris", 0), ("Paris.", 0), ("", 0), (None, 0)]
)
def test_an_exact_match_is_the_same_but_for_blanks_around_it(said: str | None, score: float) -> None:
    assert given(grader("exact_match"), said, "Paris").score == score


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("THE  answer\tis:\n«yes»!", "the answer is yes"),
        ("Straße", "STRASSE"),
        ("ＡＢＣ　１２", "abc 12"),
        ("ﬁne", "fine"),
        ("don't", "Don’t"),
        ("don't", "dont"),
        ("well-known", "well known"),
        ("cafe\u0301", "café"),
        ("−5", "-5"),
        ("a-1", "a 1"),
    ],
)
def test_case_blanks_punctuation_and_forms_of_characters_are_no_difference(said: str, expected: str) -> None:
    assert given(grader("normalized_match"), said, expected).score == 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [("3.5", "35"), ("-5", "5"), ("1,5", "15"), (".5", "5"), ("cafe", "café"), ("$5", "5"), ("5 %", "5")],
)
def test_another_number_or_letter_is_a_difference(said: str, expected: str) -> None:
    """A percent sign is punctuation to Unicode (Po), a dollar is a symbol (Sc)."""
    same = said == "5 %"

    assert given(grader("normalized_match"), said, expected).score == float(same)


def test_contains_looks_for_the_expected_text_unless_values_are_named() -> None:
    assert given(grader("contains"), "It is PARIS, of course.", "Paris").score == 1
    assert given(grader("contains", caseSensitive=True), "It is PARIS.", "Paris").score == 0
    assert given(grader("contains", values=["sorry"]), "I am sorry.", "Paris").score == 1


def test_of_several_values_all_or_any_have_to_be_there() -> None:
    values = ["red", "{{ item.colour }}"]

    found = given(grader("contains", values=values), "red and black", item={"colour": "blue"})

    assert (found.score, found.said) == (0, "lacks blue")
    assert given(grader("contains", values=values, match="any"), "so blue", item={"colour": "blue"}).score == 1
    assert given(grader("contains", values=values, match="any"), "black", item={"colour": "blue"}).score == 0


@pytest.mark.parametrize(
    ("keys", "score"),
    [
        ({"pattern": r"\d{4}-\d\d"}, 1),
        ({"pattern": r"\d{4}-\d\d", "match": "full"}, 0),
        ({"pattern": r"on \p{Lu}"}, 0),
        ({"pattern": r"ON \d", "ignoreCase": True}, 1),
    ],
)
def test_a_pattern_is_searched_for_or_has_to_fit_the_whole(keys: dict[str, object], score: float) -> None:
    assert given(grader("regex", **keys), "on 2026-11-21").score == score


def test_a_pattern_that_tries_without_end_is_given_up_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.evaluation.graders.patterns._SECONDS", 0.05)
    began = time.monotonic()

    found = given(grader("regex", pattern=r"^(?:(a|aa)+b?)+$"), "a" * 60 + "!")

    assert found.score == 0
    assert "0.05 s" in (found.said or "")
    assert time.monotonic() - began < 5


def test_what_a_template_refers_to_and_is_not_there_is_named_with_no_score() -> None:
    found = given(grader("exact_match", reference="{{ item.truth.date }}"), "x", item={"truth": {}})

    assert (found.score, found.said) == (0, "{{ item.truth.date }} is not there")
    assert given(grader("exact_match"), "x").said == "{{ item.reference }} is not there"
