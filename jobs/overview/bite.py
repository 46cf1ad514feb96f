"""Something that will bite, or does: how urgent it is, whether it needs a person, and what to type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Urgency = Literal["now", "soon", "later"]
Kind = Literal[
    "gone",
    "notReady",
    "unread",
    "notEvaluated",
    "overridden",
    "up",
    "untrained",
    "stray",
    "idle",
    "developer",
    "retirement",
    "quota",
    "limit",
    "price",
    "notKnown",
]
_ORDER: tuple[Urgency, ...] = ("now", "soon", "later")


@dataclass(frozen=True)
class Bite:
    """``person``: somebody has to do something, which ``jobs status --check`` tells by its exit code. ``due``: when it
    happens, where that is known. ``command``: as it would be typed for the stack alone."""

    urgency: Urgency
    kind: Kind
    stack: str
    words: str
    person: bool
    model: str | None = None
    due: datetime | None = None
    command: str | None = None


def by_urgency(bites: Iterable[Bite]) -> list[Bite]:
    """The most urgent first; of equal urgency what needs a person, then what is due first."""
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(bites, key=lambda each: (_ORDER.index(each.urgency), not each.person, each.due or never))
