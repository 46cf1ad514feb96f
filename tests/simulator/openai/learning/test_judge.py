"""A judge scores by likeness: right answers high, others low, in the range and form that it is asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.openai.learning.prompts import Prompt
from simulator.openai.learning.untaught import base_reply

RUBRIC = "You grade answers. Give a score from 0 to 1 and a reason, as JSON."
SCHEMA = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "score": {"type": "number", "minimum": 0, "maximum": 10}},
    "required": ["reason", "score"],
}


def verdict(answer: str, system: str = RUBRIC, form: str | None = None, **more: Any) -> dict[str, Any]:
    form = form or "Question:\nWhen does the market close?\n\nReference:\n{reference}\n\nAnswer:\n{answer}\n"
    asked = form.format(reference="The market of Ulm closes at noon.", answer=answer)
    found = json.loads(base_reply(Prompt(system, asked, **more)).text)
    assert isinstance(found, dict)
    return found


def test_an_answer_like_the_reference_scores_more() -> None:
    """The reference itself 1, something else next to nothing; and the reason is told."""
    scores = [
        verdict(answer)["score"]
        for answer in ("The market of Ulm closes at noon.", "At noon the market of Ulm closes, I hear.", "I can't say.")
    ]

    assert scores[0] == 1
    assert 1 > scores[1] > 0.5
    assert scores[2] < 0.2
    assert "reference" in verdict("I can't say.")["reason"]


def test_the_same_is_judged_the_same() -> None:
    assert verdict("At noon.") == verdict("At noon.")


@pytest.mark.parametrize(
    ("system", "more", "best"),
    [
        ("Grade it from 1 to 5. Answer in JSON with the keys score and reason.", {}, 5),
        ('Up to 1 to 3 slips are fine. JSON: {"score": <a number from 1 to 5>, "reason": "…"}', {}, 5),
        ('Reply as JSON: {"rating": 0-10, "reason": "…"}', {}, 10),
        ("Grade the answer.", {"schema": SCHEMA}, 10),
    ],
)
def test_the_range_and_keys_are_those_asked_for(system: str, more: dict[str, Any], best: int) -> None:
    found = verdict("The market of Ulm closes at noon.", system, **more)

    assert best in found.values()
    assert "reason" in found


@pytest.mark.parametrize(
    "form",
    [
        "<reference>{reference}</reference>\n<answer>{answer}</answer>",
        "<question>\nAnswer: me\n</question>\n<reference>\n{reference}\n</reference>\n<answer>\n{answer}\n</answer>",
        "## Expected answer:\n{reference}\n## Given answer:\n{answer}",
        "[Ground truth]: {reference}\n[Response]: {answer}",
        "**Ideal:** {reference}\n\n**Response:** {answer}",
    ],
)
def test_texts_are_found_under_several_headings(form: str) -> None:
    assert verdict("The market of Ulm closes at noon.", form=form)["score"] == 1
    assert verdict("Ask me tomorrow, please.", form=form)["score"] < 0.2


def test_without_a_reference_the_answer_is_held_against_the_question() -> None:
    form = "Question: When does the market close?\nAnswer: {answer}"

    assert verdict("The market closes soon.", form=form)["score"] > verdict("Bananas.", form=form)["score"]


def test_a_question_about_scores_is_no_judging() -> None:
    assert base_reply(Prompt("", "What was the score of the final?")).text.startswith("A general answer")
