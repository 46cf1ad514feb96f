"""What an up, a preview or a destroy did: steps as they end, counts, and the stack's outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Did = Literal["created", "updated", "replaced", "unchanged", "deleted"]
DID: tuple[Did, ...] = ("created", "updated", "replaced", "unchanged", "deleted")
SIGNS: Mapping[Did, str] = {"created": "+", "updated": "~", "replaced": "+-", "unchanged": " ", "deleted": "-"}
How = Literal["cli", "in process"]
GONE = "Azure had it no more"
"""The note on what comes back."""


@dataclass(frozen=True)
class Step:
    """One resource, done. `note` says what was special, such as that Azure had deleted it."""

    did: Did
    type: str
    name: str
    note: str = ""

    def __str__(self) -> str:
        note = f"  ({self.note})" if self.note else ""
        return f" {SIGNS[self.did]:<2} {self.type.rpartition(':')[2]} {self.name}{note}"


@dataclass
class Summary:
    """How many resources of each kind of step, the stack itself and its components included, as Pulumi counts."""

    created: int = 0
    updated: int = 0
    replaced: int = 0
    unchanged: int = 0
    deleted: int = 0

    def count(self, did: Did) -> None:
        setattr(self, did, getattr(self, did) + 1)

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.replaced + self.deleted

    def __str__(self) -> str:
        return ", ".join(f"{getattr(self, did)} {did}" for did in DID if getattr(self, did)) or "nothing declared"


@dataclass(frozen=True)
class UpResult:
    """summary: counts; outputs: the stack's, secrets as "[secret]"; how it was run; steps, where they are known."""

    summary: Summary
    outputs: dict[str, Any]
    how: How
    steps: tuple[Step, ...] = field(default=())


class Failed(Exception):
    """An up that stopped: what stopped it, for people, on one or more lines. What was done until then is saved."""

    def __init__(self, reason: str, summary: Summary | None = None) -> None:
        super().__init__(reason)
        self.summary = summary or Summary()
