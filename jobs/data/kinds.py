"""What kind of dataset an example belongs to, told by its keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal["chat", "completion", "preference", "reinforcement"]

KIND_OF_METHOD: Mapping[str, Kind] = {"supervised": "chat", "dpo": "preference", "reinforcement": "reinforcement"}
"""What each method of training takes."""

EXAMPLE_KEYS = frozenset({"messages", "tools", "parallel_tool_calls", "functions"})
"""What an example of supervised chat may have."""
_PREFERENCE_KEYS = ("preferred_output", "non_preferred_output")


def kind_of(example: Mapping[str, Any]) -> Kind:
    """``chat`` also where the example is of no kind at all: the schema's rules then say what is wrong with it."""
    if any(key in example for key in _PREFERENCE_KEYS):
        return "preference"
    messages = example.get("messages")
    if "messages" not in example:
        return "completion" if "prompt" in example and "completion" in example else "chat"
    if extra_keys(example) and isinstance(messages, list) and messages and _role(messages[-1]) == "user":
        return "reinforcement"
    return "chat"


def kind_words(kind: Kind, example: Mapping[str, Any]) -> str:
    """What an example of another kind is, and what to do with it."""
    if kind == "completion":
        return "has prompt and completion instead of messages: no model that can be tuned now takes them"
    if kind == "preference":
        return "has preferred_output and non_preferred_output: a preference pair, for method dpo"
    keys = ", ".join(sorted(extra_keys(example))[:5])
    return f"ends with the user and has keys for a grader ({keys}): an example for method reinforcement"


def extra_keys(example: Mapping[str, Any]) -> set[str]:
    return {key for key in example if key not in EXAMPLE_KEYS}


def _role(message: object) -> object:
    return message.get("role") if isinstance(message, dict) else None
