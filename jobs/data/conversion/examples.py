"""Examples that are as they should be but for their layout: in one list, or indented over several lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.data.conversion.record import Unconvertible


def is_example(value: Mapping[str, Any]) -> bool:
    return "messages" in value or "preferred_output" in value


def with_system(value: Mapping[str, Any], system: str | None) -> tuple[Mapping[str, Any], bool]:
    """The example with ``system`` first, and whether another one stood there. Raises Unconvertible."""
    if not is_example(value):
        raise Unconvertible("has no messages")
    if system is None:
        return value, False
    holder = value if "messages" in value else value.get("input")
    messages = holder.get("messages") if isinstance(holder, Mapping) else None
    if not isinstance(holder, Mapping) or not isinstance(messages, list) or not all(map(_is_object, messages)):
        raise Unconvertible("has no list of messages")
    own = [message.get("content") for message in messages[:1] if message.get("role") in ("system", "developer")]
    said = [{"role": "system", "content": system}, *messages[len(own) :]]
    inner = {**holder, "messages": said}
    return inner if holder is value else {**value, "input": inner}, own not in ([], [system])


def _is_object(message: object) -> bool:
    return isinstance(message, dict)
