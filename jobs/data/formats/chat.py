"""The schema of one supervised chat example: messages, their roles, contents and weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobs.data.findings import Fault
from jobs.data.formats.tools import call_faults, pairing_faults, tools_faults
from jobs.data.json_line import shortened, type_word
from jobs.data.kinds import EXAMPLE_KEYS, extra_keys

SYSTEM_ROLES = ("system", "developer")
ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_MESSAGE_KEYS = frozenset(
    {"role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call", "refusal"}
)
_OTHER_FORMS = {
    "conversations": "a ShareGPT conversation, which has to be converted",
    "instruction": "an instruction with its output (Alpaca), which has to be converted",
    "text": "plain text, which is not for chat models",
}


def example_faults(example: Mapping[str, Any]) -> Iterator[Fault]:
    """Everything that is wrong with ``example``, in its order. Total: any JSON object can be asked about."""
    messages = example.get("messages")
    for key in sorted(extra_keys(example)):
        if key not in _OTHER_FORMS or isinstance(messages, list):
            yield "schema-unknown-key", f"has the key {shortened(key)}; known: {', '.join(sorted(EXAMPLE_KEYS))}"
    if "functions" in example:
        yield "schema-functions", "has functions: write them as tools"
    if not isinstance(example.get("parallel_tool_calls", True), bool):
        yield (
            "schema-tools",
            f"parallel_tool_calls is {type_word(example['parallel_tool_calls'])}, true or false is expected",
        )
    yield from tools_faults(example)
    if not isinstance(messages, list) or not messages:
        yield "schema-messages", _no_messages(example)
        return
    for number, message in enumerate(messages, start=1):
        yield from _message_faults(number, message, example)
    yield from _conversation_faults(messages)
    yield from pairing_faults(messages)


def _no_messages(example: Mapping[str, Any]) -> str:
    if "messages" in example:
        found = example["messages"]
        return "messages is empty" if found == [] else f"messages is {type_word(found)}, a list is expected"
    form = next((words for key, words in _OTHER_FORMS.items() if key in example), None)
    if form is not None:
        return f"has no messages: it looks like {form}"
    keys = ", ".join(shortened(key) for key in list(example)[:5])
    return f"has no messages, but {keys}" if keys else "is empty"


def _message_faults(number: int, message: object, example: Mapping[str, Any]) -> Iterator[Fault]:
    where = f"message {number}"
    if not isinstance(message, dict):
        yield "schema-message", f"{where} is {type_word(message)}, an object with role and content is expected"
        return
    role = message.get("role")
    if not isinstance(role, str) or role not in ROLES:
        given = (
            "no role"
            if "role" not in message
            else "the role " + (shortened(role) if isinstance(role, str) else type_word(role))
        )
        yield "schema-role", f"{where} has {given}; known: {', '.join(ROLES[:-1])}"
        return
    where = f"message {number} ({role})"
    for key in sorted(set(message) - _MESSAGE_KEYS):
        yield "schema-unknown-key", f"{where} has the key {shortened(key)}"
    if role == "function" or message.get("function_call") is not None:
        yield "schema-functions", f"{where} uses function calls: write them as tool calls"
    if not isinstance(message.get("name", ""), str):
        yield "schema-message", f"{where} has a name that is {type_word(message['name'])}, a text is expected"
    if not isinstance(message.get("refusal", ""), str | None):
        yield "schema-message", f"{where} has a refusal that is {type_word(message['refusal'])}, a text is expected"
    yield from _weight_faults(where, role, message)
    yield from _content_faults(where, role, message)
    yield from call_faults(where, role, message, example)


def _weight_faults(where: str, role: str, message: Mapping[str, Any]) -> Iterator[Fault]:
    if "weight" not in message:
        return
    weight = message["weight"]
    if role != "assistant":
        yield "schema-weight", f"{where} has a weight, which only assistant messages have"
    elif isinstance(weight, bool) or weight not in (0, 1):
        given = shortened(str(weight)) if isinstance(weight, int | float) else type_word(weight)
        yield "schema-weight", f"{where} has the weight {given}, 0 or 1 is expected"


def _content_faults(where: str, role: str, message: Mapping[str, Any]) -> Iterator[Fault]:
    content = message.get("content")
    if content is None:
        excused = role == "assistant" and any(message.get(key) for key in ("tool_calls", "function_call", "refusal"))
        if not excused:
            given = "content null" if "content" in message else "no content"
            yield "schema-content", f"{where} has {given}, which only an assistant's tool calls excuse"
    elif isinstance(content, str):
        excused = role == "tool" or bool(message.get("tool_calls"))
        if not excused and not content.strip():
            yield "content-empty", f"{where} has {'only white space' if content else 'nothing'} as content"
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
    if kind in ("text", "refusal"):
        if kind == "refusal" and role != "assistant":
            yield "schema-part", f"{where} is a refusal, which only an assistant gives"
        elif not isinstance(part.get(kind), str):
            yield "schema-part", f"{where} has no text under {kind!r}"
        elif not part[kind].strip():
            yield "content-empty", f"{where} has {'only white space' if part[kind] else 'nothing'} as {kind}"
    elif kind == "image_url":
        image = part.get("image_url")
        if role != "user":
            yield "schema-part", f"{where} is an image, which only user messages have"
        elif not isinstance(image, dict) or not isinstance(image.get("url"), str):
            yield "schema-part", f"{where} has no url under image_url"
        elif image.get("detail", "auto") not in ("low", "high", "auto"):
            yield "schema-part", f"{where} has another detail than low, high or auto"
    else:
        given = shortened(kind) if isinstance(kind, str) else "none" if kind is None else type_word(kind)
        yield "schema-part", f"{where} has the type {given}; known: text, image_url"


def _conversation_faults(messages: list[Any]) -> Iterator[Fault]:
    roles = [message.get("role") if isinstance(message, dict) else None for message in messages]
    begun = False
    for number, role in enumerate(roles, start=1):
        if role in SYSTEM_ROLES and begun:
            yield "schema-order", f"message {number} ({role}) comes after the conversation has begun"
        begun = begun or role not in SYSTEM_ROLES
    if begun and next((role for role in roles if role not in SYSTEM_ROLES), None) == "assistant":
        yield "schema-order", "the assistant speaks first, before any user"
    if roles[-1] != "assistant":
        last = roles[-1] if isinstance(roles[-1], str) and roles[-1] in ROLES else "something else"
        yield "schema-last-assistant", f"ends with {last}, not with the assistant"
    answers = [m for m in messages if isinstance(m, dict) and m.get("role") == "assistant"]
    if not any(_is_learned(answer) for answer in answers):
        given = "every assistant message has weight 0" if answers else "there is no assistant message"
        yield "schema-nothing-learned", f"nothing is learned from it: {given}"


def _is_learned(answer: Mapping[str, Any]) -> bool:
    weight = answer.get("weight", 1)
    return isinstance(weight, bool) or weight != 0
