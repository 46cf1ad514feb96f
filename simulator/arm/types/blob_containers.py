"""Microsoft.Storage/storageAccounts/blobServices/containers, whichever plane made them."""

from __future__ import annotations

import re

from simulator.arm import provider_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Body, Descriptor, Write
from simulator.arm.models import CONTAINERS, Resource
from simulator.arm.store import stamp
from simulator.arm.types.blob_services import require_provisioned
from simulator.cloud import Cloud

# Microsoft's naming rules for containers: 3 to 63 lower-case letters, digits and single dashes.
_NAME = re.compile(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*")


def _check_name(name: str) -> None:
    if name not in ("$web", "$root", "$logs") and _NAME.fullmatch(name) is None:
        raise refuse.container_name_invalid(name)


def _check(write: Write) -> None:
    require_provisioned(write)
    wanted = write.properties.get("publicAccess", "None")
    if wanted not in ("None", "Blob", "Container"):
        raise refuse.storage_property_invalid("publicAccess", wanted)
    account = write.cloud.state.arm.resources.get(write.id.key.split("/blobservices/", 1)[0])
    if wanted != "None" and account is not None and account.properties.get("allowBlobPublicAccess") is not True:
        raise refuse.public_access_not_permitted()


def _view(_: Cloud, container: Resource) -> Body:
    changed = stamp(container.changed_at)
    observed = {
        "defaultEncryptionScope": "$account-encryption-key",
        "denyEncryptionScopeOverride": False,
        "publicAccess": "None",
        "leaseStatus": "Unlocked",
        "leaseState": "Available",
        "lastModifiedTime": changed,
        "hasImmutabilityPolicy": False,
        "hasLegalHold": False,
        "deleted": False,
        "remainingRetentionDays": 0,
    }
    return {"properties": observed | container.properties}


BLOB_CONTAINERS = Descriptor(
    type=CONTAINERS,
    api_versions=versions.STORAGE,
    members=frozenset({"properties"}),
    patchable=frozenset({"properties"}),
    merges=True,
    read_only=tuple(
        f"properties.{name}"
        for name in (
            "leaseStatus",
            "leaseState",
            "lastModifiedTime",
            "hasImmutabilityPolicy",
            "hasLegalHold",
            "deleted",
            "remainingRetentionDays",
            "version",
            "immutabilityPolicy",
            "legalHold",
        )
    ),
    check_name=_check_name,
    check=_check,
    complete=lambda write: {"properties": dict(write.properties)},
    view=_view,
    not_found=lambda _: refuse.container_not_found(),
    shows=frozenset({"etag"}),
)
