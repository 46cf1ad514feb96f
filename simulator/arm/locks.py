"""Management locks: what each level refuses, on its scope and on all below it.

Microsoft Learn, azure-resource-manager/management/lock-resources: CanNotDelete refuses to delete, ReadOnly refuses to
write as well, and a POST action counts as writing (a locked storage account doesn't list its keys). Children and
extension resources inherit, role assignments and diagnostic settings among them. A lock on one resource keeps the
resource group of it from being deleted. Data planes know no locks, and no lock holds a lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from simulator.arm import errors
from simulator.arm.ids import ResourceId, parse, within
from simulator.arm.models import LOCKS, ArmState, Resource


def check(arm: ArmState, target: ResourceId, doing: Literal["write", "delete"]) -> None:
    """Refuses where a lock is in the way, and names every scope that is locked."""
    if target.type.lower() == LOCKS.lower():
        return
    locked = sorted({scope for scope, lock in _locks(arm) if _holds(scope, lock, target, doing)})
    if locked:
        raise errors.scope_locked(target.text, doing, locked)


def _locks(arm: ArmState) -> Iterator[tuple[str, Resource]]:
    for lock in arm.resources.values():
        if lock.type == LOCKS and (identity := parse(lock.id)) is not None:
            yield identity.scope, lock


def _holds(scope: str, lock: Resource, target: ResourceId, doing: str) -> bool:
    inherited = within(target.key, scope)
    if doing == "write":
        return inherited and lock.properties["level"] == "ReadOnly"
    # What goes with its parent is not to be deleted either.
    return lock.properties["level"] != "NotSpecified" and (inherited or within(scope, target.key))
