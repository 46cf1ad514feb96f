"""Microsoft.AppConfiguration/deletedConfigurationStores: what is kept of a deleted store, until it is purged."""

from __future__ import annotations

from simulator.arm import configuration_errors as refuse
from simulator.arm import soft_delete, versions
from simulator.arm.descriptors import Answer, Body, Call, Special
from simulator.arm.models import CONFIGURATION_STORES, SoftDeleted
from simulator.arm.regions import normalised
from simulator.arm.store import stamp


def _shown(call: Call, deleted: SoftDeleted) -> Body:
    store = deleted.resource
    where = f"/subscriptions/{call.subscription}/providers/Microsoft.AppConfiguration"
    return {
        "id": f"{where}/locations/{normalised(store.location)}/deletedConfigurationStores/{store.name}",
        "name": store.name,
        "type": "Microsoft.AppConfiguration/locations/deletedConfigurationStores",
        "properties": {
            "configurationStoreId": store.id,
            "location": normalised(store.location),
            "deletionDate": stamp(deleted.deleted_at),
            "scheduledPurgeDate": stamp(deleted.purge_at),
            "tags": store.body.get("tags") or {},
            "purgeProtectionEnabled": store.properties["enablePurgeProtection"],
        },
    }


def _list(call: Call, _: Body) -> Answer:
    kept = soft_delete.kept(call.cloud.state.arm, CONFIGURATION_STORES, call.subscription)
    return Answer(body=[_shown(call, each) for each in kept])


def _named(call: Call) -> SoftDeleted:
    location, name = call.id.names
    for each in soft_delete.kept(call.cloud.state.arm, CONFIGURATION_STORES, call.subscription):
        store = each.resource
        if store.name.lower() == name.lower() and normalised(store.location) == normalised(location):
            return each
    raise refuse.deleted_store_not_found(name)


def _get(call: Call, _: Body) -> Answer:
    return Answer(body=_shown(call, _named(call)))


def _purge(call: Call, _: Body) -> Answer:
    """At once; Azure takes minutes, and frees the name later still (Azure/AppConfiguration#677)."""
    found = _named(call)
    if found.resource.properties["enablePurgeProtection"]:
        raise refuse.purge_protected()
    call.cloud.state.arm.soft_deleted.remove(found)
    call.cloud.changed()
    return Answer(200)


_TYPE = "Microsoft.AppConfiguration/locations/deletedConfigurationStores"
_ONE = "microsoft.appconfiguration/locations/*/deletedconfigurationstores/*"
_V = versions.APP_CONFIGURATION

SPECIALS = (
    Special(
        "GET",
        "microsoft.appconfiguration/deletedconfigurationstores",
        _V,
        _list,
        "Microsoft.AppConfiguration/deletedConfigurationStores/read",
    ),
    Special("GET", _ONE, _V, _get, f"{_TYPE}/read"),
    Special("POST", f"{_ONE}/purge", _V, _purge, f"{_TYPE}/purge/action"),
)
