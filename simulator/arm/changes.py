"""Changes of an account and of what is in it, where a fault plan has them refused with nothing under way.

Azure's lock on an account outlives the `Succeeded` of what held it (Azure-Samples/azure-search-openai-demo#59: for
hours; a field report of 2026-09).
"""

from __future__ import annotations

from simulator.arm.descriptors import Call, Descriptor
from simulator.arm.models import ACCOUNTS, Operation


def check(call: Call, kind: Descriptor) -> None:
    """Refuses a change that the plan wants refused."""
    account = _account(call, kind)
    if account is not None and call.cloud.faults.conduct.conflict(account, call.cloud.clock.now()):
        raise kind.locked(account)


def note(call: Call, kind: Descriptor, operation: Operation | None) -> None:
    """Something was changed, or will be by the end of the operation."""
    account = _account(call, kind)
    if account is not None:
        done = operation.ends_at if operation is not None else call.cloud.clock.now()
        changed = call.cloud.faults.conduct.changed
        changed[account.lower()] = max(done, changed.get(account.lower(), done))


def _account(call: Call, kind: Descriptor) -> str | None:
    """The ID of the account whose lock the change takes; None where it takes none."""
    key = kind.lock(call.id)
    found = call.cloud.state.arm.resources.get(key) if key is not None else None
    return found.id if found is not None and found.type == ACCOUNTS else None
