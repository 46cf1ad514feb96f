"""Microsoft.AppConfiguration/configurationStores/keyValues: data written through ARM, which asks the store for it.

What ARM may do for whom: Microsoft Learn, azure-app-configuration/quickstart-deployment-overview. In the mode Local,
ARM uses an access key: refused where those are off. In the mode Pass-through the caller needs a data role as well.
Where the store's public access is off it takes Pass-through and privateLinkDelegation; Azure then wants the request to
come over a private link of ARM's own too, which isn't simulated.
"""

from __future__ import annotations

from typing import Literal

from simulator.access import allowed
from simulator.arm import configuration_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Body, Call, Descriptor, Write
from simulator.arm.key_names import decode
from simulator.arm.models import KEY_VALUES, Resource
from simulator.arm.store import stamp
from simulator.cloud import Cloud
from simulator.reach import barred


def _check_proxy(call: Call, key_value_id: str, doing: Literal["read", "write", "delete"]) -> None:
    """Refuses where ARM can't do this to the store's data on behalf of the caller."""
    store = call.cloud.state.arm.resources[key_value_id.lower().split("/keyvalues/", 1)[0]]
    proxy = store.properties["dataPlaneProxy"]
    passes = proxy["authenticationMode"] == "Pass-through"
    if not passes and store.properties["disableLocalAuth"]:
        raise refuse.local_authentication_disabled()
    closed = barred(call.cloud, store, inside=False) is not None
    if closed and not (passes and proxy["privateLinkDelegation"] == "Enabled"):
        raise refuse.data_forbidden()
    if passes and not allowed(call.cloud, call.caller.object_id, f"{KEY_VALUES}/{doing}", store.id, data=True):
        raise refuse.data_forbidden()


def _check(write: Write) -> None:
    _check_proxy(write, write.id.text, "write")
    _check_unlocked(write.existing)


def _deletes(call: Call, key_value: Resource) -> None:
    _check_proxy(call, key_value.id, "delete")
    _check_unlocked(key_value)


def _check_unlocked(key_value: Resource | None) -> None:
    if key_value is not None and key_value.properties.get("locked"):
        raise refuse.key_locked()


def _complete(write: Write) -> Body:
    key, label = decode(write.id.name)
    sent = write.properties
    return {
        "properties": {
            "key": key,
            "label": label,
            "value": sent.get("value"),
            "contentType": sent.get("contentType"),
            "tags": dict(sent.get("tags") or {}),
            "locked": False,
        }
    }


def _view(_: Cloud, key_value: Resource) -> Body:
    shown = {"eTag": key_value.etag.strip('"'), "lastModified": stamp(key_value.changed_at)}
    return {"properties": key_value.body["properties"] | shown}


STORE_KEY_VALUES = Descriptor(
    type=KEY_VALUES,
    api_versions=versions.APP_CONFIGURATION,
    members=frozenset({"properties"}),
    read_only=tuple(f"properties.{name}" for name in ("key", "label", "eTag", "lastModified", "locked")),
    check=_check,
    complete=_complete,
    reads=lambda call, found: _check_proxy(call, found.id, "read"),
    deletes=_deletes,
    view=_view,
    shows=frozenset(),
    answers_create=200,
)
