"""Tokens as models of the o200k vocabulary count them.

Framing of a conversation: OpenAI's cookbook, How to count tokens with tiktoken (3 a message, 1 more for a name, 3 at
the end), as Azure's fine-tuning tutorial has it too. How tools and calls are framed is in no document: their JSON is
counted. Open-weight models have vocabularies of their own; they are counted as the others here.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from typing import Any

PER_MESSAGE = 3
PER_NAME = 1
AT_THE_END = 3
PER_IMAGE = 85
"""Of an image in low detail (MicrosoftDocs azure-ai-docs, fine-tuning-vision.md); others are counted alike, for want of
a rule that needs no picture."""


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


def of_json(value: object) -> int:
    return count(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) if value else 0


def _of_message(message: Mapping[str, Any]) -> int:
    total = PER_MESSAGE + count(str(message.get("role", "")))
    content = message.get("content")
    for part in content if isinstance(content, list) else [{"type": "text", "text": content}]:
        if isinstance(part, dict):
            total += PER_IMAGE if part.get("type") == "image_url" else count(str(part.get("text") or ""))
    if message.get("name"):
        total += PER_NAME + count(str(message["name"]))
    return total + of_json(message.get("tool_calls") or message.get("function_call"))
