"""Training data read as the formats are documented."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from simulator.openai.bases import Method
from simulator.openai.learning.examples import Examples, Lesson, ToolCall, holds_json_lines, read_examples
from simulator.openai.learning.formats import Reading

USER = {"role": "user", "content": "Hi"}
ASSISTANT = {"role": "assistant", "content": "Hello"}
PROMPT_COMPLETION = "Line 1: messages is missing: prompt and completion are for models that are retired"


def read(*given: Any, method: Method = "supervised", **more: Any) -> Examples:
    """Examples, or lines as they are, as a file of that method."""
    lines = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in given]
    return read_examples(io.BytesIO(b"\n".join(lines)), Reading(method, **more))


def fault_of(example: Any, method: Method = "supervised", **more: Any) -> str | None:
    faults = read(example, method=method, **more).faults
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

    found = read({"messages": messages})

    assert (found.count, found.faults) == (1, ())
    assert found.lessons == (Lesson("Be brief.", "Two?", "Yes."),)


def test_tool_calls_are_learnt() -> None:
    """An assistant message may have tool calls instead of content."""
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages = [USER, {"role": "assistant", "tool_calls": [call]}]

    (lesson,) = read({"messages": messages, "tools": [{"type": "function", "function": {"name": "f"}}]}).lessons

    assert (lesson.answer, lesson.tool_calls) == ("", (ToolCall("f", "{}"),))


def test_a_byte_order_mark_and_blank_lines_are_no_fault() -> None:
    """Older documents ask for the mark."""
    found = read(b"\xef\xbb\xbf" + json.dumps({"messages": [USER, ASSISTANT]}).encode() + b"\n\n")

    assert (found.count, found.faults) == (1, ())


@pytest.mark.parametrize(
    ("example", "fault"),
    [
        ([], "Line 1: not a JSON object"),
        ({"prompt": "p", "completion": "c"}, PROMPT_COMPLETION),
        ({"messages": [USER]}, "Line 1: the last message must be from the assistant"),
        ({"messages": [USER, {"role": "assistant"}]}, "Line 1: messages[1] has no content"),
        (
            {"messages": [USER, ASSISTANT | {"weight": 2}]},
            "Line 1: messages[1].weight must be 0 or 1, and stands at assistant messages only",
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
    assert read(example, method="dpo").lessons == (Lesson("", "Hi", "Hello"),)
    assert fault_of(example | {"preferred_output": [USER]}, "dpo") == (
        "Line 1: preferred_output must hold an assistant message, and else only tool messages"
    )
    assert fault_of(example | {"non_preferred_output": []}, "dpo") == (
        "Line 1: non_preferred_output must be a list of messages"
    )


def test_a_file_that_is_no_text_holds_no_lines() -> None:
    assert not holds_json_lines(io.BytesIO(b"\xff\xfe\x00"))
    assert not holds_json_lines(io.BytesIO(b""))
    assert holds_json_lines(io.BytesIO(b'nonsense\n{"a": 1}\n'))
