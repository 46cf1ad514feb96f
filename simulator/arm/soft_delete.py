"""What is kept of a deleted resource, for how long, and whose creation brings it back or is refused by it.

Types have a row in RETENTION; what a new resource under a kept name means is the type's own business. Cognitive
Services accounts have a list of their own (passing.py): their quota stays taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from simulator.arm.models import CONFIGURATION_STORES, VAULTS, WORKSPACES, ArmState, Resource, SoftDeleted


def _store_life(store: Resource) -> timedelta:
    """Tiers without soft delete have 0 days (Microsoft Learn, azure-app-configuration/concept-soft-delete)."""
    return timedelta(days=int(store.properties.get("softDeleteRetentionInDays") or 0))


RETENTION: Mapping[str, Callable[[Resource], timedelta]] = {
    # Microsoft Learn, azure-monitor/logs/delete-workspace
    WORKSPACES: lambda _: timedelta(days=14),
    CONFIGURATION_STORES: _store_life,
    VAULTS: lambda vault: timedelta(days=int(vault.properties["softDeleteRetentionInDays"])),
}
"""By type: how long a deleted one is kept; not at all where it is nothing, or where facts has `purged`."""


def keep(arm: ArmState, resource: Resource, below: list[Resource], at: datetime) -> None:
    """Puts a resource that is being removed among the soft-deleted, if its type is kept, with what is nested in it.

    What stands upon it is lost: role assignments, locks, diagnostic settings.
    """
    kept_for = RETENTION.get(resource.type)
    life = kept_for(resource) if kept_for is not None else timedelta()
    if not life or resource.facts.get("purged"):
        return
    resource.pending, resource.state = None, "Succeeded"
    inside = ((child, child.key.removeprefix(f"{resource.key}/")) for child in below)
    nested = [child for child, path in inside if path != child.key and not path.startswith("providers/")]
    arm.soft_deleted.append(SoftDeleted(resource=resource, children=nested, deleted_at=at, purge_at=at + life))


def purge(arm: ArmState, now: datetime) -> bool:
    """Lets go of what was kept long enough; whether there was any."""
    kept = [each for each in arm.soft_deleted if each.purge_at > now]
    changed = len(kept) != len(arm.soft_deleted)
    arm.soft_deleted[:] = kept
    return changed


def kept(arm: ArmState, type_: str, subscription: str | None = None) -> list[SoftDeleted]:
    """The soft-deleted ones of a type, in one subscription or in all, by ID."""
    below = f"/subscriptions/{subscription}/".lower() if subscription is not None else ""
    found = (each for each in arm.soft_deleted if each.resource.type == type_ and each.resource.key.startswith(below))
    return sorted(found, key=lambda d: d.resource.key)


def find(arm: ArmState, key: str) -> SoftDeleted | None:
    """The soft-deleted resource with this ID, in lower case."""
    return next((each for each in arm.soft_deleted if each.resource.key == key), None)


def recover(arm: ArmState, deleted: SoftDeleted) -> None:
    """Takes it out of the deleted ones and puts back what was in it; the resource itself its type has made anew."""
    arm.soft_deleted.remove(deleted)
    for child in deleted.children:
        arm.resources[child.key] = child
