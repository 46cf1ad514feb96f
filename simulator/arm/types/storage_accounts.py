"""Microsoft.Storage/storageAccounts, and its keys.

Defaults: Microsoft's reference of the REST API. That a create answers 202 with a Location, to be asked for after 17
seconds: memory of the recordings of Azure's SDKs.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from simulator.arm import network_acls, versions
from simulator.arm import provider_errors as refuse
from simulator.arm.descriptors import Answer, Body, Call, Descriptor, Move, Special, Write
from simulator.arm.models import STORAGE_ACCOUNTS, Resource, find_storage_account, storage_keys, turn_key
from simulator.arm.names import is_foreign
from simulator.arm.private_links import connections_shown
from simulator.arm.regions import NAMES, normalised
from simulator.arm.store import stamp
from simulator.arm.types import assigned_identities, encryption
from simulator.arm.types.blob_services import make_default
from simulator.cloud import Cloud

CREATION = 17.0
"""Simulated seconds until a storage account is there."""

_NAME = re.compile(r"[a-z0-9]{3,24}")
_KINDS = frozenset({"Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"})
_SKUS = frozenset(
    {
        "Standard_LRS", "Standard_GRS", "Standard_RAGRS", "Standard_ZRS", "Premium_LRS", "Premium_ZRS",
        "Standard_GZRS", "Standard_RAGZRS",
    }
)  # fmt: skip
_TLS = frozenset({"TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"})
_DEFAULTS: Body = {
    "allowBlobPublicAccess": False,
    "allowSharedKeyAccess": True,
    "allowCrossTenantReplication": False,
    "minimumTlsVersion": "TLS1_2",
    "supportsHttpsTrafficOnly": True,
    "publicNetworkAccess": "Enabled",
    "accessTier": "Hot",
    "networkAcls": {"bypass": "AzureServices", "virtualNetworkRules": [], "ipRules": [], "defaultAction": "Allow"},
    "encryption": {
        "services": {
            "file": {"keyType": "Account", "enabled": True},
            "blob": {"keyType": "Account", "enabled": True},
        },
        "keySource": "Microsoft.Storage",
    },
}


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise refuse.storage_name_invalid(name)


def _check(write: Write) -> None:
    namesake = find_storage_account(write.cloud, write.id.name)
    if is_foreign(write.id.name) or (namesake is not None and namesake.key != write.id.key):
        raise refuse.storage_name_taken(write.id.name)
    if write.existing is not None and write.existing.pending is not None:
        raise refuse.storage_not_provisioned()
    sku = (write.body.get("sku") or {}).get("name")
    if sku not in _SKUS:
        raise refuse.storage_property_invalid("sku", sku)
    kind = write.body.get("kind")
    if kind not in _KINDS:
        raise refuse.storage_property_invalid("kind", kind)
    tls = write.properties.get("minimumTlsVersion", "TLS1_2")
    if tls not in _TLS:
        raise refuse.storage_property_invalid("minimumTlsVersion", tls)
    network_acls.check_storage(write)
    assigned_identities.check(write)
    encryption.check_storage(write)


def _complete(write: Write) -> Body:
    body = {name: value for name, value in write.body.items() if name != "properties"}
    body["sku"] = {"name": body["sku"]["name"], "tier": str(body["sku"]["name"]).split("_", 1)[0]}
    body.setdefault("tags", {})
    if (identity := assigned_identities.complete(write)) is not None:
        body["identity"] = identity
    properties = copy.deepcopy(_DEFAULTS)
    for name, value in write.properties.items():
        base = properties.get(name)
        properties[name] = base | value if isinstance(base, dict) and isinstance(value, dict) else value
    return body | {"properties": properties}


def _stored(write: Write, account: Resource) -> None:
    if write.existing is None:
        make_default(write.cloud, account)
    assigned_identities.stored(write, account)


def _moves(event: str, _: Resource) -> Move | None:
    return Move("Creating", CREATION, wait=CREATION) if event == "create" else None


def _view(cloud: Cloud, account: Resource) -> Body:
    body = copy.deepcopy(account.body)
    made = stamp(account.created_at)
    location = normalised(account.location)
    body["location"] = location
    # Of the services only blobs are simulated; their address is in Azurite's form, the account's name in the path.
    body["properties"] |= {
        "primaryEndpoints": {"blob": f"{cloud.endpoints.blob}/{account.name}/"},
        "primaryLocation": location,
        "statusOfPrimary": "available",
        "creationTime": made,
        "keyCreationTime": {"key1": made, "key2": made},
        "privateEndpointConnections": connections_shown(cloud, account),
    }
    return body


def _keys(call: Call, account: Resource) -> list[dict[str, Any]]:
    made = stamp(account.created_at)
    pairs = zip(("key1", "key2"), storage_keys(call.cloud, account), strict=True)
    return [{"creationTime": made, "keyName": name, "value": value, "permissions": "FULL"} for name, value in pairs]


def _list_keys(call: Call, account: Resource, _: Body) -> Answer:
    """The keys are listed even where allowSharedKeyAccess is false: then it is the blob endpoint that refuses them.

    MicrosoftDocs azure-docs, storage/common/shared-key-authorization-prevent.md says that requests are rejected; that
    listing goes on: memory.
    """
    return Answer(body={"keys": _keys(call, account)})


def _regenerate_key(call: Call, account: Resource, body: Body) -> Answer:
    name = str(body.get("keyName", "")).lower()
    if name not in ("key1", "key2"):
        raise refuse.storage_property_invalid("keyName", name)
    turn_key(account, name)
    call.cloud.changed()
    return _list_keys(call, account, {})


def _check_availability(call: Call, body: Body) -> Answer:
    name = str(body.get("name", ""))
    if _NAME.fullmatch(name) is None:
        invalid = refuse.storage_name_invalid(name)
        return Answer(body={"nameAvailable": False, "reason": "AccountNameInvalid", "message": invalid.message})
    if is_foreign(name) or find_storage_account(call.cloud, name) is not None:
        taken = refuse.storage_name_taken(name)
        return Answer(body={"nameAvailable": False, "reason": "AlreadyExists", "message": taken.message})
    return Answer(body={"nameAvailable": True})


STORAGE = Descriptor(
    type=STORAGE_ACCOUNTS,
    api_versions=versions.STORAGE,
    members=frozenset({"location", "kind", "sku", "tags", "identity", "properties", "extendedLocation"}),
    patchable=frozenset({"kind", "sku", "tags", "identity", "properties"}),
    locations=NAMES,
    merges=True,
    read_only=(
        "sku.tier",
        *(
            f"properties.{name}"
            for name in (
                "provisioningState",
                "primaryEndpoints",
                "primaryLocation",
                "statusOfPrimary",
                "creationTime",
                "keyCreationTime",
                "privateEndpointConnections",
                "secondaryEndpoints",
                "secondaryLocation",
            )
        ),
        "identity.principalId",
        "identity.tenantId",
    ),
    check_name=_check_name,
    check=_check,
    complete=_complete,
    stored=_stored,
    moves=_moves,
    style="location",
    view=_view,
    deleted=assigned_identities.deleted,
    actions={"listkeys": _list_keys, "regeneratekey": _regenerate_key},
)

SPECIALS = (
    Special(
        "POST",
        "microsoft.storage/checknameavailability",
        versions.STORAGE,
        _check_availability,
        "Microsoft.Storage/checkNameAvailability/read",
    ),
)
