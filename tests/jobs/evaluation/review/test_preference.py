"""What somebody prefers, and what all of that comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.evaluation import Preferences
from jobs.evaluation.review.pairs import Pair
from jobs.evaluation.review.preference import CHOICES, Choice, Preference, preference, tally, words

PAIR = Pair("0123456789ab", 0, "Which?", "this", "that", "left")
AT = "2026-11-21T09:00:00Z"


def given(index: int, choice: Choice, by: str = "Ada") -> Preference:
    return preference(replace(PAIR, index=index), choice, against="live", by=by, at=AT)


@pytest.mark.parametrize(
    ("candidate_on", "choice", "preferred"),
    [
        ("left", "left", "candidate"),
        ("left", "right", "other"),
        ("right", "right", "candidate"),
        ("right", "left", "other"),
        ("right", "neither", "neither"),
    ],
)
def test_whose_answer_is_preferred_is_told_by_its_side(candidate_on: str, choice: Choice, preferred: str) -> None:
    pair = Pair("0123456789ab", 0, "Which?", "this", "that", "left" if candidate_on == "left" else "right")

    assert preference(pair, choice, against="live", by="Ada", at=AT).preferred == preferred


def test_all_are_counted_with_the_names_of_who_gave_them() -> None:
    all_given = [given(0, "left"), given(1, "left"), given(2, "right"), given(0, "neither", "Bob")]

    assert tally("live", all_given) == Preferences(
        against="live", preferred=2, other=1, neither=1, reviewers=("Ada", "Bob")
    )


def test_what_was_given_against_another_does_not_count() -> None:
    assert tally("prompted", [given(0, "left")]) is None


def test_what_chance_may_do_is_said_of_examples_and_not_of_votes() -> None:
    """Three people who agree on two examples have shown two examples: 2 · 0.5²."""
    all_given = [given(index, "left", by) for index in (0, 1) for by in ("Ada", "Bob", "Eve")]
    found = tally("live", all_given)

    assert found is not None
    assert words(found, all_given) == (
        "preferred by Ada, Bob, Eve: candidate 6, live 0, neither 0; by examples 2 to 0, as chance alone has it in "
        "50.0 % of all cases"
    )


def test_what_chance_hardly_ever_does_is_not_told_to_the_last_digit() -> None:
    even, one_sided = ([given(index, choice) for index in range(20)] for choice in CHOICES[:2])

    assert "by examples 0 to 20, as chance alone has it in under 0.1 % of all cases" in words(
        _tally(one_sided), one_sided
    )
    mixed = [*even[:10], *one_sided[10:]]
    assert "by examples 10 to 10, as chance alone has it in 100.0 % of all cases" in words(_tally(mixed), mixed)


def _tally(all_given: list[Preference]) -> Preferences:
    found = tally("live", all_given)
    assert found is not None
    return found


def test_where_nobody_prefers_any_chance_is_not_spoken_of() -> None:
    found = tally("live", [given(0, "neither")])

    assert found is not None
    assert "chance" not in words(found, [given(0, "neither")])


def test_a_line_is_read_back_as_it_was_written() -> None:
    assert Preference.model_validate_json(given(3, "right").model_dump_json()) == given(3, "right")
