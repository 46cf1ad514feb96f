"""The part of a faulty stack config in which more faults can be looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_NAMED = frozenset({"baseDeployments", "models", "releases"})
"""Sections of entries that stand for themselves: one may be left out and the others judged."""
_JUDGED_BY = frozenset({"accounts", "environment"})
"""Sections by which others are judged: where one is faulty, what it would say of the others isn't known."""
_SAYS_WHERE = frozenset({"storage", "resourceGroup"})
"""Sections that say in which regions something is to be encrypted."""
_NAMED_BY_OTHERS: Mapping[str, Mapping[str, Any]] = {"contentFilters": {}, "blocklists": {"terms": {}}}
"""Sections whose entries others name, and what stands for a faulty one: nobody is told that there is none."""
_ALONE = frozenset({"network", "access", "contentFilters", "blocklists", "monitoring"})
"""Sections that are judged by themselves and one another."""
_STAND_IN = {"accounts": {"main": {"name": "main", "location": "swedencentral"}}, "storage": {"name": "storage"}}
"""What nothing of those is judged by, but without which no config is whole."""


def sound_part(mapping: Mapping[str, Any], faults: Sequence[str]) -> dict[str, Any]:
    """``mapping`` without what the keys ``faults`` lie in, and without what can't be judged without that.

    What goes unmentioned so is mentioned once its faults are mended.
    """
    if any(_lies_in(fault, section) for fault in faults for section in _JUDGED_BY):
        sound = {name for name in _ALONE & mapping.keys() if not any(_lies_in(fault, name) for fault in faults)}
        return {name: value for name, value in mapping.items() if name in sound} | _STAND_IN
    part: dict[str, Any] = {}
    for section, value in mapping.items():
        if not any(_lies_in(fault, section) for fault in faults):
            part[section] = value
        elif section in _NAMED and isinstance(value, Mapping) and section not in faults:
            part[section] = {
                name: entry
                for name, entry in value.items()
                if not any(_lies_in(fault, f"{section}.{name}") for fault in faults)
            }
        elif section in _NAMED_BY_OTHERS and isinstance(value, Mapping) and section not in faults:
            part[section] = {
                name: _NAMED_BY_OTHERS[section]
                if any(_lies_in(fault, f"{section}.{name}") for fault in faults)
                else entry
                for name, entry in value.items()
                # Where it is the name that is faulty, nothing can stand under it.
                if f"{section}.{name}" not in faults
            }
        elif section == "resourceGroup":
            # Where it stands is only asked for so that it doesn't move.
            part[section] = {"location": "somewhere"}
    declared, left = mapping.get("models"), part.get("models", {})
    if isinstance(declared, Mapping) and isinstance(part.get("releases"), Mapping):
        # A model that is left out is no reason to call its records strays.
        part["releases"] = {
            name: entry for name, entry in part["releases"].items() if name in left or name not in declared
        }
    if any(_lies_in(fault, section) for fault in faults for section in _SAYS_WHERE):
        part.pop("encryption", None)
    if any(_lies_in(fault, "access") for fault in faults):
        # Who may write them stands there.
        part.pop("pointers", None)
    # Nothing else is judged by the storage.
    part.setdefault("storage", _STAND_IN["storage"])
    return part


def _lies_in(fault: str, key: str) -> bool:
    return fault == key or fault.startswith((f"{key}.", f"{key}["))
