"""What the passing of time does to resources. Applied lazily, before anything is read: nothing here waits.

Documented (MicrosoftDocs azure-ai-docs): a soft-deleted account is purged after 48 hours (recover-purge-resources.md;
so too in Azure/azure-cli's softdelete recording); a DeveloperTier deployment goes after 24 hours whatever its use
(concepts-deployment-types-content.md); any other deployment of a tuned model goes after 15 days without a completion
(fine-tune.md).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from simulator.arm import activity, errors, soft_delete
from simulator.arm.ids import GROUPS, parse, within
from simulator.arm.models import (
    ACCOUNTS,
    DEPLOYMENTS,
    PROJECTS,
    RAI_POLICIES,
    ArmState,
    DeletedAccount,
    Pending,
    Resource,
    fresh_etag,
)

if TYPE_CHECKING:
    from simulator.cloud import Cloud

GONE = "gone"
_LOCKING = (DEPLOYMENTS, PROJECTS, RAI_POLICIES)
"""Children of an account whose changes exclude one another."""
KEPT_DELETED = timedelta(hours=48)
DEVELOPER_LIFE = timedelta(hours=24)
IDLE_LIFE = timedelta(days=15)


def settle(cloud: Cloud) -> None:
    """Brings every resource to where it stands now."""
    arm, now = cloud.state.arm, cloud.clock.now()
    if cloud.faults.conduct.events:
        from simulator.faults.happenings import happen  # here: it needs jobs, which need resources

        happen(cloud, now)
    changed = False
    for resource in list(arm.resources.values()):
        if resource.pending is not None and resource.pending.at <= now:
            _arrive(arm, resource, resource.pending)
            changed = True
    for resource in list(arm.resources.values()):
        ends = _ends(resource)
        if ends is not None and ends <= now:
            del arm.resources[resource.key]
            activity.note(cloud, resource, "delete", activity.PLATFORM, ends)
            changed = True
    kept = [deleted for deleted in arm.deleted_accounts if deleted.purge_at > now]
    if len(kept) != len(arm.deleted_accounts):
        arm.deleted_accounts[:] = kept
        changed = True
    if soft_delete.purge(arm, now) or changed:
        cloud.state.entra.keep_identities_of(arm.resources)
        cloud.moved_on()


def remove(arm: ArmState, resource: Resource, at: datetime) -> None:
    """Takes a resource away with all below it; an account is kept as soft-deleted, with what is in it."""
    below = [r for r in list(arm.resources.values()) if r.key != resource.key and within(r.key, resource.key)]
    if resource.type == ACCOUNTS:
        _soft_delete(arm, resource, below, at)
    else:
        for account in [r for r in below if r.type == ACCOUNTS]:
            remove(arm, account, at)
    for gone in (*below, resource):
        soft_delete.keep(arm, gone, below, at)
        arm.resources.pop(gone.key, None)


def busy(arm: ArmState, account_key: str) -> bool:
    """Whether something in this account is being changed: Azure then refuses a sibling's change.

    Azure's lock sometimes outlives the Succeeded of what held it (Azure-Samples/azure-search-openai-demo#59); here it
    does not.
    """
    if account_key in arm.in_flight:
        return True
    return any(
        r.pending is not None and r.type in _LOCKING and within(r.key, account_key) for r in arm.resources.values()
    )


def _soft_delete(arm: ArmState, account: Resource, children: list[Resource], at: datetime) -> None:
    identity = parse(account.id)
    group = (identity.group if identity else None) or ""
    account.pending, account.state = None, "Succeeded"
    arm.deleted_accounts.append(
        DeletedAccount(account=account, children=children, group=group, deleted_at=at, purge_at=at + KEPT_DELETED)
    )


def _arrive(arm: ArmState, resource: Resource, pending: Pending) -> None:
    resource.pending = None
    if pending.state != GONE:
        resource.state = pending.state
        resource.etag = fresh_etag(resource.key, pending.at, pending.state)
        if pending.state == "Succeeded":
            resource.succeeded_at = pending.at
        return
    if resource.type == GROUPS and (blocking := _blocking(arm, resource)):
        _roll_back(arm, resource, blocking)
        return
    remove(arm, resource, pending.at)


def _blocking(arm: ArmState, group: Resource) -> list[Resource]:
    """Accounts that cannot be deleted with their group, because something in them is being changed."""
    accounts = (r for r in arm.resources.values() if r.type == ACCOUNTS and within(r.key, group.key))
    return [account for account in accounts if busy(arm, account.key)]


def _roll_back(arm: ArmState, group: Resource, blocking: list[Resource]) -> None:
    group.state = "Succeeded"
    refusal = errors.resource_group_deletion_blocked(group.name, [account.id for account in blocking])
    for operation in arm.operations.values():
        if operation.resource == group.key and operation.failure is None and operation.result == "nothing":
            operation.failure, operation.failure_status = refusal.error(), refusal.status


def _ends(resource: Resource) -> datetime | None:
    """When Azure deletes it unasked; None where it doesn't."""
    if resource.type != DEPLOYMENTS or not resource.tuned or resource.pending is not None:
        return None
    made = resource.succeeded_at or resource.created_at
    if resource.body.get("sku", {}).get("name") == "DeveloperTier":
        return resource.created_at + DEVELOPER_LIFE
    return max(made, resource.last_call or made) + IDLE_LIFE
