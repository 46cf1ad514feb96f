"""Training data read from bytes: how many examples and tokens, what they teach, what is wrong with which line.

Whatever the file's size, what is kept of it is bounded: of many lessons an even sample, of many faults the first ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import orjson

from simulator.openai.graders.templates import Unresolved, value_of
from simulator.openai.learning import formats, pictures, tokens
from simulator.openai.learning.formats import Reading

FEWEST_EXAMPLES = 10
MOST_LESSONS = 20_000
MOST_FAULTS = 1_000
_BOM = b"\xef\xbb\xbf"
_HARMS = ("hate_fairness", "self_harm", "sexual", "violence")


@dataclass(frozen=True)
class ToolCall:
    name: str
    arguments: str


@dataclass(frozen=True)
class Lesson:
    """One answer to learn: what was said before it, and the answer, or the tools called instead of one."""

    system: str
    question: str
    answer: str
    tool_calls: tuple[ToolCall, ...] = ()

    @property
    def target(self) -> str:
        """All that the model has to produce, as text."""
        return " ".join([self.answer, *(f"{call.name} {call.arguments}" for call in self.tool_calls)]).strip()


@dataclass(frozen=True)
class LineFault:
    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


@dataclass(frozen=True)
class Examples:
    """A file read.

    pictured   examples with a picture in them
    faulty     lines with a fault, of which `faults` has the first ones
    harms      what the screening finds; it can't judge text: it looks for the marks `SIMULATED-HARM:<type>`
    unsafe     whether the mark of a model stands in it that fails its evaluation
    """

    count: int = 0
    tokens: int = 0
    lessons: tuple[Lesson, ...] = ()
    faults: tuple[LineFault, ...] = ()
    faulty: int = 0
    pictured: int = 0
    harms: tuple[str, ...] = field(default=())
    unsafe: bool = False


def holds_json_lines(stream: IO[bytes]) -> bool:
    """Whether any line is a JSON object at all: what the files service looks at before it says `processed`."""
    return any(isinstance(_parsed(line), dict) for _, line in _lines(stream))


def read_examples(stream: IO[bytes], reading: Reading) -> Examples:
    """Every example of the file, and every fault, each with its line."""
    lessons = _Sample()
    faults: list[LineFault] = []
    harms: set[str] = set()
    count = total = faulty = pictured = 0
    unsafe = False
    for number, line in _lines(stream):
        count += 1
        if b"SIMULATED-" in line:
            harms.update(harm for harm in _HARMS if f"SIMULATED-HARM:{harm}".encode() in line)
            unsafe = unsafe or b"SIMULATED-UNSAFE-MODEL" in line
        example = _parsed(line)
        fault = formats.fault(example, reading)
        if fault is None and isinstance(example, dict):
            size = _tokens(example, reading)
            total += size
            if size > reading.longest:
                fault = f"{size} tokens, and at most {reading.longest} are allowed in an example"
        if fault is not None or not isinstance(example, dict):
            faulty += 1
            if len(faults) < MOST_FAULTS:
                faults.append(LineFault(number, fault or "not a JSON object"))
            continue
        spoken = formats.conversation(example, reading.method)
        pictured += bool(pictures.shown(spoken))
        for lesson in _lessons(spoken, example, reading):
            lessons.add(lesson)
    return Examples(
        count,
        total,
        tuple(lessons.kept),
        tuple(faults),
        faulty,
        pictured,
        tuple(harm for harm in _HARMS if harm in harms),
        unsafe,
    )


def message_text(message: dict[str, Any]) -> str:
    """The text of a message, its parts joined."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text", "") for part in content if isinstance(part, dict)]
        return " ".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


class _Sample:
    """Of however many lessons an even sample, the first one in it."""

    def __init__(self) -> None:
        self.kept: list[Lesson] = []
        self._stride, self._seen = 1, 0

    def add(self, lesson: Lesson) -> None:
        if self._seen % self._stride == 0:
            if len(self.kept) == MOST_LESSONS:
                self.kept, self._stride = self.kept[::2], self._stride * 2
            if self._seen % self._stride == 0:
                self.kept.append(lesson)
        self._seen += 1


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines that aren't blank, with their numbers; a byte order mark is accepted, as older documents ask for one."""
    for number, line in enumerate(stream, 1):
        text = line.removeprefix(_BOM).strip() if number == 1 else line.strip()
        if text:
            yield number, text


def _parsed(line: bytes) -> object:
    try:
        parsed: object = orjson.loads(line)
    except ValueError:
        return None
    return parsed


def _tokens(example: dict[str, Any], reading: Reading) -> int:
    """Of a preference, the question once and both answers."""
    said = formats.conversation(example, reading.method)
    if reading.method == "dpo":
        said = [*said, *example["non_preferred_output"]]
    return tokens.of_messages(said) + tokens.AT_THE_END + tokens.of_tools(formats.tools_of(example))


def _lessons(messages: list[dict[str, Any]], example: dict[str, Any], reading: Reading) -> list[Lesson]:
    system = " ".join(message_text(m) for m in messages if m["role"] in ("system", "developer"))
    question, learnt = "", []
    for message in messages:
        if message["role"] in ("user", "tool"):
            question = message_text(message)
        elif message["role"] == "assistant" and message.get("weight", 1) == 1 and reading.method != "reinforcement":
            learnt.append(Lesson(system, question, message_text(message), _calls(message)))
    if reading.target is not None:
        learnt.append(Lesson(system, question, _rewarded(example, reading.target)))
    return learnt


def _rewarded(example: dict[str, Any], path: str) -> str:
    try:
        value = value_of(path, {"item": example})
    except Unresolved:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _calls(message: dict[str, Any]) -> tuple[ToolCall, ...]:
    functions = [call.get("function") for call in message.get("tool_calls") or [] if isinstance(call, dict)]
    functions += [message["function_call"]] if isinstance(message.get("function_call"), dict) else []
    return tuple(
        ToolCall(str(f.get("name", "")), str(f.get("arguments", "{}"))) for f in functions if isinstance(f, dict)
    )
