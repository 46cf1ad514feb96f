"""What one example may look like, by method, and what is wrong with one: a fault each, the first that is found.

Formats: MicrosoftDocs azure-ai-docs, foundry/openai/how-to/fine-tuning.md, fine-tuning-functions.md,
fine-tuning-direct-preference-optimization.md and reinforcement-fine-tuning.md; pictures: pictures.py. What Azure says
of a line that breaks them is in no document: the words below are memory. That a call must be of a declared tool, and a
tool's answer to a call, is memory too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.openai.bases import Method
from simulator.openai.graders.templates import found
from simulator.openai.learning import pictures

ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
OUTPUTS = ("preferred_output", "non_preferred_output")


@dataclass(frozen=True)
class Reading:
    """How a file is read: by which method, for which model, with which grader.

    longest      tokens one example may have
    images       whether the model sees pictures
    references   paths in an example that the grader names, `item.answer`
    target       the path of the answer that the grader rewards, where it compares with one
    """

    method: Method
    longest: int = 65_536
    images: bool = False
    references: tuple[str, ...] = ()
    target: str | None = None


def conversation(example: dict[str, Any], method: Method) -> list[dict[str, Any]]:
    """All messages of an example without faults; of a preference those that are wished for."""
    if method == "dpo":
        return [*example["input"]["messages"], *example["preferred_output"]]
    return list(example["messages"])


def tools_of(example: dict[str, Any]) -> object:
    """Tools or functions that an example declares."""
    asked = example["input"] if isinstance(example.get("input"), dict) else example
    return asked.get("tools") or asked.get("functions")


def fault(example: object, reading: Reading) -> str | None:
    """What is wrong with it; None where nothing is."""
    if not isinstance(example, dict):
        return "not valid JSON" if example is None else "not a JSON object"
    return next(_faults(example, reading), None)


def _faults(example: dict[str, Any], reading: Reading) -> Iterator[str]:
    if reading.method == "dpo":
        yield from _preference_faults(example, reading)
        return
    messages: Any = example.get("messages")
    if messages is None and "prompt" in example:
        yield "messages is missing: prompt and completion are for models that are retired"
    yield from _messages_faults(messages, "messages")
    yield from _tools_faults(example, messages, "")
    yield from pictures.faults(messages, images=reading.images)
    last = messages[-1]["role"]
    if reading.method == "reinforcement":
        if last != "user":
            yield "the last message must be from the user"
        for path in reading.references:
            if not found(path, {"item": example}):
                yield f"{path}, which the grader names, is missing"
    elif last != "assistant":
        yield "the last message must be from the assistant"
    elif not any(m["role"] == "assistant" and m.get("weight", 1) for m in messages):
        yield "no message from the assistant has a weight of 1"


def _preference_faults(example: dict[str, Any], reading: Reading) -> Iterator[str]:
    asked = example.get("input")
    if not isinstance(asked, dict):
        yield "input must be an object"
        return
    yield from _messages_faults(asked.get("messages"), "input.messages")
    for key in OUTPUTS:
        yield from _messages_faults(example.get(key), key)
        roles: set[str] = {message["role"] for message in example[key]}
        if "assistant" not in roles or not roles <= {"assistant", "tool"}:
            yield f"{key} must hold an assistant message, and else only tool messages"
    for key in OUTPUTS:
        yield from _tools_faults(asked, [*asked["messages"], *example[key]], "input.")
        yield from pictures.faults([*asked["messages"], *example[key]], images=reading.images)


def _messages_faults(messages: object, key: str) -> Iterator[str]:
    if not isinstance(messages, list) or not messages:
        yield f"{key} must be a list of messages"
        return
    for index, message in enumerate(messages):
        yield from _message_faults(message, f"{key}[{index}]")


def _message_faults(message: object, at: str) -> Iterator[str]:
    if not isinstance(message, dict):
        yield f"{at} must be an object"
        return
    role, content = message.get("role"), message.get("content")
    if not isinstance(role, str) or role not in ROLES:
        yield f"{at}.role must be one of {', '.join(sorted(ROLES))}"
    weight = message.get("weight", 1)
    if weight not in (0, 1) or isinstance(weight, bool) or (role != "assistant" and "weight" in message):
        yield f"{at}.weight must be 0 or 1, and stands at assistant messages only"
    calls = message.get("tool_calls") or message.get("function_call")
    if content is None and not (role == "assistant" and calls):
        yield f"{at} has no content"
    if content is not None and not isinstance(content, str | list):
        yield f"{at}.content must be text or a list of parts"
    for number, part in enumerate(content if isinstance(content, list) else []):
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "text" and not isinstance(part.get("text"), str):
            yield f"{at}.content[{number}].text must be text"
        if kind not in ("text", "image_url"):
            yield f"{at}.content[{number}].type must be text or image_url"


def _tools_faults(declaring: dict[str, Any], messages: Sequence[dict[str, Any]], at: str) -> Iterator[str]:
    """Tools as declared, their calls, and the answers to those."""
    declared: set[str] = set()
    for key in ("tools", "functions"):
        listed = declaring.get(key)
        if listed is None:
            continue
        if not isinstance(listed, list):
            yield f"{at}{key} must be a list"
            return
        for index, tool in enumerate(listed):
            function = tool.get("function") if key == "tools" and isinstance(tool, dict) else tool
            if not isinstance(function, dict) or not isinstance(function.get("name"), str):
                yield f"{at}{key}[{index}] must be a function with a name"
                return
            declared.add(function["name"])
    parallel = declaring.get("parallel_tool_calls")
    if parallel is not None and not isinstance(parallel, bool):
        yield f"{at}parallel_tool_calls must be true or false"
    called: set[str] = set()
    for message in messages:
        for call in _calls(message):
            if call is None:
                yield "a tool call must have an id, and a function with name and arguments as text"
                return
            if call[1] not in declared:
                yield f"{call[1]} is called and not declared"
            called.add(call[0])
        if message["role"] == "tool" and message.get("tool_call_id") not in called:
            yield "a tool message answers no call before it: tool_call_id"


def _calls(message: dict[str, Any]) -> Iterator[tuple[str, str] | None]:
    """ID and function of each call; None for one that is malformed."""
    listed = message.get("tool_calls") or []
    old = message.get("function_call")
    pairs = (
        [(c.get("id"), c.get("function")) if isinstance(c, dict) else (None, None) for c in listed]
        + ([("", old)] if old is not None else [])
        if isinstance(listed, list)
        else [(None, None)]
    )
    for id_, function in pairs:
        whole = isinstance(function, dict) and all(isinstance(function.get(k), str) for k in ("name", "arguments"))
        yield (id_, function["name"]) if isinstance(id_, str) and whole and isinstance(function, dict) else None
