"""Microsoft.ManagedIdentity/userAssignedIdentities: an identity that is a resource, and a principal of the directory.

The answer's form: azure-rest-api-specs, Microsoft.ManagedIdentity, userAssignedIdentities.
"""

from __future__ import annotations

import re
import uuid

from simulator.arm import identity_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Body, Call, Descriptor, Write
from simulator.arm.models import USER_IDENTITIES, Resource
from simulator.arm.regions import NAMES, normalised

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}")


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise refuse.identity_name_invalid(name)


def _complete(write: Write) -> Body:
    before = write.existing.properties if write.existing is not None else {}
    return {
        "location": normalised(str(write.body["location"])),
        "tags": write.body.get("tags") or {},
        "properties": dict(before),
    }


def _stored(write: Write, identity: Resource) -> None:
    """One made anew under a name is another principal; the same run gives the same IDs."""
    if write.existing is not None:
        return
    born = f"{identity.key}|{identity.created_at.isoformat()}"
    principal = str(uuid.uuid5(uuid.UUID(write.cloud.tenant_id), born))
    client = str(uuid.uuid5(uuid.UUID(principal), "client"))
    identity.body["properties"] = {"tenantId": write.cloud.tenant_id, "principalId": principal, "clientId": client}
    write.cloud.state.entra.add_managed_identity(
        object_id=principal, client_id=client, name=identity.name, resource=identity.key
    )


def _deleted(call: Call, identity: Resource) -> None:
    """Resources that have it keep its name, and can't use it any more."""
    call.cloud.state.entra.remove(str(identity.properties["principalId"]))


IDENTITIES = Descriptor(
    type=USER_IDENTITIES,
    api_versions=versions.MANAGED_IDENTITY,
    members=frozenset({"location", "tags", "properties"}),
    patchable=frozenset({"location", "tags"}),
    locations=NAMES,
    read_only=tuple(f"properties.{name}" for name in ("tenantId", "principalId", "clientId")),
    check_name=_check_name,
    complete=_complete,
    stored=_stored,
    deleted=_deleted,
    shows=frozenset(),
)
