"""The deprecated functions of an example as tools, where nothing is lost by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ANSWER_KEYS = {"role", "name", "content"}


def as_tools(example: Mapping[str, Any]) -> dict[str, Any] | None:
    """The example with tools and tool calls, which get IDs: call_1, call_2, … None where that isn't all there is to do.

    Functions become tools, each function_call a call, and the function message right after it its answer. An example
    that has tools as well, forces a call, or answers what was not called is for people to look at.
    """
    functions, messages = example.get("functions"), example.get("messages")
    if not _are_objects(functions) or not _are_objects(messages) or {"tools", "function_call"} & set(example):
        return None
    written: list[dict[str, Any]] = []
    called: str | None = None
    calls = 0
    for message in messages or ():
        if message.get("role") == "function":
            if called is None or message.get("name") != called or set(message) != _ANSWER_KEYS:
                return None
            written.append({"role": "tool", "tool_call_id": f"call_{calls}", "content": message["content"]})
            called = None
            continue
        if called is not None or {"tool_calls", "tool_call_id"} & set(message):
            return None
        if message.get("function_call") is None:
            written.append(dict(message))
            continue
        call = message["function_call"]
        if message.get("role") != "assistant" or not _is_call(call):
            return None
        called, calls = call["name"], calls + 1
        tool_calls = [{"id": f"call_{calls}", "type": "function", "function": call}]
        written.append(
            {"tool_calls" if key == "function_call" else key: value for key, value in message.items()}
            | {"tool_calls": tool_calls}
        )
    tools = [{"type": "function", "function": function} for function in functions or ()]
    return {"tools" if key == "functions" else key: value for key, value in example.items()} | {
        "messages": written,
        "tools": tools,
    }


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _is_call(call: object) -> bool:
    return isinstance(call, dict) and set(call) == {"name", "arguments"} and isinstance(call["name"], str)
