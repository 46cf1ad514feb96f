"""Training data: JSON Lines in the formats of supervised, preference and reinforcement tuning.

Formats: MicrosoftDocs azure-ai-docs, foundry/openai/how-to/fine-tuning.md, fine-tuning-functions.md,
fine-tuning-direct-preference-optimization.md and reinforcement-fine-tuning.md. What Azure says of a line that breaks
them is in no document: the words below are memory.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from simulator.openai.bases import Method
from simulator.openai.learning.words import token_count

ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
TOKENS_PER_MESSAGE = 3
FEWEST_EXAMPLES = 10


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
    """A file read: how many examples, what they teach, what is wrong with which line."""

    count: int = 0
    tokens: int = 0
    lessons: tuple[Lesson, ...] = ()
    faults: tuple[LineFault, ...] = ()
    harms: tuple[str, ...] = field(default=())


def text_lines(content: bytes) -> list[str]:
    """The file's lines, blank ones too; a byte order mark is accepted, as older documents ask for one."""
    return content.decode("utf-8-sig").splitlines()


def holds_json_lines(content: bytes) -> bool:
    """Whether any line is a JSON object at all: what the files service looks at before it says `processed`."""
    try:
        lines = text_lines(content)
    except UnicodeDecodeError:
        return False
    return any(isinstance(_parsed(line), dict) for line in lines if line.strip())


def read_examples(content: bytes, method: Method) -> Examples:
    """Every example of the file, and every fault, each with its line."""
    lessons: list[Lesson] = []
    faults: list[LineFault] = []
    count = tokens = 0
    for number, line in enumerate(text_lines(content), 1):
        if not line.strip():
            continue
        count += 1
        parsed = _parsed(line)
        fault = _fault(parsed, method)
        if fault is not None or not isinstance(parsed, dict):
            faults.append(LineFault(number, fault or "not a JSON object"))
            continue
        spoken = _messages(parsed, method)
        tokens += sum(TOKENS_PER_MESSAGE + token_count(_text(m) + _calls_text(m)) for m in spoken)
        lessons.extend(_lessons(spoken))
    return Examples(count, tokens, tuple(lessons), tuple(faults), _harms(content))


def message_text(message: dict[str, Any]) -> str:
    """The text of a message, its parts joined."""
    return _text(message)


def _parsed(line: str) -> object:
    try:
        parsed: object = json.loads(line)
    except ValueError:
        return None
    return parsed


def _fault(example: object, method: Method) -> str | None:
    if not isinstance(example, dict):
        return "not valid JSON" if example is None else "not a JSON object"
    if method == "dpo":
        return _preference_fault(example)
    messages = example.get("messages")
    if fault := _messages_fault(messages, "messages"):
        return fault
    last = messages[-1]["role"]  # type: ignore[index]  # _messages_fault has seen that it is a list of objects.
    if method == "reinforcement":
        return None if last == "user" else "the last message must be from the user"
    return None if last == "assistant" else "the last message must be from the assistant"


def _preference_fault(example: dict[str, Any]) -> str | None:
    asked = example.get("input")
    if not isinstance(asked, dict):
        return "input must be an object"
    if fault := _messages_fault(asked.get("messages"), "input.messages"):
        return fault
    for key in ("preferred_output", "non_preferred_output"):
        if fault := _messages_fault(example.get(key), key):
            return fault
        roles = {message["role"] for message in example[key]}
        if "assistant" not in roles or not roles <= {"assistant", "tool"}:
            return f"{key} must hold an assistant message, and else only tool messages"
    return None


def _messages_fault(messages: object, key: str) -> str | None:
    if not isinstance(messages, list) or not messages:
        return f"{key} must be a list of messages"
    for index, message in enumerate(messages):
        at = f"{key}[{index}]"
        if not isinstance(message, dict):
            return f"{at} must be an object"
        role = message.get("role")
        if role not in ROLES:
            return f"{at}.role must be one of {', '.join(sorted(ROLES))}"
        if message.get("weight", 1) not in (0, 1):
            return f"{at}.weight must be 0 or 1"
        silent = message.get("content") is None
        calls = message.get("tool_calls") or message.get("function_call")
        if silent and not (role == "assistant" and calls):
            return f"{at} has no content"
        if not silent and not isinstance(message["content"], str | list):
            return f"{at}.content must be text or a list of parts"
    return None


def _messages(example: dict[str, Any], method: Method) -> list[dict[str, Any]]:
    if method == "dpo":
        return [*example["input"]["messages"], *example["preferred_output"]]
    found: list[dict[str, Any]] = example["messages"]
    return found


def _lessons(messages: list[dict[str, Any]]) -> list[Lesson]:
    system = " ".join(_text(m) for m in messages if m["role"] in ("system", "developer"))
    question, found = "", []
    for message in messages:
        if message["role"] in ("user", "tool"):
            question = _text(message)
        elif message["role"] == "assistant" and message.get("weight", 1) == 1:
            found.append(Lesson(system, question, _text(message), _calls(message)))
    return found


def _text(message: dict[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text", "") for part in content if isinstance(part, dict)]
        return " ".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _calls(message: dict[str, Any]) -> tuple[ToolCall, ...]:
    functions = [call.get("function") for call in message.get("tool_calls") or [] if isinstance(call, dict)]
    functions += [message["function_call"]] if isinstance(message.get("function_call"), dict) else []
    return tuple(
        ToolCall(str(f.get("name", "")), str(f.get("arguments", "{}"))) for f in functions if isinstance(f, dict)
    )


def _calls_text(message: dict[str, Any]) -> str:
    return "".join(f"{call.name}{call.arguments}" for call in _calls(message))


def _harms(content: bytes) -> tuple[str, ...]:
    """Harms the screening finds. It can't judge text: it looks for the marks `SIMULATED-HARM:<type>`."""
    known = ("hate_fairness", "self_harm", "sexual", "violence")
    return tuple(harm for harm in known if f"SIMULATED-HARM:{harm}".encode() in content)
