"""A rule: what it is called, why it is there, what to do about it, and the function that finds what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from policy.demands import Demands
from policy.resources import Resource

Enforcement = Literal["mandatory", "advisory"]


@dataclass(frozen=True)
class Rule:
    """What each resource is held to, by itself.

    enforcement   a mandatory rule refuses the up, an advisory one warns
    find          what is wrong with the resource, a few words each
    """

    name: str
    why: str
    remedy: str
    find: Callable[[Resource, Demands], Iterable[str]]
    enforcement: Enforcement = "mandatory"


@dataclass(frozen=True)
class StackRule:
    """What the stack is held to as a whole. ``find`` names the resource too, where it is about one."""

    name: str
    why: str
    remedy: str
    find: Callable[[Sequence[Resource], Demands], Iterable[tuple[Resource | None, str]]]
    enforcement: Enforcement = "mandatory"


@dataclass(frozen=True)
class Violation:
    """One thing that breaks a rule."""

    rule: Rule | StackRule
    resource: Resource | None
    what: str

    def __str__(self) -> str:
        return f"{self.resource}: {self.what}" if self.resource is not None else self.what
