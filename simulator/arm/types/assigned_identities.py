"""The `identity` of a resource: what may be asked for, and what Azure answers in its place.

Forms: azure-rest-api-specs, common-types managedidentity.json. An identity is assigned by whoever may (Microsoft Learn,
Managed Identity Operator), and a resource in an update keeps those it had.
"""

from __future__ import annotations

import uuid
from typing import Any

from simulator.access import allowed
from simulator.arm import errors
from simulator.arm import identity_errors as refuse
from simulator.arm.descriptors import Body, Call, Write
from simulator.arm.models import ACCOUNTS, USER_IDENTITIES, Resource, find
from simulator.cloud import Cloud

ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
_TYPES = frozenset({"none", "systemassigned", "userassigned", "systemassigned,userassigned"})


def check(write: Write) -> None:
    """Refuses an identity of another form, one that isn't there, and one that the caller may not assign."""
    identity = write.body.get("identity")
    if not isinstance(identity, dict):
        return
    type_ = _type(identity)
    if type_ not in _TYPES:
        raise refuse.identity_type_invalid(str(identity.get("type")))
    named = _named(identity)
    if "userassigned" in type_.split(",") and not named:
        raise refuse.identity_ids_missing()
    before = {each.lower() for each in _named((write.existing.body if write.existing else {}).get("identity") or {})}
    for identity_id in named:
        found = find(write.cloud, identity_id)
        if found is None or found.type != USER_IDENTITIES:
            raise refuse.identity_not_found(write.id.text, identity_id)
        caller = write.caller
        if found.key not in before and not allowed(write.cloud, caller.object_id, ASSIGN, found.id, data=False):
            action = f"{write.id.type}/write"
            raise errors.linked_authorization_failed(
                caller.client_id, caller.object_id, action, write.id.text, ASSIGN, found.id
            )


def complete(write: Write) -> Body | None:
    """The identity as it is stored: a user-assigned one with its IDs, one set to null taken away."""
    identity = write.body.get("identity")
    if not isinstance(identity, dict):
        return None
    kept: Body = {"type": identity.get("type", "None")}
    if "userassigned" in _type(identity).split(","):
        kept["userAssignedIdentities"] = {
            identity_id: {name: found.properties[name] for name in ("principalId", "clientId")}
            for identity_id in _named(identity)
            if (found := find(write.cloud, identity_id)) is not None
        }
    return kept


def stored(write: Write, resource: Resource) -> None:
    """Gives a system-assigned identity its principal, and takes one away that is asked for no more."""
    entra, identity = write.cloud.state.entra, resource.body.get("identity")
    principal = system_principal(write.cloud, resource)
    if isinstance(identity, dict) and "systemassigned" in _type(identity).split(","):
        identity |= {"principalId": principal, "tenantId": write.cloud.tenant_id}
        client = str(uuid.uuid5(uuid.UUID(principal), "client"))
        # A deleted account keeps its principal until it is purged.
        lives_with = None if resource.type == ACCOUNTS else resource.key
        entra.add_managed_identity(object_id=principal, client_id=client, name=resource.name, resource=lives_with)
    else:
        entra.remove(principal)


def deleted(call: Call, resource: Resource) -> None:
    """A system-assigned identity goes with its resource."""
    call.cloud.state.entra.remove(system_principal(call.cloud, resource))


def system_principal(cloud: Cloud, resource: Resource) -> str:
    """Its object ID: another one for a resource made anew under the name, the same in a repeated run."""
    return str(uuid.uuid5(uuid.UUID(cloud.tenant_id), f"{resource.key}|{resource.created_at.isoformat()}"))


def assigned(cloud: Cloud, body: Body) -> list[Resource]:
    """The user-assigned identities that a resource's body names, as far as they are there."""
    named = _named(body.get("identity") or {})
    return [found for each in named if (found := find(cloud, each)) is not None]


def _named(identity: Body) -> list[str]:
    known: Any = identity.get("userAssignedIdentities")
    return [each for each, value in known.items() if value is not None] if isinstance(known, dict) else []


def _type(identity: Body) -> str:
    return str(identity.get("type", "")).lower().replace(" ", "")
