"""When an answer is right by a grader."""

from __future__ import annotations

import pytest

from jobs.evaluation.grading import Graded, graded, right
from tests.jobs.evaluation.graders.asked import answer, grader, question

ANY = grader("text_similarity", passThreshold=0.4)


@pytest.mark.parametrize(("score", "is_right"), [(0.4, True), (0.39, False), (1.0, True), (0.0, False)])
def test_an_answer_is_right_from_the_threshold_on(score: float, is_right: bool) -> None:
    assert right(ANY, Graded(score), answer("x")) is is_right


def test_what_was_not_judged_or_not_answered_is_never_right() -> None:
    low = grader("callable", function="a:b", passThreshold=-1)

    assert not right(low, Graded(0.0, judged=False), answer("x"))
    assert not right(low, Graded(1.0), answer(None, failed="content_filter"))


def test_a_refused_answer_is_graded_by_nobody_and_says_so() -> None:
    """Neither called, nor shown to a judge: there is none here to ask, and no such module."""
    refused = answer(None, failed="content_filter")

    for which in (
        grader("callable", function="nothing_of_this_name:f"),
        grader("judge", deployment="gpt", rubric="Any."),
        grader("string_check", input="{{ sample.output_text }}", reference="x", operation="ne"),
    ):
        found = graded(which, question("x"), refused)
        assert (found.score, found.said) == (0, "the service refused to answer (content_filter)")
