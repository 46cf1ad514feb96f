"""Microsoft.Authorization/locks, at any scope; what they refuse is in simulator/arm/locks.py.

Levels and the length of notes: Azure/azure-rest-api-specs, Microsoft.Authorization/stable/2020-05-01/locks.json.
Whoever sets or deletes one needs Microsoft.Authorization/locks/*, of which only Owner and User Access Administrator
have all (Microsoft Learn, lock-resources).
"""

from __future__ import annotations

from simulator.arm import errors, versions
from simulator.arm.descriptors import Body, Descriptor, Write
from simulator.arm.models import LOCKS
from simulator.arm.scopes import require_scope

_LEVELS = ("NotSpecified", "CanNotDelete", "ReadOnly")
_LONGEST_NAME = 260
_LONGEST_NOTES = 512


def _check_name(name: str) -> None:
    if len(name) > _LONGEST_NAME:
        raise errors.lock_invalid(f"The lock name can't be longer than {_LONGEST_NAME} characters.")


def _check(write: Write) -> None:
    require_scope(write)
    level = write.properties.get("level")
    if level not in _LEVELS:
        raise errors.lock_invalid(f"The lock level '{level}' is not one of '{', '.join(_LEVELS)}'.")
    if len(str(write.properties.get("notes") or "")) > _LONGEST_NOTES:
        raise errors.lock_invalid(f"The lock notes can't be longer than {_LONGEST_NOTES} characters.")


def _complete(write: Write) -> Body:
    kept = ("level", "notes", "owners")
    return {"properties": {name: write.properties[name] for name in kept if name in write.properties}}


MANAGEMENT_LOCKS = Descriptor(
    type=LOCKS,
    api_versions=versions.LOCKS,
    members=frozenset({"properties"}),
    check_name=_check_name,
    check=_check,
    complete=_complete,
    shows=frozenset({"systemData"}),
)
