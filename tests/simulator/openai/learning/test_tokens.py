"""Tokens of a conversation as OpenAI's cookbook counts them, and as the check of datasets does by itself."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.data.counting.tokens import Counter
from jobs.data.formats import parts_of
from simulator.openai.learning import tokens
from tests.jobs.data.counting.test_tokens import JARGON, WEATHER

CALL = {"id": "1", "type": "function", "function": {"name": "look", "arguments": '{"at": "it"}'}}
USER = {"role": "user", "content": "Look."}
PICTURE = {"type": "image_url", "image_url": {"url": "https://example.org/a.png", "detail": "auto"}}
NESTED = {
    "type": "object",
    "properties": {
        "at": {"type": ["string", "null"], "description": "What.", "enum": ["it", None]},
        "of": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
        "in": {"type": "object", "properties": {"place": {"description": "Where"}}},
        "odd": True,
    },
}


def counted(example: dict[str, Any]) -> int:
    return tokens.of_messages(example["messages"]) + tokens.AT_THE_END + tokens.of_tools(example.get("tools"))


@pytest.mark.parametrize(("example", "most"), [(JARGON, 124), (WEATHER, 101)])
def test_the_examples_of_the_cookbook_count_what_the_api_answered_for_gpt_4o(
    example: dict[str, Any], most: int
) -> None:
    """How to count tokens with tiktoken (openai-cookbook)."""
    assert counted(example) == most


@pytest.mark.parametrize(
    "example",
    [
        {"messages": [USER, {"role": "assistant", "tool_calls": [CALL, CALL]}]},
        {"messages": [USER, {"role": "assistant", "content": None, "function_call": CALL["function"]}]},
        {"messages": [USER | {"name": "Ada"}, {"role": "tool", "tool_call_id": "1", "content": "42"}]},
        {"messages": [{"role": "user", "content": [PICTURE, {"type": "text", "text": "What?"}]}]},
        {"messages": [USER], "tools": []},
        {"messages": [USER], "tools": [{"type": "function", "function": {"name": "look"}}]},
        {"messages": [USER], "tools": [{"function": {"name": "look", "parameters": NESTED}}] * 2},
    ],
)
def test_what_is_planned_is_what_is_billed(example: dict[str, Any]) -> None:
    """How tools and calls are framed in training is in no document: both sides count them alike."""
    assert counted(example) == Counter("o200k_base").example(parts_of(example)).total
