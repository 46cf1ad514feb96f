"""Public datasets, graded as their own answers: each is right by the grader that is meant for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobs.evaluation.grading import graded
from jobs.evaluation.question import Question
from jobs.evaluation.questions import questions_of
from tests.jobs.evaluation.graders.asked import answer, grader


def scores(questions: list[Question], answered: list[Question], **which: Any) -> list[float]:
    """Each question with the expected answer of the one beside it."""
    return [
        graded(
            grader(**which),
            question,
            answer(given.expected, calls=[(call.name, call.arguments) for call in given.expected_calls]),
        ).score
        for question, given in zip(questions, answered, strict=True)
    ]


@pytest.mark.parametrize(
    ("name", "which"),
    [
        ("gsm8k_chat_validation", {"type_": "number", "marker": "####"}),
        ("gsm8k_chat_validation", {"type_": "text_similarity"}),
        ("stock_toolcall_validation", {"type_": "tool_call"}),
    ],
)
def test_its_own_answers_are_right_and_those_of_the_line_before_hardly_ever(
    name: str, which: dict[str, Any], real_datasets: Path
) -> None:
    questions = list(questions_of(real_datasets / f"{name}.jsonl"))

    assert set(scores(questions, questions, **which)) == {1}
    assert sum(scores(questions, questions[-1:] + questions[:-1], **which)) < len(questions) / 2
