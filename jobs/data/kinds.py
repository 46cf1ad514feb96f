"""What kind of dataset an example belongs to, told by its keys and by who has the last word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from jobs.data.advice import converting
from jobs.data.reading.json_line import shortened

Kind = Literal["chat", "completion", "preference", "reinforcement"]

KIND_OF_METHOD: Mapping[str, Kind] = {"supervised": "chat", "dpo": "preference", "reinforcement": "reinforcement"}
"""What each method of training takes."""

EXAMPLE_KEYS = frozenset({"messages", "tools", "parallel_tool_calls", "functions"})
"""What an example of supervised chat may have."""
_PREFERENCE_KEYS = ("preferred_output", "non_preferred_output")
_WORDS: Mapping[Kind, tuple[str, str]] = {
    "chat": ("chat example", "for method supervised"),
    "completion": ("prompt/completion pair", "for which no model is left"),
    "preference": ("preference pair", "for method dpo"),
    "reinforcement": ("reinforcement example", "for method reinforcement"),
}
"""What one of them is, and what it is for."""


def kind_of(example: Mapping[str, Any], method: str = "supervised") -> Kind:
    """What ``method`` takes also where the example is of no kind at all: the schema's rules then say what is wrong."""
    if any(key in example for key in _PREFERENCE_KEYS):
        return "preference"
    if "messages" not in example:
        return "completion" if "prompt" in example and "completion" in example else KIND_OF_METHOD[method]
    messages = example["messages"]
    last = messages[-1] if isinstance(messages, list) and messages else None
    role = last.get("role") if isinstance(last, dict) else None
    if method == "reinforcement":
        return "chat" if role == "assistant" and not extra_keys(example) else "reinforcement"
    return "reinforcement" if role == "user" and extra_keys(example) else "chat"


def kind_words(kind: Kind, example: Mapping[str, Any], method: str) -> str:
    """What an example of another kind than ``method`` takes is, and what to do with it."""
    if kind == "completion":
        return (
            "has prompt and completion instead of messages, and no model that can be tuned now takes them: "
            f"{converting()} writes them as chat"
        )
    if kind == "preference":
        return f"is a preference pair, for method dpo; the method is {method}"
    if kind == "chat":
        return f"is a chat example with messages and no pair of outputs, for method supervised; the method is {method}"
    keys = ", ".join(map(shortened, sorted(extra_keys(example))[:5]))
    return (
        f"ends with the user and has keys for a grader ({keys}): an example for method reinforcement; "
        f"the method is {method}"
    )


def kind_remarks(kinds: Mapping[Kind, int], method: str) -> Iterator[tuple[str, str]]:
    """What is said of a file as a whole, once, by how many examples of each kind it has: rules and words."""
    found = sorted((kind for kind, number in kinds.items() if number), key=lambda kind: -kinds[kind])
    others = [kind for kind in found if kind != KIND_OF_METHOD[method]]
    if not others:
        return
    if len(found) > 1:
        parts = [_counted(kind, kinds[kind]) for kind in found]
        yield "kind-mixed", f"mixes {', '.join(parts[:-1])} and {parts[-1]}; the method is {method}"
    else:
        (kind,) = others
        help_ = f"; {converting()} writes them as chat" if kind == "completion" else ""
        yield f"kind-{kind}", f"is a file of another kind: {_counted(kind, kinds[kind])}; the method is {method}{help_}"


def _counted(kind: Kind, number: int) -> str:
    name, purpose = _WORDS[kind]
    return f"{number} {name}{'' if number == 1 else 's'} ({purpose})"


def extra_keys(example: Mapping[str, Any]) -> set[str]:
    """Its keys beside those of chat: for a grader, or unknown."""
    return set() if EXAMPLE_KEYS.issuperset(example) else set(example) - EXAMPLE_KEYS - {"slices"}
