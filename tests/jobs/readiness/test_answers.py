"""The questions before tuning, and which of them are open."""

from __future__ import annotations

from typing import Any

import pytest

from contract.use_case import UseCase
from jobs.readiness.answers import answered, open_questions

ANSWERED: dict[str, Any] = {
    "goal": "Tickets come with a queue.",
    "kind": "classification",
    "baseline": {
        "prompting": {"tried": "gpt-4.1 with 40 examples in the prompt", "failings": "81 of 100 right"},
        "scorecard": "e" * 64,
    },
    "data": {"origin": "4,000 tickets of 2026", "approvedBy": "data protection officer", "approvedOn": "2026-10-02"},
    "success": {"measure": "share in the right queue", "target": 0.93},
}

NOBODY_MEASURED = ("readiness-baseline", "useCase.baseline.scorecard")


def asked(**changes: Any) -> list[tuple[str, str]]:
    """Rule and key of each open question."""
    return [(open_.rule, open_.key) for open_ in open_questions(UseCase.model_validate(ANSWERED | changes))]


def test_answers_to_everything_leave_nothing_open() -> None:
    assert asked() == []


def test_without_a_use_case_there_is_one_question_and_not_eight() -> None:
    [question] = open_questions(None)

    assert (question.rule, question.key) == ("readiness-use-case", "useCase")


def test_an_empty_use_case_leaves_every_question_open() -> None:
    """Microsoft's questions, azure-ai-docs fine-tuning-considerations.md of 2024, and who approved the data."""
    assert [(each.rule, each.key) for each in open_questions(UseCase())] == [
        ("readiness-goal", "useCase.goal"),
        ("readiness-goal", "useCase.kind"),
        ("readiness-baseline", "useCase.baseline.prompting.tried"),
        NOBODY_MEASURED,
        ("readiness-data", "useCase.data.origin"),
        ("readiness-approval", "useCase.data.approvedBy"),
        ("readiness-approval", "useCase.data.approvedOn"),
        ("readiness-success", "useCase.success.measure"),
        ("readiness-success", "useCase.success.target"),
    ]


@pytest.mark.parametrize(
    "phrase", ["", "  ", "-", "—", "?", "…", "tbd", "TBD.", "[todo]", "n/a", "N/A", "None", "null"]
)
@pytest.mark.parametrize("around", ["{}", " {}\n"])
def test_empty_phrases_are_no_answers(phrase: str, around: str) -> None:
    assert not answered(around.format(phrase))
    assert asked(goal=around.format(phrase)) == [("readiness-goal", "useCase.goal")]


@pytest.mark.parametrize("text", ["No more than 3 errors", "none of the 24 was right", "90 %", "0", "是", "x < 3"])
def test_short_answers_are_answers(text: str) -> None:
    assert answered(text)


def test_a_placeholder_in_angle_brackets_is_no_answer() -> None:
    assert not answered("<what it shall do>")


def test_a_number_is_a_target_even_if_it_is_nought() -> None:
    assert asked(success={"measure": "errors", "target": 0}) == []


def test_what_was_tried_without_its_failings_is_half_an_answer() -> None:
    assert asked(baseline={"prompting": {"tried": True}}) == [
        ("readiness-baseline", "useCase.baseline.prompting.failings"),
        NOBODY_MEASURED,
    ]
    assert asked(baseline={"prompting": {"tried": False, "failings": "all"}}) == [
        ("readiness-baseline", "useCase.baseline.prompting.tried"),
        NOBODY_MEASURED,
    ]


def test_a_sentence_about_prompting_is_no_measurement() -> None:
    assert asked(baseline={"prompting": ANSWERED["baseline"]["prompting"]}) == [NOBODY_MEASURED]


def test_a_scorecard_stands_in_the_place_of_the_sentence() -> None:
    assert asked(baseline={"scorecard": "e" * 64}) == []


def test_knowledge_that_the_model_lacks_is_told_to_try_retrieval_first() -> None:
    """As Microsoft's page does: start with retrieval for knowledge out of the model's domain."""
    prompting = ANSWERED["baseline"]["prompting"]

    assert asked(kind="knowledge") == [("readiness-knowledge", "useCase.baseline.retrieval.tried")]
    assert asked(kind="knowledge", baseline={"scorecard": "e" * 64, "retrieval": prompting}) == []
