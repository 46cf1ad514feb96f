"""Who may do what in a vault: Azure RBAC, or the vault's own access policies where it has those."""

from __future__ import annotations

from typing import Any

from simulator.access import allowed
from simulator.arm.models import Resource
from simulator.cloud import Cloud

_KEYS = "Microsoft.KeyVault/vaults/keys"
_ROTATION = "Microsoft.KeyVault/vaults/keyrotationpolicies"

READ = f"{_KEYS}/read"
UPDATE = f"{_KEYS}/update/action"
DELETE = f"{_KEYS}/delete"
RECOVER = f"{_KEYS}/recover/action"
PURGE = f"{_KEYS}/purge/action"
ROTATE = f"{_KEYS}/rotate/action"
WRAP = f"{_KEYS}/wrap/action"
UNWRAP = f"{_KEYS}/unwrap/action"
READ_POLICY = f"{_ROTATION}/read"
WRITE_POLICY = f"{_ROTATION}/write"

_PERMISSIONS = {
    READ: "get",
    UPDATE: "update",
    DELETE: "delete",
    RECOVER: "recover",
    PURGE: "purge",
    ROTATE: "rotate",
    WRAP: "wrapkey",
    UNWRAP: "unwrapkey",
    READ_POLICY: "getrotationpolicy",
    WRITE_POLICY: "setrotationpolicy",
}
"""What the data actions are called in access policies."""


def uses_rbac(vault: Resource) -> bool:
    return vault.properties.get("enableRbacAuthorization") is True


def may(cloud: Cloud, vault: Resource, principal_id: str, action: str, scope: str) -> bool:
    """Whether the principal may do the data action on a vault or a key in it; never both ways at once."""
    if uses_rbac(vault):
        return allowed(cloud, principal_id, action, scope, data=True)
    policies: list[dict[str, Any]] = vault.properties.get("accessPolicies") or []
    given = {
        str(permission).lower()
        for policy in policies
        if str(policy.get("objectId", "")).lower() == principal_id.lower()
        for permission in (policy.get("permissions") or {}).get("keys") or ()
    }
    # `all` is everything but purge (Microsoft Learn, assign-access-policy).
    return _PERMISSIONS[action] in given or ("all" in given and action != PURGE)
