"""The schema of tools: their declaration, calls of them, and the answers to these calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from jobs.data.findings import Fault
from jobs.data.json_line import shortened, type_word


def tools_faults(example: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the declared tools."""
    tools = example.get("tools")
    if tools is None:
        return
    if not isinstance(tools, list):
        yield "schema-tools", f"tools is {type_word(tools)}, a list is expected"
        return
    seen: set[str] = set()
    for number, tool in enumerate(tools, start=1):
        name = _function_name(tool)
        if name is None:
            yield "schema-tools", f"tool {number} is not of the form {{type: function, function: {{name, …}}}}"
        elif name in seen:
            yield "schema-tools", f"tool {number} has the name {shortened(name)}, as one before it"
        else:
            seen.add(name)
            parameters = tool["function"].get("parameters", {})
            if not isinstance(parameters, dict):
                yield (
                    "schema-tools",
                    f"tool {number} has {type_word(parameters)} as parameters, a JSON Schema is expected",
                )


def call_faults(where: str, role: str, message: Mapping[str, Any], example: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the tool calls of one message, and with its being an answer to one."""
    if role != "tool" and message.get("tool_call_id") is not None:
        yield "schema-tool-answer", f"{where} has a tool_call_id, which only tool messages have"
    if role == "tool" and not isinstance(message.get("tool_call_id"), str):
        yield "schema-tool-answer", f"{where} has no tool_call_id: which call does it answer?"
    calls = message.get("tool_calls")
    if calls is None:
        return
    if role != "assistant":
        yield "schema-tool-call", f"{where} has tool_calls, which only assistant messages have"
        return
    if not isinstance(calls, list) or not calls:
        given = "an empty list" if calls == [] else type_word(calls)
        yield "schema-tool-call", f"{where} has {given} as tool_calls"
        return
    declared = _declared(example)
    for number, call in enumerate(calls, start=1):
        yield from _one_call_faults(f"{where}, call {number},", call, declared)


def _one_call_faults(where: str, call: object, declared: set[str]) -> Iterator[Fault]:
    name = _function_name(call)
    if name is None or not isinstance(call, dict):
        yield "schema-tool-call", f"{where} is not of the form {{id, type: function, function: {{name, arguments}}}}"
        return
    if not isinstance(call.get("id"), str) or not call["id"]:
        yield "schema-tool-call", f"{where} has no id"
    if name not in declared:
        yield "schema-tool-undeclared", f"{where} calls {shortened(name)}, which is not among the example's tools"
    arguments = call["function"].get("arguments")
    if not isinstance(arguments, str):
        yield "schema-tool-call", f"{where} has {type_word(arguments)} as arguments, a text with JSON in it is expected"
        return
    try:
        json.loads(arguments)
    except (ValueError, RecursionError):
        yield "schema-tool-arguments", f"{where} has arguments that are not JSON: {shortened(arguments)}"


def pairing_faults(messages: list[Any]) -> Iterator[Fault]:
    """Calls without an answer and answers without a call. Calls of the last message need no answer yet."""
    open_calls: dict[str, int] = {}
    for number, message in enumerate(messages, start=1):
        if not isinstance(message, dict):
            continue
        if message.get("role") == "tool":
            answered = message.get("tool_call_id")
            if isinstance(answered, str) and open_calls.pop(answered, None) is None:
                yield (
                    "schema-tool-answer",
                    f"message {number} (tool) answers {shortened(answered)}, which is no open call",
                )
            continue
        yield from _unanswered(open_calls)
        open_calls = {}
        for call_id in _call_ids(message):
            if call_id in open_calls:
                yield "schema-tool-call", f"message {number} has two calls with the id {shortened(call_id)}"
            open_calls[call_id] = number
    if messages and isinstance(messages[-1], dict) and messages[-1].get("role") == "tool":
        yield from _unanswered(open_calls)


def _unanswered(open_calls: Mapping[str, int]) -> Iterator[Fault]:
    for call_id, number in open_calls.items():
        yield (
            "schema-tool-answer",
            f"message {number} (assistant) calls {shortened(call_id)}, and no tool message answers",
        )


def _call_ids(message: Mapping[str, Any]) -> list[str]:
    calls = message.get("tool_calls")
    if message.get("role") != "assistant" or not isinstance(calls, list):
        return []
    return [call["id"] for call in calls if isinstance(call, dict) and isinstance(call.get("id"), str)]


def _declared(example: Mapping[str, Any]) -> set[str]:
    tools = example.get("tools")
    names = [_function_name(tool) for tool in tools] if isinstance(tools, list) else []
    return {name for name in names if name is not None}


def _function_name(value: object) -> str | None:
    """The name in ``{type: function, function: {name}}``; None where that is not its form."""
    if not isinstance(value, dict) or value.get("type") != "function":
        return None
    function = value.get("function")
    if not isinstance(function, dict):
        return None
    name = function.get("name")
    return name if isinstance(name, str) and name else None
