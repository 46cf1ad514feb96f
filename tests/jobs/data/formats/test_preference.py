"""Preference pairs: an input and two outputs (fine-tuning-direct-preference-optimization.md)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.jobs.data.formats.broken import rules, words
from tests.jobs.data.specimens import ANSWER, ASK, CALLS, SYSTEM, TOLD, call

OTHER = ANSWER | {"content": "No idea."}
WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "required": ["city"]}}}
CALL = {"role": "assistant", "tool_calls": [call(arguments='{"city": "Lima"}')]}


def _pair(**keys: Any) -> dict[str, Any]:
    return {"input": {"messages": [SYSTEM, ASK]}, "preferred_output": [ANSWER], "non_preferred_output": [OTHER]} | keys


def _input(*messages: Any, **keys: Any) -> dict[str, Any]:
    return {"messages": list(messages)} | keys


@pytest.mark.parametrize(
    "example",
    [
        _pair(),
        _pair(input=_input(ASK, ANSWER, ASK)),
        _pair(input=_input(ASK, tools=[WEATHER], parallel_tool_calls=True)),
        _pair(input=_input(ASK, tools=[WEATHER]), preferred_output=[CALL, TOLD, ANSWER]),
        _pair(input=_input(ASK, tools=[WEATHER]), preferred_output=[CALL]),
        # A call that does not fit may be what is not preferred.
        _pair(input=_input(ASK, tools=[WEATHER]), preferred_output=[CALL], non_preferred_output=[CALLS]),
        # An output may begin with the tool's answer (roles assistant and tool).
        _pair(
            input=_input(ASK, CALL, tools=[WEATHER]),
            preferred_output=[TOLD, ANSWER],
            non_preferred_output=[TOLD | {"content": "rainy"}, OTHER],
        ),
        # The input ends in an answered call.
        _pair(input=_input(ASK, CALL, TOLD, tools=[WEATHER])),
    ],
)
def test_what_is_documented_passes(example: Any) -> None:
    assert rules(example, "dpo") == []


@pytest.mark.parametrize(
    ("example", "broken"),
    [
        ({}, ["schema-input"]),
        ({"question": "Why?"}, ["schema-input"]),
        ({"preferred_output": [ANSWER], "non_preferred_output": [OTHER]}, ["schema-input"]),
        (_pair(input="Why?"), ["schema-input"]),
        (_pair(input={}), ["schema-input"]),
        (_pair(input=_input()), ["schema-input"]),
        (_pair(input={"messages": "Why?"}), ["schema-input"]),
        (_pair(input=_input(ASK, comment="a note")), ["schema-unknown-key"]),
        (_pair(comment="a note"), ["schema-unknown-key"]),
        (_pair(input=_input(SYSTEM, ASK, ANSWER)), ["schema-order"]),
        (_pair(input=_input(SYSTEM)), ["schema-order"]),
        (_pair(input=_input(ASK, {"role": "user", "content": " "})), ["content-empty"]),
        (_pair(preferred_output=ANSWER), ["schema-output"]),
        (_pair(preferred_output=[]), ["schema-output"]),
        (_pair(preferred_output="Because."), ["schema-output"]),
        (_pair(non_preferred_output=[ASK, OTHER]), ["schema-output"]),
        (_pair(non_preferred_output=[TOLD]), ["schema-output", "schema-tool-answer"]),
        (_pair(non_preferred_output=["No."]), ["schema-message", "schema-output"]),
        (_pair(non_preferred_output=[ANSWER]), ["preference-same"]),
        (_pair(preferred_output=[CALL]), ["schema-tool-undeclared"]),
        (_pair(input=_input(ASK, tools=[WEATHER]), preferred_output=[CALLS]), ["schema-tool-misfit"]),
        (_pair(input=_input(ASK, tools=[WEATHER]), non_preferred_output=[CALL, OTHER]), ["schema-tool-answer"]),
        # What is wrong within the input is told once, though it shows with either output.
        (_pair(input=_input(ASK, CALL, ASK, tools=[WEATHER])), ["schema-tool-answer"]),
        (_pair(input=_input(ASK, tools=5)), ["schema-tools"]),
        (_pair(input=_input(ASK, functions=[])), ["schema-functions"]),
    ],
)
def test_a_fault_breaks_its_rule(example: Any, broken: list[str]) -> None:
    """And no other."""
    assert rules(example, "dpo") == broken


def test_findings_say_in_which_part_a_message_stands() -> None:
    """There are three lists of them."""
    empty = {"role": "assistant", "content": ""}

    assert "preferred_output: message 1 (assistant)" in words(_pair(preferred_output=[empty]), "dpo")
    assert words(_pair(input=_input(ASK, empty | {"role": "user"})), "dpo").startswith("input: message 2 (user)")
