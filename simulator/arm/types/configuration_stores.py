"""Microsoft.AppConfiguration/configurationStores.

Defaults and ranges: Azure's types of 2024-05-01; soft delete and purge protection: Microsoft Learn,
azure-app-configuration/concept-soft-delete (Free and Developer have neither). Access keys, replicas and snapshots
aren't simulated, nor is the encryption that is asked for, nor an identity of the system's.
"""

from __future__ import annotations

import copy
import re

from simulator.arm import configuration_errors as refuse
from simulator.arm import soft_delete, versions
from simulator.arm.descriptors import Answer, Body, Call, Descriptor, Move, Special, Write
from simulator.arm.models import CONFIGURATION_STORES, Resource, find_store
from simulator.arm.private_links import connections_shown
from simulator.arm.regions import NAMES
from simulator.arm.store import stamp
from simulator.cloud import Cloud

CREATION = 20.0
"""Simulated seconds until a store is there: invented."""
HOST = ".azconfig.io"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,48}[A-Za-z0-9]")
_KEPT = {"free": 0, "developer": 0, "standard": 7, "premium": 7}
"""Days for which each tier keeps what is deleted, where nothing else is said; 7 is the most."""
_CHOICES = {
    "publicNetworkAccess": ("Enabled", "Disabled"),
    "createMode": ("Default", "Recover"),
    "dataPlaneProxy.authenticationMode": ("Local", "Pass-through"),
    "dataPlaneProxy.privateLinkDelegation": ("Enabled", "Disabled"),
}
_FIXED = "softDeleteRetentionInDays"


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise refuse.store_invalid(f"The store name '{name}' must have 5 to 50 letters, digits and dashes.")


def _check(write: Write) -> None:
    tier = _tier(write.body)
    if tier not in _KEPT:
        raise refuse.store_invalid(f"The sku '{tier}' is not one of '{', '.join(_KEPT)}'.")
    for path, allowed in _CHOICES.items():
        value = _at(write.properties, path)
        if value is not None and value not in allowed:
            raise refuse.store_invalid(f"The value '{value}' of {path} is not one of '{', '.join(allowed)}'.")
    _check_retention(write, tier)
    if write.existing is None:
        _check_place(write)


def _check_retention(write: Write, tier: str) -> None:
    days = write.properties.get(_FIXED)
    if _KEPT[tier] == 0 and (days or write.properties.get("enablePurgeProtection")):
        raise refuse.store_invalid(f"The sku '{tier}' has neither soft delete nor purge protection.")
    if _KEPT[tier] and days is not None and not 1 <= days <= _KEPT[tier]:
        raise refuse.store_invalid(f"The {_FIXED} '{days}' must be between 1 and {_KEPT[tier]}.")
    if write.existing is None:
        return
    before = write.existing.properties
    if days is not None and days != before[_FIXED]:
        raise refuse.store_invalid(f"The {_FIXED} of a store can't be changed.")
    if before["enablePurgeProtection"] and write.properties.get("enablePurgeProtection") is False:
        raise refuse.store_invalid("Purge protection can't be turned off again.")


def _check_place(write: Write) -> None:
    """A name is the whole world's; that of a soft-deleted store is free for its recovery only."""
    arm = write.cloud.state.arm
    deleted = soft_delete.find(arm, write.id.key)
    if write.properties.get("createMode") == "Recover":
        if deleted is None:
            raise refuse.store_not_deleted(write.id.name)
        return
    if not _free(write.cloud, write.id.name):
        raise refuse.store_name_taken()


def _free(cloud: Cloud, name: str) -> bool:
    gone = (each.resource.name for each in soft_delete.kept(cloud.state.arm, CONFIGURATION_STORES))
    return find_store(cloud, name) is None and name.lower() not in {each.lower() for each in gone}


def _tier(body: Body) -> str:
    return str((body.get("sku") or {}).get("name") or "").lower()


def _at(properties: Body, path: str) -> object:
    first, _, rest = path.partition(".")
    found = properties.get(first)
    return _at(found, rest) if rest and isinstance(found, dict) else None if rest else found


def _complete(write: Write) -> Body:
    """`createMode` is asked for and never shown. A recovered store is as it was, changed by what is asked."""
    sent = copy.deepcopy(write.properties)
    filled: Body = {
        "disableLocalAuth": False,
        "enablePurgeProtection": False,
        "softDeleteRetentionInDays": _KEPT[_tier(write.body)],
    }
    if sent.pop("createMode", None) == "Recover":
        deleted = soft_delete.find(write.cloud.state.arm, write.id.key)
        filled |= copy.deepcopy(deleted.resource.properties) if deleted is not None else {}
    proxy: Body = {"authenticationMode": "Local", "privateLinkDelegation": "Disabled"}
    sent["dataPlaneProxy"] = proxy | (filled.get("dataPlaneProxy") or {}) | (sent.get("dataPlaneProxy") or {})
    kept = {name: value for name, value in write.body.items() if name != "properties"}
    return {"tags": {}} | kept | {"properties": filled | sent}


def _stored(write: Write, store: Resource) -> None:
    arm = write.cloud.state.arm
    deleted = soft_delete.find(arm, store.key) if write.existing is None else None
    if deleted is not None:
        store.created_at = deleted.resource.created_at
        soft_delete.recover(arm, deleted)


def _moves(event: str, _: Resource) -> Move | None:
    return Move("Creating", CREATION) if event == "create" else None


def endpoint_of(cloud: Cloud, name: str) -> str:
    """Where a store answers, its host name as the first segment of the path."""
    return f"{cloud.endpoints.main}/{name.lower()}{HOST}"


def _view(cloud: Cloud, store: Resource) -> Body:
    body = copy.deepcopy(store.body)
    body["properties"] |= {
        "creationDate": stamp(store.created_at),
        "endpoint": endpoint_of(cloud, store.name),
        "encryption": body["properties"].get("encryption") or {"keyVaultProperties": None},
        "privateEndpointConnections": connections_shown(cloud, store),
    }
    return body


def _check_availability(call: Call, body: Body) -> Answer:
    name = str(body.get("name", ""))
    if _NAME.fullmatch(name) is not None and _free(call.cloud, name):
        return Answer(body={"nameAvailable": True})
    taken = refuse.store_name_taken()
    return Answer(body={"nameAvailable": False, "reason": "AlreadyExists", "message": taken.message})


STORES = Descriptor(
    type=CONFIGURATION_STORES,
    api_versions=versions.APP_CONFIGURATION,
    members=frozenset({"location", "tags", "sku", "identity", "properties"}),
    patchable=frozenset({"tags", "sku", "identity", "properties"}),
    locations=NAMES,
    read_only=tuple(
        f"properties.{name}" for name in ("provisioningState", "creationDate", "endpoint", "privateEndpointConnections")
    ),
    check_name=_check_name,
    check=_check,
    complete=_complete,
    stored=_stored,
    moves=_moves,
    view=_view,
    shows=frozenset({"provisioningState", "systemData"}),
)

SPECIALS = (
    Special(
        "POST",
        "microsoft.appconfiguration/checknameavailability",
        versions.APP_CONFIGURATION,
        _check_availability,
        "Microsoft.AppConfiguration/checkNameAvailability/read",
    ),
)
