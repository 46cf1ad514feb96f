"""What is sent for a question, and when its answer counts for another request too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contract.evaluation_spec import Asking
from jobs.errors import Refused
from jobs.evaluation.asking.requests import answer_key, estimated_tokens, request_of
from jobs.evaluation.question import Contender, Prompt, Question

USER = {"role": "user", "content": "What is Japan's tallest peak?"}
TOOL = {"type": "function", "function": {"name": "price", "parameters": {"type": "object"}}}
QUESTION = Question(1, 2, (USER,), "Be brief.", (TOOL,), "Fuji.", (), {}, {}, parallel_tool_calls=False)
SHOT = ({"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."})


def contender(**prompt: Any) -> Contender:
    return Contender(
        "prompted", "baseline", "gpt-4.1-mini-2025-04-14", "main", "base", Prompt(**{"system": None} | prompt)
    )


def test_the_example_s_own_system_message_is_sent_unless_the_contender_has_one() -> None:
    own = request_of(contender(), QUESTION, Asking())
    other = request_of(contender(system="Think."), QUESTION, Asking())
    none = request_of(contender(), replace(QUESTION, system=None), Asking())

    assert own.messages == ({"role": "system", "content": "Be brief."}, USER)
    assert other.messages == ({"role": "system", "content": "Think."}, USER)
    assert none.messages == (USER,)


def test_few_shot_examples_stand_between_the_system_message_and_the_question() -> None:
    assert request_of(contender(examples=SHOT), QUESTION, Asking()).messages[1:] == (*SHOT, USER)


def test_a_context_follows_the_system_message() -> None:
    """One for all questions, or that of the question's place."""
    for contexts in (("Fuji: 3,776 m.",), ("Etna.", "Fuji: 3,776 m.")):
        sent = request_of(contender(contexts=contexts), QUESTION, Asking())
        assert sent.messages[0] == {"role": "system", "content": "Be brief.\n\nContext:\nFuji: 3,776 m."}
    alone = request_of(contender(contexts=("Fuji.",)), replace(QUESTION, system=None), Asking())
    assert alone.messages[0] == {"role": "system", "content": "Context:\nFuji."}


def test_a_context_that_is_missing_is_told_with_its_line() -> None:
    with pytest.raises(Refused, match="2 contexts") as caught:
        request_of(contender(contexts=("a", "b")), replace(QUESTION, index=2, line=3), Asking())

    assert caught.value.line == 3


def test_settings_and_tools_are_sent_as_they_are() -> None:
    form = {"type": "json_schema", "json_schema": {"name": "n", "schema": {}}}
    sent = request_of(contender(response_format=form), QUESTION, Asking(temperature=0.5, max_tokens=100, seed=7))

    assert (sent.deployment, sent.tools, sent.parallel_tool_calls) == ("base", (TOOL,), False)
    assert (sent.temperature, sent.max_tokens, sent.seed, sent.response_format) == (0.5, 100, 7, form)
    assert request_of(contender(), QUESTION, Asking()).temperature is None


@pytest.mark.parametrize(
    "changed",
    [
        {"messages": ({**USER, "content": "What is Italy's tallest peak?"},)},
        {"tools": ()},
        {"temperature": 0.0},
        {"seed": 43},
        {"max_tokens": 10},
        {"response_format": {"type": "json_object"}},
        {"parallel_tool_calls": True},
    ],
)
def test_an_answer_belongs_to_all_that_was_sent_and_to_its_model(changed: dict[str, Any]) -> None:
    sent = request_of(contender(), QUESTION, Asking())

    assert answer_key("m", replace(sent, **changed)) != answer_key("m", sent)
    assert answer_key("other", sent) != answer_key("m", sent)


def test_an_answer_counts_under_whatever_name_its_model_is_deployed() -> None:
    """A candidate that is released is asked nothing again."""
    sent = request_of(contender(), QUESTION, Asking())

    assert answer_key("m", replace(sent, deployment="other")) == answer_key("m", sent)


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    sent = request_of(contender(), QUESTION, Asking())
    turned = replace(sent, messages=(sent.messages[0], dict(reversed(USER.items()))))

    assert answer_key("m", turned) == answer_key("m", sent)


def test_tokens_are_estimated_by_characters_of_text() -> None:
    """Not by those of an image's address; tools count."""
    parts = [{"type": "text", "text": "x" * 400}, {"type": "image_url", "image_url": {"url": "data:" + "A" * 9999}}]
    sent = request_of(
        contender(), replace(QUESTION, system=None, tools=(), messages=({"role": "user", "content": parts},)), Asking()
    )

    assert estimated_tokens(sent) == 100
    assert estimated_tokens(replace(sent, tools=(TOOL,))) > 100
