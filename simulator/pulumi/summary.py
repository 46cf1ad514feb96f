"""What an up, a preview or a destroy did: steps as they end, counts, and the stack's outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Did = Literal["created", "updated", "replaced", "unchanged", "deleted"]
DID: tuple[Did, ...] = ("created", "updated", "replaced", "unchanged", "deleted")
SIGNS: Mapping[Did, str] = {"created": "+", "updated": "~", "replaced": "+-", "unchanged": " ", "deleted": "-"}
How = Literal["cli", "in process"]
SHOWN = 6
"""How many changed properties of one resource are shown."""
GONE = "Azure had it no more"
"""The note on what comes back."""


@dataclass(frozen=True)
class Step:
    """One resource, done or planned.

    note       what was special, such as that Azure had deleted it
    changes    the property paths in which it differs, of what is updated or replaced
    forced_by  those of them that make it another resource
    """

    did: Did
    type: str
    name: str
    note: str = ""
    changes: tuple[str, ...] = ()
    forced_by: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """Type and name, for people."""
        return f"{self.type.rpartition(':')[2]} {self.name}"

    def __str__(self) -> str:
        paths = f"forced by {', '.join(self.forced_by)}" if self.forced_by else _few(self.changes)
        told = "; ".join(filter(None, (self.note, paths)))
        return f" {SIGNS[self.did]:<2} {self.what}{f'  ({told})' if told else ''}"


def _few(paths: tuple[str, ...]) -> str:
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return ", ".join(paths[:SHOWN]) + more


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

    def did(self, what: Did) -> list[Step]:
        """The steps of one kind: of a preview, what an up would create, replace and so on."""
        return [step for step in self.steps if step.did == what]


class Failed(Exception):
    """An up that stopped: what stopped it, for people, on one or more lines. What was done until then is saved."""

    def __init__(self, reason: str, summary: Summary | None = None) -> None:
        super().__init__(reason)
        self.summary = summary or Summary()
