"""What templates can refer to, and their filling in: ``{{ sample.output_text }}``, ``{{ item.label }}``.

Sources: Microsoft's "Reinforcement fine-tuning" (azure-ai-docs, reinforcement-fine-tuning.md, 2026-03): namespaces
``sample`` and ``item``, nested data by "a JSON-path like syntax", of which dots, indexes and quoted keys in brackets
are taken; the OpenAI library's guide on graders for ``sample.output_tools`` and ``sample.choices`` (memory).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from contract.reference_path import at
from jobs.evaluation.answer import Answer
from jobs.evaluation.question import Question

_REFERENCE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_ABSENT = object()


class Unresolved(Exception):
    """A template refers to what is not there; its words say to what."""


@dataclass(frozen=True)
class Namespaces:
    """Of one question and one answer to it."""

    question: Question
    answer: Answer

    @cached_property
    def sample(self) -> Mapping[str, Any]:
        """The answer as graders see it. ``output_json`` is there only where the text is JSON."""
        tools = [
            {"type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in self.answer.tool_calls
        ]
        text = self.answer.text or ""
        message: dict[str, Any] = {"role": "assistant", "content": self.answer.text}
        if tools:
            message["tool_calls"] = tools
        found: dict[str, Any] = {
            "output_text": text,
            "output_tools": tools,
            "choices": [{"message": message, "finish_reason": self.answer.finish}],
        }
        if (value := parsed(text, _ABSENT)) is not _ABSENT:
            found["output_json"] = value
        return found

    @cached_property
    def item(self) -> Mapping[str, Any]:
        """The example's own keys; ``reference``, and ``expected``, is the last answer's text unless it has its own."""
        expected = self.question.expected
        given = {} if expected is None else {"reference": expected, "expected": expected}
        return {**given, **self.question.item}

    def filled(self, template: str) -> str:
        """The text with everything filled in; what is no text as JSON. Raises Unresolved."""
        return _REFERENCE.sub(lambda match: _as_text(self._value(match[1])), template)

    def _value(self, reference: str) -> Any:
        space, _, path = reference.partition(".")
        value = at(self.sample if space == "sample" else self.item, path, _ABSENT)
        if value is _ABSENT:
            raise Unresolved(f"{{{{ {reference} }}}} is not there")
        return value


def parsed(text: str, default: object = None) -> Any:
    """``text`` as JSON, strictly (no NaN, nothing after it); else ``default``."""
    try:
        return orjson.loads(text)
    except ValueError:  # Also of what is no UTF-8, or nested too deeply.
        return default


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except (RecursionError, TypeError, ValueError):
        raise Unresolved("what it refers to cannot be written as JSON") from None
