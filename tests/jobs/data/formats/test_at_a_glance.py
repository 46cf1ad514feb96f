"""Examples that are seen to be good at a glance: the glance hides no fault."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.jobs.data.formats.broken import rules

TEXTS = st.sampled_from(["Why?", "é", "", " \n", "a\x00", "\u200b", "x\ufffd", "two\nlines", 5, None, ["Why?"]])
ROLES = st.sampled_from(
    ["system", "developer", "user", "user", "assistant", "assistant", "tool", "function", "x", ["user"]]
)
MESSAGES = st.lists(
    st.fixed_dictionaries({"role": ROLES, "content": TEXTS})
    | st.dictionaries(st.sampled_from(["role", "content", "weight", "refusal"]), ROLES | TEXTS)
    | TEXTS,
    max_size=5,
)


def _looked_at_closely(messages: list[Any]) -> list[Any]:
    """The same with names, which are allowed, and which the glance does not take. A function's means something."""
    return [
        message | {"name": "ada"} if isinstance(message, dict) and message.get("role") != "function" else message
        for message in messages
    ]


@given(MESSAGES)
def test_the_glance_at_a_chat_hides_nothing(messages: list[Any]) -> None:
    closely = {"messages": _looked_at_closely(messages), "parallel_tool_calls": True}

    assert rules({"messages": messages}) == rules(closely)


@given(MESSAGES)
def test_the_glance_at_a_question_hides_nothing(messages: list[Any]) -> None:
    closely = {"messages": _looked_at_closely(messages), "parallel_tool_calls": True, "a": 1}

    assert rules({"messages": messages, "a": 1}, "reinforcement") == rules(closely, "reinforcement")


@given(MESSAGES, MESSAGES, MESSAGES)
def test_the_glance_at_a_pair_hides_nothing(asked: list[Any], one: list[Any], other: list[Any]) -> None:
    outputs = {"preferred_output": one, "non_preferred_output": other}
    closely = {key: _looked_at_closely(output) for key, output in outputs.items()}
    given_too = {"input": {"messages": _looked_at_closely(asked), "parallel_tool_calls": True}}

    assert rules({"input": {"messages": asked}} | outputs, "dpo") == rules(given_too | closely, "dpo")


@pytest.mark.parametrize("role", ["system", "developer"])
def test_most_examples_are_good(role: str) -> None:
    """Or the three above would compare nothing."""
    asked = [{"role": role, "content": "Be terse."}, {"role": "user", "content": "Why?"}]
    answer = [{"role": "assistant", "content": "Because."}]
    pair = {"input": {"messages": asked}, "preferred_output": answer, "non_preferred_output": answer * 2}

    assert rules({"messages": asked + answer}) == []
    assert rules({"messages": asked}, "reinforcement") == []
    assert rules(pair, "dpo") == []
