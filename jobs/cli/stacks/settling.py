"""A decision about a model's pointers, made of what the stack file has and written there at one stroke."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contract.release import Releases
from jobs.ports import Stack
from jobs.releases.pointers import Decided


@dataclass(frozen=True)
class Settled:
    """``where``: that it was recorded, and in which file, or goes into a patch; None where nothing changed."""

    decided: Decided
    where: str | None


def settle(stack: Stack, model: str, decide: Callable[[Releases], Decided]) -> Settled:
    """``decide`` may be asked more than once; what it says last is written. Raises what it raises, and Refused where
    the file can't be edited."""
    decided: list[Decided] = []

    def change(releases: Releases) -> Releases:
        decided[:] = [decide(releases)]
        return decided[0].releases

    in_file = stack.record(model, change)
    if not decided[0].changed:
        return Settled(decided[0], None)
    words = f"recorded in {stack.file}" if in_file else f"goes into a patch of {stack.file}, which stays as it is"
    return Settled(decided[0], words)
