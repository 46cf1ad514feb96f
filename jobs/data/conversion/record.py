"""What readers of the source forms give: one record after the other, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]


class Unconvertible(Exception):
    """No example can be made of a record; the message says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """``place``: ``line 3``, ``record 3 (line 17)``. Without a value it is blank, or what ``fault`` says."""

    place: str
    value: Mapping[str, Any] | None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """An example in the making.

    system   the system message that the record itself has
    unused   keys of the record that have no place in an example
    """

    messages: list[Message]
    system: str | None = None
    tools: list[dict[str, Any]] | None = None
    unused: frozenset[str] = field(default_factory=frozenset)


def text_under(value: Mapping[str, Any], key: str) -> str:
    """The text; raises Unconvertible where it is none, or says nothing."""
    if key not in value:
        raise Unconvertible(f"has no {key}")
    text = value[key]
    if not isinstance(text, str):
        raise Unconvertible(f"has no text as {key}")
    if not text.strip():
        raise Unconvertible(f"has nothing as {key}")
    return text


def text_or_none(value: Mapping[str, Any], key: str) -> str | None:
    """The text; None where there is none, or it says nothing. Raises Unconvertible where it is something else."""
    if value.get(key) is None:
        return None
    if not isinstance(value[key], str):
        raise Unconvertible(f"has no text as {key}")
    return str(value[key]) if value[key].strip() else None


def asked(text: str) -> Message:
    return {"role": "user", "content": text}


def answered(text: str) -> Message:
    return {"role": "assistant", "content": text}
