"""Microsoft.Storage/storageAccounts/blobServices: the one service, `default`, that comes with each account."""

from __future__ import annotations

import copy

from simulator.arm import provider_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Body, Descriptor, Write
from simulator.arm.models import BLOB_SERVICES, Resource, fresh_etag
from simulator.cloud import Cloud

_DEFAULTS: Body = {
    "cors": {"corsRules": []},
    "deleteRetentionPolicy": {"allowPermanentDelete": False, "enabled": False},
}


def make_default(cloud: Cloud, account: Resource) -> Resource:
    """The service an account is born with."""
    at, by = cloud.clock.now(), account.created_by
    key = f"{account.id}/blobServices/default"
    service = Resource(
        id=key,
        type=BLOB_SERVICES,
        name="default",
        body={"properties": copy.deepcopy(_DEFAULTS)},
        etag=fresh_etag(key.lower(), at, "default"),
        created_at=at,
        changed_at=at,
        created_by=by,
        changed_by=by,
        succeeded_at=at,
    )
    cloud.state.arm.resources[service.key] = service
    return service


def _check(write: Write) -> None:
    require_provisioned(write)
    for policy in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy"):
        wanted = write.properties.get(policy) or {}
        days = wanted.get("days")
        if wanted.get("enabled") and not (isinstance(days, (int, float)) and 1 <= days <= 365):
            raise refuse.storage_property_invalid(policy, days)


def require_provisioned(write: Write) -> None:
    """Nothing is done in an account that is still being made."""
    key = write.id.key.split("/blobservices/", 1)[0]
    account = write.cloud.state.arm.resources.get(key)
    if account is not None and account.pending is not None:
        raise refuse.storage_not_provisioned()


def _check_name(name: str) -> None:
    if name.lower() != "default":
        raise refuse.storage_property_invalid("blobServicesName", name)


def _view(cloud: Cloud, service: Resource) -> Body:
    account = cloud.state.arm.resources.get(service.key.split("/blobservices/", 1)[0])
    return {"sku": dict(account.body["sku"])} | service.body if account is not None else service.body


BLOB_SERVICE = Descriptor(
    type=BLOB_SERVICES,
    api_versions=versions.STORAGE,
    members=frozenset({"properties"}),
    read_only=("sku",),
    check_name=_check_name,
    check=_check,
    complete=lambda write: {"properties": copy.deepcopy(_DEFAULTS) | dict(write.properties)},
    view=_view,
    deletes=None,
    shows=frozenset(),
)
