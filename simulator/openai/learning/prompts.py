"""What a model is asked, as it sees it: the request of a chat completion, read. And what it says to that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.openai.learning.examples import Lesson, ToolCall, message_text


@dataclass(frozen=True)
class Tool:
    """A function that the caller offers; ``parameters`` is a JSON Schema."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Prompt:
    """What decides an answer.

    question     the last message of a user, or of a tool
    tools        what may be called; empty where the caller offers none
    must_call    the caller leaves no choice but to call one
    after_call   the question is what a tool gave back
    shots        answers that stand in the messages before the question: examples, or what was said so far
    schema       the JSON Schema that the answer has to fit; empty where any JSON will do, None where none is asked for
    """

    system: str
    question: str
    tools: tuple[Tool, ...] = ()
    variation: str = ""
    must_call: bool = False
    after_call: bool = False
    shots: tuple[Lesson, ...] = ()
    schema: Mapping[str, Any] | None = None

    @property
    def offered(self) -> frozenset[str]:
        return frozenset(tool.name for tool in self.tools)


@dataclass(frozen=True)
class Reply:
    text: str
    tool_calls: tuple[ToolCall, ...] = ()


def prompt_of(body: Mapping[str, Any], index: int) -> Prompt:
    """The request's prompt for its choice number `index`.

    A temperature of 0 leaves nothing to the request's seed; without either the answer is always the same.
    """
    messages: Sequence[Mapping[str, Any]] = body["messages"]
    asked = [at for at, message in enumerate(messages) if message["role"] in ("user", "tool")]
    chance = "" if body.get("temperature") == 0 else str(body.get("seed") or "")
    choice = body.get("tool_choice")
    return Prompt(
        " ".join(message_text(dict(m)) for m in messages if m["role"] in ("system", "developer")),
        message_text(dict(messages[asked[-1]])) if asked else "",
        _tools(body, choice),
        chance + (f"#{index}" if index else ""),
        must_call=choice == "required" or isinstance(choice, dict),
        after_call=bool(asked) and messages[asked[-1]]["role"] == "tool",
        shots=_shots(messages[: asked[-1]] if asked else ()),
        schema=_schema(body.get("response_format")),
    )


def _tools(body: Mapping[str, Any], choice: object) -> tuple[Tool, ...]:
    if choice == "none":
        return ()
    found = [tool.get("function") for tool in body.get("tools") or [] if isinstance(tool, dict)]
    found += body.get("functions") or []
    named = (choice.get("function") or {}).get("name") if isinstance(choice, dict) else None
    return tuple(
        Tool(str(each.get("name")), str(each.get("description") or ""), _mapping(each.get("parameters")))
        for each in found
        if isinstance(each, dict) and named in (None, each.get("name"))
    )


def _shots(messages: Sequence[Mapping[str, Any]]) -> tuple[Lesson, ...]:
    question, found = "", []
    for message in messages:
        if message["role"] == "user":
            question = message_text(dict(message))
        elif message["role"] == "assistant" and (answer := message_text(dict(message))):
            found.append(Lesson("", question, answer))
    return tuple(found)


def _schema(asked: object) -> Mapping[str, Any] | None:
    if not isinstance(asked, dict) or asked.get("type") not in ("json_object", "json_schema"):
        return None
    return _mapping(_mapping(asked.get("json_schema")).get("schema"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
