"""ShareGPT: conversations, whose turns say from whom they are (FastChat's data; LLaMA-Factory's data/README.md).

A ``function_call`` has JSON with name and arguments; the ``observation`` after it is the tool's answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from jobs.data.conversion.record import Chat, Message, Unconvertible, answered, asked, text_or_none
from jobs.data.reading.json_line import shortened

_USERS = ("human", "user")
_ASSISTANTS = ("gpt", "assistant", "chatgpt", "bot", "model")
_CALLS = ("function_call",)
_ANSWERS = ("observation", "tool", "function_response")
_KEYS = {"conversations", "system", "tools"}


def chat_of(value: Mapping[str, Any]) -> Chat:
    """Raises Unconvertible."""
    turns = value.get("conversations")
    if not isinstance(turns, list) or not turns:
        raise Unconvertible("has no conversations")
    said = [_turn(number, turn) for number, turn in enumerate(turns, start=1)]
    system = text_or_none(value, "system")
    if said[0][0] == "system":
        if system is not None and system != said[0][1]:
            raise Unconvertible("has two system messages that differ")
        system = said.pop(0)[1]
    if not said or said[-1][0] not in (*_ASSISTANTS, *_CALLS):
        raise Unconvertible("does not end with an answer")
    return Chat(_messages(said), system, _tools(value.get("tools")), unused=frozenset(value) - _KEYS)


def _turn(number: int, turn: object) -> tuple[str, str]:
    if not isinstance(turn, dict):
        raise Unconvertible(f"has a turn {number} that is no object")
    who, text = turn.get("from"), turn.get("value")
    if not isinstance(who, str) or not isinstance(text, str):
        raise Unconvertible(f"has a turn {number} without from and value as texts")
    if not text.strip() and who not in _ANSWERS:
        raise Unconvertible(f"has nothing as value of turn {number}")
    return who, text


def _messages(said: list[tuple[str, str]]) -> list[Message]:
    messages: list[Message] = []
    waiting: list[str] = []
    calls = 0
    for number, (who, text) in enumerate(said, start=1):
        if waiting and who not in _ANSWERS:
            raise Unconvertible(f"has a call without an observation, before {who}")
        if who in _USERS:
            messages.append(asked(text))
        elif who in _ASSISTANTS:
            messages.append(answered(text))
        elif who in _CALLS:
            made = [_call(f"call_{calls + index}", call) for index, call in enumerate(_called(text), start=1)]
            calls += len(made)
            waiting = [call["id"] for call in made] if number < len(said) else []
            messages.append({"role": "assistant", "tool_calls": made})
        elif who in _ANSWERS:
            if not waiting:
                raise Unconvertible(f"has a turn from {who} that answers no call")
            messages.append({"role": "tool", "tool_call_id": waiting.pop(0), "content": text})
        elif who == "system":
            messages.append({"role": "system", "content": text})
        else:
            raise Unconvertible(
                f"has a turn from {shortened(str(who))}; known: human, gpt, system, function_call, observation"
            )
    return messages


def _called(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except ValueError:
        raise Unconvertible("has a function_call that is not JSON") from None
    return found if isinstance(found, list) else [found]


def _call(call_id: str, call: object) -> dict[str, Any]:
    if not isinstance(call, dict) or not isinstance(call.get("name"), str) or "arguments" not in call:
        raise Unconvertible("has a function_call without name and arguments")
    arguments = call["arguments"]
    written = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return {"id": call_id, "type": "function", "function": {"name": call["name"], "arguments": written}}


def _tools(given: object) -> list[dict[str, Any]] | None:
    """A list of functions, or of tools, mostly as JSON in a text."""
    if isinstance(given, str) and given.strip():
        try:
            given = json.loads(given)
        except ValueError:
            raise Unconvertible("has tools that are not JSON") from None
    if not given:
        return None
    if not isinstance(given, list) or not all(isinstance(tool, dict) for tool in given):
        raise Unconvertible("has tools that are no list of objects")
    return [tool if tool.get("type") == "function" else {"type": "function", "function": tool} for tool in given]
