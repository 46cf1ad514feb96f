"""Blind pairs: what is shown, in which order, on which side."""

from __future__ import annotations

from jobs.evaluation.answer import AnsweredCall
from jobs.evaluation.review.pairs import Pair, answer_words, pairs_of
from jobs.evaluation.scorecard import RowAnswer, Scorecard
from tests.jobs.evaluation.measured import answer, measured, performance

COUNT = 60


def card(same: int = 0) -> Scorecard:
    """Of the first ``same`` examples both answers are the same."""
    ours = {index: answer(index, f"ours {index}") for index in range(COUNT)}
    theirs = {index: answer(index, f"theirs {index}" if index >= same else f"ours {index}") for index in range(COUNT)}
    return measured(
        performance("candidate", [1.0] * COUNT, "candidate", answers=ours),
        performance("prompted", [1.0] * COUNT, answers=theirs),
    )


def test_a_pair_has_both_answers_and_knows_on_which_side_the_candidates_is() -> None:
    for pair in pairs_of(card(), "prompted", "Ada"):
        ours, theirs = f"ours {pair.index}", f"theirs {pair.index}"
        assert (pair.left, pair.right) == ((ours, theirs) if pair.candidate_on == "left" else (theirs, ours))


def test_each_reviewer_sees_all_of_them_in_an_order_and_on_sides_of_their_own() -> None:
    ada, bob = (pairs_of(card(), "prompted", name) for name in ("Ada", "Bob"))

    assert sorted(pair.index for pair in ada) == list(range(COUNT))
    assert [pair.index for pair in ada] != sorted(pair.index for pair in ada)
    assert [pair.index for pair in ada] != [pair.index for pair in bob]
    assert {pair.index: pair.candidate_on for pair in ada} != {pair.index: pair.candidate_on for pair in bob}


def test_the_same_reviewer_sees_the_same_each_time() -> None:
    assert pairs_of(card(), "prompted", "Ada") == pairs_of(card(), "prompted", "Ada")


def test_the_candidate_is_on_each_side_about_as_often() -> None:
    """Of 60 fair draws the number lies from 15 to 45 but for 1 case in 10,000."""
    left = sum(pair.candidate_on == "left" for pair in pairs_of(card(), "prompted", "Ada"))

    assert 15 <= left <= 45


def test_neither_its_key_nor_its_place_tells_on_which_side_the_candidate_is() -> None:
    pairs = pairs_of(card(), "prompted", "Ada")

    assert len({pair.key for pair in pairs}) == COUNT
    by_key = [pair.candidate_on for pair in sorted(pairs, key=lambda pair: pair.key)]
    assert by_key != sorted(by_key)
    assert by_key[:30].count("left") not in (0, 30)


def test_answers_that_read_the_same_are_no_pair() -> None:
    assert sorted(pair.index for pair in pairs_of(card(same=58), "prompted", "Ada")) == [58, 59]


def test_an_answer_is_read_with_its_calls_or_as_none() -> None:
    call = AnsweredCall(name="look", arguments='{"up": 1}')

    assert answer_words(RowAnswer(text=" Yes.\r\nNo. ")) == "Yes.\nNo."
    assert answer_words(RowAnswer(text="One moment.", tool_calls=(call,))) == 'One moment.\nlook({"up": 1})'
    assert answer_words(RowAnswer(tool_calls=(call,))) == 'look({"up": 1})'
    assert answer_words(RowAnswer(text="")) == "(an empty answer)"
    assert answer_words(RowAnswer(failed="content_filter")) == "(no answer: the service refused to give one)"


def test_a_scorecard_without_that_contender_has_no_pairs() -> None:
    assert pairs_of(card(), "live", "Ada") == ()
    assert isinstance(pairs_of(card(), "prompted", "Ada")[0], Pair)
