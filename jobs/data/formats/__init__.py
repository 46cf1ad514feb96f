"""The formats of examples: what is wrong with one, and what is asked and answered in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jobs.data.expected import Expected
from jobs.data.findings import Fault
from jobs.data.formats import chat, preference, reinforcement
from jobs.data.kinds import KIND_OF_METHOD, Kind, kind_of, kind_words

Messages = list[Any]
"""As they stand in the example; what is no object among them is a fault, and still stands here."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is asked and answered in one example, whatever its format.

    prompt    chat: the messages before the last answer; preference: of its input; reinforcement: all
    answers   chat: [[the last answer]]; preference: [preferred_output, non_preferred_output]; reinforcement: []
    tools     that it declares; None where it declares none
    """

    kind: Kind
    prompt: Messages
    answers: list[Messages]
    tools: list[Any] | None


def example_faults(example: Mapping[str, Any], expected: Expected) -> Iterator[Fault]:
    """Everything that is wrong with ``example``, in its order. Total: any JSON object can be asked about."""
    kind = kind_of(example, expected.method)
    if kind != KIND_OF_METHOD[expected.method]:
        yield f"kind-{kind}", kind_words(kind, example, expected.method)
    elif kind == "chat":
        yield from chat.example_faults(example, expected)
    elif kind == "preference":
        yield from preference.example_faults(example, expected)
    else:
        yield from reinforcement.example_faults(example, expected)


def parts_of(example: Mapping[str, Any], method: str = "supervised") -> Parts:
    """The parts of an example of any kind. Total: what is not there is empty.

    method    what its file is for; where the example itself doesn't tell, it is of the kind that the method takes
    """
    kind = kind_of(example, method)
    if kind == "preference":
        given = example.get("input")
        source = given if isinstance(given, dict) else {}
        answers = [_listed(example, key) for key in ("preferred_output", "non_preferred_output")]
        return Parts(kind, _listed(source, "messages"), answers, _tools(source))
    messages = _listed(example, "messages")
    last = None if kind == "reinforcement" else _last_answer(messages)
    if last is None:
        return Parts(kind, messages, [], _tools(example))
    return Parts(kind, messages[:last], [[messages[last]]], _tools(example))


def _last_answer(messages: Messages) -> int | None:
    for number in range(len(messages) - 1, -1, -1):
        message = messages[number]
        if isinstance(message, dict) and message.get("role") == "assistant":
            return number
    return None


def _listed(source: Mapping[str, Any], key: str) -> list[Any]:
    found = source.get(key)
    return found if isinstance(found, list) else []


def _tools(source: Mapping[str, Any]) -> list[Any] | None:
    found = source.get("tools")
    return found if isinstance(found, list) else None
