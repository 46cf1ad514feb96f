"""The questions of a holdout.

The file is read line by line, each time somebody goes through it: its questions are never all in memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jobs.chat_ports import ToolCall
from jobs.data.examples import Example, read_examples
from jobs.data.formats.messages import SYSTEM_ROLES
from jobs.data.reading.lines import Source
from jobs.errors import Unreadable
from jobs.evaluation.question import Question


@dataclass(frozen=True)
class Questions:
    """Of a holdout; may be gone through any number of times. Raises Unreadable with the line."""

    source: Path | Source

    def __iter__(self) -> Iterator[Question]:
        for index, example in enumerate(read_examples(self.source)):
            yield question_of(index, example, self.source)

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        return sum(1 for _ in read_examples(self.source))


def questions_of(source: Path | Source) -> Questions:
    """The questions of a holdout: chat examples (also with tools), preference pairs, or reinforcement prompts."""
    return Questions(source)


def distinct(questions: Iterable[Question]) -> tuple[Question, ...]:
    """Without lines that are there again, whatever slices they have: their answers are the same, and tell no more of
    chance than one does."""
    found: dict[bytes, Question] = {}
    for each in questions:
        line = {key: value for key, value in each.item.items() if key != "slices"}
        found.setdefault(hashlib.sha256(json.dumps(line, sort_keys=True).encode()).digest(), each)
    return tuple(found.values())


def question_of(index: int, example: Example, source: Path | Source) -> Question:
    """One line. What is asked are the messages before the last answer; of a preference pair the answer is the last one
    of the preferred output, and what leads to it there is asked along. A line that ends with the user has no answer."""
    line = example.value
    offered, messages = line, _messages(line.get("messages"))
    if "preferred_output" in line:
        found = line.get("input")
        offered = found if isinstance(found, dict) else {}
        messages = [*_messages(offered.get("messages")), *_messages(line["preferred_output"])]
    ends = _last_answer(messages)
    asked, answer = (messages, {}) if ends is None else (messages[:ends], messages[ends])
    said = tuple(sendable(message) for message in asked if message.get("role") not in SYSTEM_ROLES)
    if not said:
        raise Unreadable(f"{source}: nothing is asked: the line has no message before an answer", line=example.line)
    parallel = offered.get("parallel_tool_calls")
    return Question(
        index=index,
        line=example.line,
        messages=said,
        system=_joined(text_of(message) for message in asked if message.get("role") in SYSTEM_ROLES),
        tools=_tools(offered),
        expected=text_of(answer),
        expected_calls=_calls(answer),
        item=line,
        slices=_slices(line),
        parallel_tool_calls=parallel if isinstance(parallel, bool) else None,
    )


def text_of(message: Mapping[str, Any]) -> str | None:
    """The text of a message, its text parts joined; None where it has none."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return None
    parts = [part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"]
    texts = [part for part in parts if isinstance(part, str)]
    return "\n".join(texts) if texts else None


def _messages(found: object) -> list[Mapping[str, Any]]:
    return [message for message in found if isinstance(message, dict)] if isinstance(found, list) else []


def _last_answer(messages: Sequence[Mapping[str, Any]]) -> int | None:
    """Where the answer is that is expected; None where the line ends with what is asked."""
    if not messages or messages[-1].get("role") == "user":
        return None
    return next((n for n in range(len(messages) - 1, -1, -1) if messages[n].get("role") == "assistant"), None)


def sendable(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without what only training knows (``weight``: fine-tuning.md); a model that is asked would refuse it."""
    return {key: value for key, value in message.items() if key != "weight"}


def _joined(texts: Iterable[str | None]) -> str | None:
    found = [text for text in texts if text]
    return "\n\n".join(found) if found else None


def _tools(source: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Functions are what tools were called once, and are asked for as such."""
    tools, functions = source.get("tools"), source.get("functions")
    if isinstance(tools, list):
        return tuple(tool for tool in tools if isinstance(tool, dict))
    if isinstance(functions, list):
        return tuple({"type": "function", "function": each} for each in functions if isinstance(each, dict))
    return ()


def _calls(message: Mapping[str, Any]) -> tuple[ToolCall, ...]:
    listed = message.get("tool_calls")
    calls = [call.get("function") for call in listed if isinstance(call, dict)] if isinstance(listed, list) else []
    calls.append(message.get("function_call"))
    return tuple(
        ToolCall(str(call.get("name") or ""), str(call.get("arguments") or ""))
        for call in calls
        if isinstance(call, dict)
    )


def _slices(line: Mapping[str, Any]) -> Mapping[str, str]:
    found = line.get("slices")
    return {name: value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}
