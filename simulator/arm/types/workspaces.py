"""Microsoft.OperationalInsights/workspaces: where logs go. None arrive here, and none can be queried.

Names, skus and defaults: Azure's types of 2023-09-01. Retention per tier, and that a deleted workspace is kept for 14
days and recovered by creating it again in its place, or deleted at once with `force=true`: Microsoft Learn,
azure-monitor/logs/cost-logs and delete-workspace.
"""

from __future__ import annotations

import copy
import re
import uuid
from datetime import datetime, timedelta

from simulator.arm import monitor_errors as refuse
from simulator.arm import soft_delete, versions
from simulator.arm.descriptors import Answer, Body, Call, Descriptor, Move, Special, Write
from simulator.arm.ids import within
from simulator.arm.models import WORKSPACES, Resource
from simulator.arm.regions import NAMES, normalised
from simulator.arm.store import stamp
from simulator.cloud import Cloud

CREATION = 10.0
"""Simulated seconds until a workspace is there: invented."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]")
_RETENTION = dict.fromkeys(("PerGB2018", "PerNode", "Standalone", "CapacityReservation", "LACluster"), (30, 730)) | {
    "Free": (7, 7),
    "Standard": (30, 30),
    "Premium": (365, 365),
}
_ACCESS = ("Enabled", "Disabled")


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise refuse.workspace_invalid(
            f"The workspace name '{name}' must have 4 to 63 letters, digits and dashes, without a dash at either end."
        )


def _check(write: Write) -> None:
    sku = str((write.properties.get("sku") or {}).get("name") or "PerGB2018")
    if sku not in _RETENTION:
        raise refuse.workspace_invalid(f"The sku '{sku}' is not one of '{', '.join(_RETENTION)}'.")
    least, most = _RETENTION[sku]
    days = write.properties.get("retentionInDays") or least
    if not isinstance(days, (int, float)) or not least <= days <= most:
        raise refuse.workspace_invalid(
            f"The retentionInDays '{days}' of sku '{sku}' must be between {least} and {most}."
        )
    for name in ("publicNetworkAccessForIngestion", "publicNetworkAccessForQuery"):
        if write.properties.get(name, "Enabled") not in _ACCESS:
            raise refuse.workspace_invalid(f"The value '{write.properties[name]}' of {name} is not known.")
    deleted = soft_delete.find(write.cloud.state.arm, write.id.key)
    if deleted is not None and normalised(deleted.resource.location) != normalised(write.body["location"]):
        raise refuse.workspace_recovered_elsewhere(write.id.name, deleted.resource.location)


def _complete(write: Write) -> Body:
    properties = copy.deepcopy(write.properties)
    sku = {"name": "PerGB2018"} | (properties.get("sku") or {})
    least, _ = _RETENTION[sku["name"]]
    features = {"enableLogAccessUsingOnlyResourcePermissions": True} | (properties.get("features") or {})
    filled: Body = {
        "retentionInDays": least,
        "publicNetworkAccessForIngestion": "Enabled",
        "publicNetworkAccessForQuery": "Enabled",
    }
    capping = {"dailyQuotaGb": -1} | (properties.get("workspaceCapping") or {})
    body = {name: value for name, value in write.body.items() if name != "properties"}
    return body | {"properties": filled | properties | {"sku": sku, "features": features, "workspaceCapping": capping}}


def _stored(write: Write, workspace: Resource) -> None:
    """A workspace made again under the name of a deleted one is that one, with its ID and its data."""
    if write.existing is not None:
        return
    arm, now = write.cloud.state.arm, write.cloud.clock.now()
    deleted = soft_delete.find(arm, workspace.key)
    if deleted is None:
        seed = f"{write.cloud.tenant_id}|{workspace.key}|{now.isoformat()}"
        workspace.facts["customer_id"] = str(uuid.uuid5(uuid.NAMESPACE_URL, seed))
        return
    workspace.facts["customer_id"] = deleted.resource.facts["customer_id"]
    workspace.created_at = deleted.resource.created_at
    soft_delete.recover(arm, deleted)


def _moves(event: str, _: Resource) -> Move | None:
    return Move("Creating", CREATION) if event == "create" else None


def _deletes(call: Call, workspace: Resource) -> None:
    if call.query.get("force", "").lower() == "true":
        workspace.facts["purged"] = True


def _view(cloud: Cloud, workspace: Resource) -> Body:
    body = copy.deepcopy(workspace.body)
    now = cloud.clock.now()
    properties = body["properties"]
    properties["sku"]["lastSkuUpdate"] = stamp(workspace.created_at)
    properties["workspaceCapping"] |= {"quotaNextResetTime": _midnight(now), "dataIngestionStatus": "RespectQuota"}
    properties |= {
        "customerId": workspace.facts["customer_id"],
        "createdDate": stamp(workspace.created_at),
        "modifiedDate": stamp(workspace.changed_at),
    }
    return body


def _midnight(now: datetime) -> str:
    return stamp(now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1))


def _list_deleted(call: Call, _: Body) -> Answer:
    """All of the subscription, or of a group, by the path that asks."""
    kept = soft_delete.kept(call.cloud.state.arm, WORKSPACES, call.subscription)
    found = [
        {"id": workspace.id, "type": workspace.type, "name": workspace.name} | _view(call.cloud, workspace)
        for workspace in (each.resource for each in kept)
        if within(workspace.key, call.id.scope)
    ]
    return Answer(body=found)


LOG_WORKSPACES = Descriptor(
    type=WORKSPACES,
    api_versions=versions.WORKSPACES,
    members=frozenset({"location", "tags", "identity", "properties"}),
    patchable=frozenset({"tags", "identity", "properties"}),
    locations=NAMES,
    read_only=(
        *(f"properties.{name}" for name in ("customerId", "provisioningState", "createdDate", "modifiedDate")),
        "properties.sku.lastSkuUpdate",
        "properties.workspaceCapping.quotaNextResetTime",
        "properties.workspaceCapping.dataIngestionStatus",
        "properties.privateLinkScopedResources",
    ),
    check_name=_check_name,
    check=_check,
    complete=_complete,
    stored=_stored,
    moves=_moves,
    view=_view,
    deletes=_deletes,
    shows=frozenset({"provisioningState", "etag"}),
)

SPECIALS = (
    Special(
        "GET",
        "microsoft.operationalinsights/deletedworkspaces",
        versions.WORKSPACES,
        _list_deleted,
        "Microsoft.OperationalInsights/deletedWorkspaces/read",
    ),
)
