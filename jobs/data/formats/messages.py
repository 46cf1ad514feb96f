"""One message of a conversation, whatever the format of the example that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from jobs.data.findings import Fault
from jobs.data.formats import functions, images, tools
from jobs.data.formats.texts import is_fine, text_faults, unmeant_faults
from jobs.data.formats.tools import Declared
from jobs.data.reading.json_line import shortened, type_word

SYSTEM_ROLES = ("system", "developer")
ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_KEYS = frozenset({"role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call", "refusal"})
_PLAIN_ROLES = (*SYSTEM_ROLES, "user", "assistant")
_BEGINNING = (None, *SYSTEM_ROLES)
_KINDS_OF_PARTS = ("text", "refusal")


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be called in an example: the tools and the functions that it declares."""

    tools: Declared
    functions: Declared


def offered_in(source: Mapping[str, Any]) -> Offered:
    """What ``source`` declares; what is malformed is left out."""
    return Offered(tools.tools_in(source).declared, tools.functions_in(source).declared)


def offer_faults(source: Mapping[str, Any], messages: Iterable[Any]) -> Iterator[Fault]:
    """What is wrong with what ``source`` declares for ``messages`` to call."""
    yield from tools.parallel_faults(source, messages)
    yield from tools.tools_in(source).faults
    yield from functions.functions_faults(source, messages)
    yield from tools.functions_in(source).faults


def labelled(messages: Sequence[Any], of: str = "") -> list[tuple[str, Any]]:
    """The messages, each with what findings call it: ``message 3``, ``preferred_output: message 1``."""
    before = f"{of}: " if of else ""
    return [(f"{before}message {number}", message) for number, message in enumerate(messages, start=1)]


def plain_role(message: object) -> str | None:
    """The role of a message that has nothing but a good text; None where it takes a closer look. Quick."""
    if not isinstance(message, dict) or len(message) != 2:
        return None
    role, content = message.get("role"), message.get("content")
    if role not in _PLAIN_ROLES or not isinstance(content, str) or not is_fine(content):
        return None
    return cast("str", role)


def is_plain(messages: object, last: str) -> bool:
    """Whether there is nothing to say about a conversation, seen at a glance: texts only, in order, to one of ``last``.

    False where it takes a closer look; never true where that would find something.
    """
    if not isinstance(messages, list):
        return False
    role = None
    for message in messages:
        before, role = role, plain_role(message)
        if role is None or (role == "assistant" and before in _BEGINNING) or (role in SYSTEM_ROLES and before):
            return False
    return role == last


def messages_faults(named: Iterable[tuple[str, Any]], offered: Offered, *, taught: bool = True) -> Iterator[Fault]:
    """Everything that is wrong with the messages, each by itself."""
    for label, message in named:
        if plain_role(message) is None:
            yield from message_faults(label, message, offered, taught=taught)


def message_faults(label: str, message: object, offered: Offered, *, taught: bool = True) -> Iterator[Fault]:
    """Everything that is wrong with one message by itself.

    taught    whether the model learns to say it; what has weight 0 it doesn't
    """
    if not isinstance(message, dict):
        yield "schema-message", f"{label} is {type_word(message)}, an object with role and content is expected"
        return
    role = message.get("role")
    if not isinstance(role, str) or role not in ROLES:
        given = (
            "no role"
            if "role" not in message
            else "the role " + (shortened(role) if isinstance(role, str) else type_word(role))
        )
        yield "schema-role", f"{label} has {given}; known: {', '.join(ROLES[:-1])}"
        return
    where = f"{label} ({role})"
    yield from tools.unknown_keys(where, message, _KEYS)
    if not isinstance(message.get("name", ""), str | None):
        yield "schema-message", f"{where} has a name that is {type_word(message['name'])}, a text is expected"
    yield from _weight_faults(where, role, message)
    yield from _refusal_faults(where, role, message)
    yield from _content_faults(where, role, message)
    taught = taught and is_learned(message)
    yield from tools.call_faults(where, role, message, offered.tools, taught=taught)
    yield from functions.function_call_faults(where, role, message, offered.functions, taught=taught)


def role_of(message: object) -> str | None:
    """Its role where it has one that is known."""
    role = message.get("role") if isinstance(message, dict) else None
    return role if isinstance(role, str) and role in ROLES else None


def is_learned(answer: Mapping[str, Any]) -> bool:
    """Whether an assistant's message has another weight than 0."""
    weight = answer.get("weight", 1)
    return isinstance(weight, bool) or weight != 0


def order_faults(roles: Sequence[str | None]) -> Iterator[Fault]:
    """What is odd in the order of a conversation that the system and the user begin."""
    begun = False
    for number, role in enumerate(roles, start=1):
        if role in SYSTEM_ROLES and begun:
            yield "schema-order", f"message {number} ({role}) comes after the conversation has begun"
        begun = begun or role not in SYSTEM_ROLES
    if begun and next((role for role in roles if role not in SYSTEM_ROLES), None) == "assistant":
        yield "schema-order", "the assistant speaks first, before any user"
    if all(role in roles for role in SYSTEM_ROLES):
        yield "schema-system-developer", "has a system message and a developer message"


def _weight_faults(where: str, role: str, message: Mapping[str, Any]) -> Iterator[Fault]:
    if "weight" not in message:
        return
    weight = message["weight"]
    if role != "assistant":
        yield "schema-weight", f"{where} has a weight, which only assistant messages have"
    elif isinstance(weight, bool) or weight not in (0, 1):
        given = shortened(str(weight)) if type(weight) in (int, float) else type_word(weight)
        yield "schema-weight", f"{where} has the weight {given}, 0 or 1 is expected"


def _refusal_faults(where: str, role: str, message: Mapping[str, Any]) -> Iterator[Fault]:
    refusal = message.get("refusal")
    if refusal is None:
        return
    if not isinstance(refusal, str):
        yield "schema-message", f"{where} has a refusal that is {type_word(refusal)}, a text is expected"
    elif role != "assistant":
        yield "schema-message", f"{where} has a refusal, which only an assistant gives"
    elif refusal:
        yield from text_faults(f"{where}, in its refusal,", refusal)


def _content_faults(where: str, role: str, message: Mapping[str, Any]) -> Iterator[Fault]:
    content = message.get("content")
    if content is None:
        excused = role == "function" or (
            role == "assistant" and any(message.get(key) for key in ("tool_calls", "function_call", "refusal"))
        )
        if not excused:
            given = "content null" if "content" in message else "no content"
            yield "schema-content", f"{where} has {given}, which only an assistant's tool calls excuse"
    elif isinstance(content, str):
        excused = role in ("tool", "function") or bool(message.get("tool_calls") or message.get("function_call"))
        yield from (unmeant_faults if excused else text_faults)(where, content)
    elif isinstance(content, list):
        if not content:
            yield "schema-content", f"{where} has an empty list as content"
        for index, part in enumerate(content, start=1):
            yield from _part_faults(f"{where}, part {index},", role, part)
    else:
        yield "schema-content", f"{where} has {type_word(content)} as content, a text or a list of parts is expected"


def _part_faults(where: str, role: str, part: object) -> Iterator[Fault]:
    if not isinstance(part, dict):
        yield "schema-part", f"{where} is {type_word(part)}, an object with a type is expected"
        return
    kind = part.get("type")
    if kind in _KINDS_OF_PARTS:
        yield from tools.unknown_keys(where, part, frozenset({"type", kind}))
        if kind == "refusal" and role != "assistant":
            yield "schema-part", f"{where} is a refusal, which only an assistant gives"
        elif not isinstance(part.get(kind), str):
            yield "schema-part", f"{where} has no text under {kind!r}"
        else:
            yield from text_faults(where, part[kind])
    elif kind == "image_url":
        yield from tools.unknown_keys(where, part, frozenset({"type", kind}))
        yield from images.part_faults(where, role, part)
    else:
        given = shortened(kind) if isinstance(kind, str) else "none" if kind is None else type_word(kind)
        yield "schema-part", f"{where} has the type {given}; known: text, image_url"
