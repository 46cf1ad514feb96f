"""Tokens, counted as the model's own vocabulary counts them, in the frame that the service puts around messages.

What a text counts is exact: rs-bpe gives the counts of tiktoken, by the same vocabulary, shipped in its wheel. The
frame is that of OpenAI's "How to count tokens with tiktoken" (openai-cookbook): three tokens a message, its role and
name as text, one more for a name, three for the reply that follows. Training is billed by the tokens in the file times
its epochs (fine-tuning-cost-management.md).

Not documented for training, and so an estimate: how tools are framed (in the cookbook for requests to gpt-4o and gpt-4,
of their uppermost properties; what is nested counts likewise here), calls of them (`memory`), and images. Special
tokens that are written in a text count as that text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jobs.data.expected import Encoding
from jobs.data.formats import Parts

PER_MESSAGE = 3
PER_NAME = 1
PRIMING = 3
"""The reply begins with <|start|>assistant<|message|>."""
_PER_CALL = 3
"""Of a call's function and arguments: `memory`, untried."""
IMAGE_LOW = 85
"""Of an image in low detail, and the base of one in high detail (fine-tuning-vision.md; OpenAI: images and vision)."""
IMAGE_UNKNOWN = 765
"""Of an image in high detail whose size is not known: as one of 1024 × 1024, 85 and four tiles of 170."""
_FUNCTION = {"o200k_base": 7, "cl100k_base": 10}
_PROPERTIES, _PROPERTY, _ENUM, _ENUM_VALUE, _TOOLS_END = 3, 3, -3, 3, 12


@cache
def text_counter(encoding: Encoding) -> Callable[[str], int]:
    """How many tokens a text has. Loads the vocabulary: 0.1 s and 75 MB."""
    from rs_bpe.bpe import openai  # type: ignore[import-not-found]  # A compiled module without a stub.

    load = {"o200k_base": openai.o200k_base, "cl100k_base": openai.cl100k_base}[encoding]
    count: Callable[[str], int] = load().count
    return count


@dataclass(frozen=True, slots=True)
class Count:
    """The tokens of one example; ``images``: of them in images whose size is not known; ``estimated``: see above."""

    prompt: int
    answers: int
    images: int = 0
    estimated: bool = False

    @property
    def total(self) -> int:
        return self.prompt + self.answers


class Counter:
    """Counts examples by one vocabulary; by o200k_base where the model's is not known."""

    def __init__(self, encoding: Encoding | None) -> None:
        self.encoding: Encoding = encoding or "o200k_base"
        self.text = text_counter(self.encoding)
        self._roles = {
            role: PER_MESSAGE + self.text(role) for role in ("system", "developer", "user", "assistant", "tool")
        }
        self._images = 0
        self._estimated = False
        self._last_tools: tuple[object, int] = (None, 0)

    def example(self, parts: Parts) -> Count:
        """Total: what has faults counts as far as it can be read. Of a preference, the prompt counts once."""
        self._images, self._estimated = 0, False
        prompt = PRIMING + sum(map(self.message, parts.prompt))
        if parts.tools:
            prompt += self._tools(parts.tools)
        answers = sum(self.message(message) for answer in parts.answers for message in answer)
        return Count(prompt, answers, self._images, self._estimated)

    def frame(self, roles: Sequence[str], *, priming: bool = True) -> int:
        """What messages of these roles count beside their texts."""
        return (PRIMING if priming else 0) + sum(self._roles[role] for role in roles)

    def message(self, message: object) -> int:
        """One message in its frame."""
        if type(message) is not dict:
            return 0
        role, content = message.get("role"), message.get("content")
        framed = self._roles.get(role) if isinstance(role, str) else PER_MESSAGE
        count = framed if framed is not None else PER_MESSAGE + self.text(str(role))
        if type(content) is str:
            count += self.text(content)
        elif isinstance(content, list):
            count += sum(map(self._part, content))
        # As a rule there is nothing else in it; an answer that only calls tools may lack `content`.
        return count if len(message) == 2 and "content" in message else count + self._more(message)

    def _more(self, message: Mapping[str, Any]) -> int:
        count = 0
        if isinstance(name := message.get("name"), str):
            count += PER_NAME + self.text(name)
        if isinstance(refusal := message.get("refusal"), str):
            count += self.text(refusal)
        calls = message.get("tool_calls")
        called = [call.get("function") for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
        for function in (*called, message.get("function_call")):
            if isinstance(function, dict):
                self._estimated = True
                given = (function.get("name"), function.get("arguments"))
                count += _PER_CALL + sum(self.text(text) for text in given if isinstance(text, str))
        return count

    def _part(self, part: object) -> int:
        if not isinstance(part, dict):
            return 0
        if isinstance(image := part.get("image_url"), dict):
            self._estimated = True
            if image.get("detail") == "low":
                return IMAGE_LOW
            self._images += IMAGE_UNKNOWN
            return IMAGE_UNKNOWN
        return sum(self.text(text) for key in ("text", "refusal") if isinstance(text := part.get(key), str))

    def _tools(self, tools: list[Any]) -> int:
        self._estimated = True
        if self._last_tools[0] != tools:
            # As a rule all examples of a file declare the same ones.
            self._last_tools = (tools, _TOOLS_END + sum(map(self._tool, tools)))
        return self._last_tools[1]

    def _tool(self, tool: object) -> int:
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict):
            return 0
        line = f"{function.get('name', '')}:{_sentence(function)}"
        return _FUNCTION[self.encoding] + self.text(line) + self._properties(function.get("parameters"))

    def _properties(self, schema: object) -> int:
        count, waiting = 0, [schema]
        for here in waiting:
            properties = here.get("properties") if isinstance(here, dict) else None
            if isinstance(here, dict) and isinstance(here.get("items"), dict):
                waiting.append(here["items"])
            if not isinstance(properties, dict) or not properties:
                continue
            count += _PROPERTIES
            for name, value in properties.items():
                count += _PROPERTY + self._property(name, value if isinstance(value, dict) else {})
                waiting.append(value)
        return count

    def _property(self, name: str, value: Mapping[str, Any]) -> int:
        count = self.text(f"{name}:{_word(value.get('type', ''))}:{_sentence(value)}")
        if isinstance(values := value.get("enum"), list):
            count += _ENUM + sum(_ENUM_VALUE + self.text(_word(each)) for each in values)
        return count


def _sentence(described: Mapping[str, Any]) -> str:
    """As the cookbook has it: without its full stop."""
    return _word(described.get("description", "")).removesuffix(".")


def _word(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
