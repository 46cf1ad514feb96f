"""Training data read as the formats are documented."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.openai.bases import Method
from simulator.openai.learning.examples import Lesson, ToolCall, holds_json_lines, read_examples

USER = {"role": "user", "content": "Hi"}
ASSISTANT = {"role": "assistant", "content": "Hello"}


def fault_of(example: Any, method: Method = "supervised") -> str | None:
    faults = read_examples(json.dumps(example).encode(), method).faults
    return str(faults[0]) if faults else None


def test_each_assistant_message_that_counts_is_a_lesson() -> None:
    """A weight of 0 leaves one out; the system message belongs to all."""
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": "No.", "weight": 0},
        {"role": "user", "content": "Two?"},
        {"role": "assistant", "content": "Yes.", "weight": 1},
    ]

    read = read_examples(json.dumps({"messages": messages}).encode(), "supervised")

    assert (read.count, read.faults) == (1, ())
    assert read.lessons == (Lesson("Be brief.", "Two?", "Yes."),)


def test_tool_calls_are_learnt() -> None:
    """An assistant message may have tool calls instead of content."""
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages = [USER, {"role": "assistant", "tool_calls": [call]}]

    (lesson,) = read_examples(json.dumps({"messages": messages}).encode(), "supervised").lessons

    assert (lesson.answer, lesson.tool_calls) == ("", (ToolCall("f", "{}"),))


def test_a_byte_order_mark_and_blank_lines_are_no_fault() -> None:
    """Older documents ask for the mark."""
    content = b"\xef\xbb\xbf" + json.dumps({"messages": [USER, ASSISTANT]}).encode() + b"\n\n"

    assert read_examples(content, "supervised").count == 1
    assert read_examples(content, "supervised").faults == ()


@pytest.mark.parametrize(
    ("example", "fault"),
    [
        ([], "Line 1: not a JSON object"),
        ({"prompt": "p", "completion": "c"}, "Line 1: messages must be a list of messages"),
        ({"messages": [USER]}, "Line 1: the last message must be from the assistant"),
        ({"messages": [USER, {"role": "assistant"}]}, "Line 1: messages[1] has no content"),
        (
            {"messages": [USER, ASSISTANT | {"weight": 2}]},
            "Line 1: messages[1].weight must be 0 or 1",
        ),
        ({"messages": ["Hi"]}, "Line 1: messages[0] must be an object"),
        ({"messages": [USER, ASSISTANT]}, None),
    ],
)
def test_a_supervised_example_is_checked(example: object, fault: str | None) -> None:
    assert fault_of(example) == fault


def test_a_reinforcement_example_ends_with_the_user() -> None:
    assert fault_of({"messages": [USER], "answer": 2}, "reinforcement") is None
    assert fault_of({"messages": [USER, ASSISTANT]}, "reinforcement") == (
        "Line 1: the last message must be from the user"
    )


def test_a_preference_example_has_both_outputs() -> None:
    """The preferred one is what is learnt."""
    example = {"input": {"messages": [USER]}, "preferred_output": [ASSISTANT], "non_preferred_output": [ASSISTANT]}

    assert fault_of(example, "dpo") is None
    assert read_examples(json.dumps(example).encode(), "dpo").lessons == (Lesson("", "Hi", "Hello"),)
    assert fault_of(example | {"preferred_output": [USER]}, "dpo") == (
        "Line 1: preferred_output must hold an assistant message, and else only tool messages"
    )
    assert fault_of(example | {"non_preferred_output": []}, "dpo") == (
        "Line 1: non_preferred_output must be a list of messages"
    )


def test_a_file_that_is_no_text_holds_no_lines() -> None:
    assert not holds_json_lines(b"\xff\xfe\x00")
    assert not holds_json_lines(b"")
    assert holds_json_lines(b'nonsense\n{"a": 1}\n')
