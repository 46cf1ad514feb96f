"""Tokens as models of the o200k vocabulary count them.

Framing of a conversation: OpenAI's cookbook, How to count tokens with tiktoken (3 a message, 1 more for a name, 3 at
the end), as Azure's fine-tuning tutorial has it too. Tools: the same page, for requests to gpt-4o; what is nested in
their parameters counts likewise (memory). A call: 3, its function's name and arguments (memory). Open-weight models
have vocabularies of their own; they are counted as the others here.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from typing import Any

PER_MESSAGE = 3
PER_NAME = 1
AT_THE_END = 3
PER_TOOL, WITH_PROPERTIES, PER_PROPERTY, WITH_ENUM, PER_ENUM_VALUE, AFTER_TOOLS = 7, 3, 3, -3, 3, 12
PER_CALL = 3
IN_LOW_DETAIL, IN_OTHER_DETAIL = 85, 765
"""Of an image in low detail (MicrosoftDocs azure-ai-docs, fine-tuning-vision.md); any other as one of 1024 by 1024: 85
and four tiles of 170 (OpenAI's page on images and vision)."""


@functools.cache
def _vocabulary() -> Any:
    """Loaded when first needed: it takes a tenth of a second."""
    from rs_bpe.bpe import openai  # type: ignore[import-not-found]  # A compiled module without a stub.

    return openai.o200k_base()


def count(text: str) -> int:
    return int(_vocabulary().count(text)) if text else 0


def shortened(text: str, most: int) -> str:
    """The text's first so many tokens."""
    return str(_vocabulary().decode(_vocabulary().encode(text)[:most]) or "")


def of_messages(messages: Iterable[Mapping[str, Any]]) -> int:
    """Of a conversation, without what closes it."""
    return sum(_of_message(message) for message in messages)


def of_tools(declared: object) -> int:
    """Of tools, or of functions in the older form."""
    listed = declared if isinstance(declared, list) else []
    functions = [each.get("function", each) for each in listed if isinstance(each, dict)]
    return sum(map(_of_function, functions)) + AFTER_TOOLS if listed else 0


def _of_function(function: object) -> int:
    if not isinstance(function, dict):
        return 0
    line = f"{function.get('name', '')}:{_description(function)}"
    return PER_TOOL + count(line) + _of_schema(function.get("parameters"))


def _of_schema(schema: object) -> int:
    if not isinstance(schema, dict):
        return 0
    properties = schema.get("properties")
    of_items = _of_schema(schema.get("items"))
    if not isinstance(properties, dict) or not properties:
        return of_items
    return of_items + WITH_PROPERTIES + sum(_of_property(name, each) for name, each in properties.items())


def _of_property(name: str, schema: object) -> int:
    described = schema if isinstance(schema, dict) else {}
    total = PER_PROPERTY + count(f"{name}:{_plain(described.get('type', ''))}:{_description(described)}")
    if isinstance(values := described.get("enum"), list):
        total += WITH_ENUM + sum(PER_ENUM_VALUE + count(_plain(value)) for value in values)
    return total + _of_schema(described)


def _description(described: Mapping[str, Any]) -> str:
    return _plain(described.get("description", "")).removesuffix(".")


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _of_message(message: Mapping[str, Any]) -> int:
    total = PER_MESSAGE + count(str(message.get("role", "")))
    content = message.get("content")
    for part in content if isinstance(content, list) else [{"type": "text", "text": content}]:
        if isinstance(part, dict):
            total += _of_image(part) if part.get("type") == "image_url" else count(str(part.get("text") or ""))
    if message.get("name"):
        total += PER_NAME + count(str(message["name"]))
    return total + sum(map(_of_call, _called(message)))


def _of_image(part: Mapping[str, Any]) -> int:
    named = part.get("image_url")
    low = isinstance(named, dict) and named.get("detail") == "low"
    return IN_LOW_DETAIL if low else IN_OTHER_DETAIL


def _called(message: Mapping[str, Any]) -> list[object]:
    """The functions that a message calls."""
    calls = message.get("tool_calls")
    listed = calls if isinstance(calls, list) else []
    return [*(call.get("function") for call in listed if isinstance(call, dict)), message.get("function_call")]


def _of_call(function: object) -> int:
    if not isinstance(function, dict):
        return 0
    return PER_CALL + sum(count(text) for key in ("name", "arguments") if isinstance(text := function.get(key), str))
