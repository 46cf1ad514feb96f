"""Which recorded model somebody means: by its role, its ID, or the beginning of its run key. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from contract.release import ReleaseRecord, Releases
from jobs.errors import Usage

_ROLE = re.compile(r"live|candidate|previous\[\d{1,4}\]")
_KEY = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True)
class Meant:
    """A record, and where it stands."""

    stack: str
    place: str
    record: ReleaseRecord


def meant(text: str, by_stack: Mapping[str, Releases]) -> Meant:
    """``live``, ``previous[0]``, ``prod:live``, a model ID, or 4 digits and more of a run key.

    Raises Usage where nothing is meant, or more than one model.
    """
    stack, colon, role = text.partition(":")
    if colon and _ROLE.fullmatch(role) and stack in by_stack:
        return _one(text, [each for each in _all({stack: by_stack[stack]}) if each.place == role], by_stack)
    if _ROLE.fullmatch(text):
        return _one(text, [each for each in _all(by_stack) if each.place == text], by_stack)
    found = [each for each in _all(by_stack) if each.record.model_id == text]
    if not found and _KEY.fullmatch(text):
        found = [each for each in _all(by_stack) if each.record.run_key.startswith(text)]
    return _one(text, found, by_stack)


def _all(by_stack: Mapping[str, Releases]) -> list[Meant]:
    return [Meant(stack, place, record) for stack, releases in by_stack.items() for place, record in releases.places()]


def _one(text: str, found: list[Meant], by_stack: Mapping[str, Releases]) -> Meant:
    models = {each.record.model_id for each in found}
    if len(models) > 1:
        words = ", ".join(f"{each.stack}:{each.place} ({each.record.run_key[:8]})" for each in found)
        raise Usage(f"{text!r} means more than one model: {words}")
    if not found:
        there = ", ".join(f"{each.stack}:{each.place} ({each.record.run_key[:8]})" for each in _all(by_stack))
        raise Usage(f"{text!r} is no recorded model; there are {there or 'none'}")
    # The same model may stand in several stacks: the one where it was evaluated says most of it.
    return max(found, key=lambda each: each.record.evaluation.at if each.record.evaluation else "")
