"""The schema of one supervised chat example: messages that end with the answer to be learned, and tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobs.data.advice import converting
from jobs.data.expected import Expected
from jobs.data.findings import Fault
from jobs.data.formats import images
from jobs.data.formats.functions import function_pairing_faults
from jobs.data.formats.messages import (
    is_learned,
    is_plain,
    labelled,
    messages_faults,
    offer_faults,
    offered_in,
    order_faults,
    role_of,
)
from jobs.data.formats.slices import slices_faults
from jobs.data.formats.tools import key_words, pairing_faults
from jobs.data.kinds import EXAMPLE_KEYS, extra_keys
from jobs.data.reading.json_line import shortened, type_word

_OTHER_FORMS = (
    ({"conversations"}, "a ShareGPT conversation", ""),
    ({"instruction", "output"}, "an instruction with its output (Alpaca)", ""),
    ({"question", "answer"}, "a question with its answer", " --from prompt-completion"),
    ({"input", "output"}, "an input with its output", " --from prompt-completion"),
    ({"prompt", "response"}, "a prompt with its response", " --from prompt-completion"),
)
"""Forms that can be converted, by keys that they have, and what the command has to be told."""


def example_faults(example: Mapping[str, Any], expected: Expected) -> Iterator[Fault]:
    """Everything that is wrong with ``example``, in its order. Total: any JSON object can be asked about."""
    if len(example) == 1 and is_plain(example.get("messages"), "assistant"):
        return iter(())
    return _all_faults(example, expected)


def _all_faults(example: Mapping[str, Any], expected: Expected) -> Iterator[Fault]:
    messages = example.get("messages")
    # Without messages it is of another form, which no_messages names: all its keys would be unknown ones.
    if (extra := extra_keys(example)) and isinstance(messages, list):
        yield "schema-unknown-key", f"has {key_words(extra)}; known: {', '.join(sorted(EXAMPLE_KEYS))}"
    yield from slices_faults(example, expected)
    yield from offer_faults(example, messages if isinstance(messages, list) else ())
    if not isinstance(messages, list) or not messages:
        yield "schema-messages", no_messages(example)
        return
    offered, named = offered_in(example), labelled(messages)
    yield from messages_faults(named, offered)
    roles = [role_of(message) for message in messages]
    yield from order_faults(roles)
    yield from _ending_faults(messages, roles)
    yield from pairing_faults(named)
    yield from function_pairing_faults(named)
    yield from images.example_faults(messages, base=expected.base, images=expected.images)


def no_messages(example: Mapping[str, Any]) -> str:
    """What stands in the place of messages."""
    if "messages" in example:
        found = example["messages"]
        return "messages is empty" if found == [] else f"messages is {type_word(found)}, a list is expected"
    for needed, words, option in _OTHER_FORMS:
        if needed <= example.keys():
            return f"has no messages: it looks like {words}; {converting(option)} makes it chat"
    keys = ", ".join(shortened(key) for key in list(example)[:5])
    return f"has no messages, but {keys}" if keys else "is empty"


def _ending_faults(messages: list[Any], roles: list[str | None]) -> Iterator[Fault]:
    if roles[-1] != "assistant":
        yield "schema-last-assistant", f"ends with {roles[-1] or 'something else'}, not with the assistant"
    answers = [m for m, role in zip(messages, roles, strict=True) if role == "assistant"]
    if not any(map(is_learned, answers)):
        given = "every assistant message has weight 0" if answers else "there is no assistant message"
        yield "schema-nothing-learned", f"nothing is learned from it: {given}"
