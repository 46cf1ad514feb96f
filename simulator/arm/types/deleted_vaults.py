"""Microsoft.KeyVault/deletedVaults: what is kept of a deleted vault, until it is purged or its retention ends.

The form: azure-rest-api-specs, Microsoft.KeyVault, SoftDeleted.
"""

from __future__ import annotations

from simulator.arm import key_vault_errors as refuse
from simulator.arm import soft_delete, versions
from simulator.arm.descriptors import Answer, Body, Call, Special
from simulator.arm.models import VAULTS, SoftDeleted
from simulator.arm.regions import normalised
from simulator.arm.store import stamp
from simulator.arm.types.vaults import find_deleted_vault


def _shown(deleted: SoftDeleted) -> Body:
    vault = deleted.resource
    where = f"/subscriptions/{vault.id.split('/')[2]}/providers/Microsoft.KeyVault/locations/{vault.location}"
    properties = {
        "vaultId": vault.id,
        "location": vault.location,
        "tags": vault.body.get("tags") or {},
        "deletionDate": stamp(deleted.deleted_at),
        "scheduledPurgeDate": stamp(deleted.purge_at),
    }
    if _protected(deleted):
        properties["purgeProtectionEnabled"] = True
    return {
        "id": f"{where}/deletedVaults/{vault.name}",
        "name": vault.name,
        "type": "Microsoft.KeyVault/deletedVaults",
        "properties": properties,
    }


def _protected(deleted: SoftDeleted) -> bool:
    return deleted.resource.properties.get("enablePurgeProtection") is True


def _list(call: Call, _: Body) -> Answer:
    return Answer(body=[_shown(each) for each in soft_delete.kept(call.cloud.state.arm, VAULTS, call.subscription)])


def _named(call: Call) -> SoftDeleted:
    location, name = call.id.names
    found = find_deleted_vault(call.cloud, name)
    if found is None or found.resource.location != normalised(location):
        raise refuse.deleted_vault_not_found(name)
    return found


def _get(call: Call, _: Body) -> Answer:
    return Answer(body=_shown(_named(call)))


def _purge(call: Call, _: Body) -> Answer:
    """At once here; in Azure it takes a minute, announced by Location (memory)."""
    found = _named(call)
    if _protected(found):
        raise refuse.purge_not_allowed()
    call.cloud.state.arm.soft_deleted.remove(found)
    call.cloud.changed()
    return Answer(200)


_ONE = "microsoft.keyvault/locations/*/deletedvaults/*"
_V = versions.KEY_VAULT

SPECIALS = (
    Special("GET", "microsoft.keyvault/deletedvaults", _V, _list, "Microsoft.KeyVault/deletedVaults/read"),
    Special("GET", _ONE, _V, _get, "Microsoft.KeyVault/locations/deletedVaults/read"),
    Special("POST", f"{_ONE}/purge", _V, _purge, "Microsoft.KeyVault/locations/deletedVaults/purge/action"),
)
