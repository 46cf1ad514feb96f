"""What ARM does with every resource alike: put, patch, get, list, delete, and the operations that outlive a request."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from simulator.arm import activity, cognitive_errors, errors, locks
from simulator.arm.descriptors import Answer, Body, Call, Descriptor, Move, Write
from simulator.arm.ids import GROUPS, ResourceId
from simulator.arm.models import ArmState, Operation, Pending, Resource, fresh_etag, resources_of
from simulator.arm.passing import GONE, busy, remove, settle
from simulator.arm.regions import normalised
from simulator.cloud import Cloud

MUST_BE_DELETED = "must_be_deleted"
"""A fact of a resource that failed, and can't be written to again."""
_DURING = {"create": "Creating", "update": "Accepted", "delete": "Deleting"}
OPERATIONS_KEPT = timedelta(hours=24)
"""How long an operation can be asked about once it has ended: invented."""


def prepare(call: Call, kind: Descriptor, body: Body, *, patch: bool) -> Write:
    """Holds a write against everything that may refuse it; nothing is stored yet."""
    arm = _settled(call.cloud)
    existing = arm.resources.get(call.id.key)
    _check_group(arm, call.id, kind)
    locks.check(arm, call.id, "write")
    if patch and existing is None:
        raise not_found(kind, call.id)
    if existing is not None:
        call = replace(call, id=replace(call.id, names=(*call.id.names[:-1], existing.name)))
    parent = call.id.parent
    if kind.type != GROUPS and parent is not None and parent.key not in arm.resources:
        raise errors.parent_not_found(kind.type.split("/", 1)[1], parent.text)
    if existing is None:
        kind.check_name(call.id.name)
    merged = _merged(existing, body) if existing is not None and (patch or kind.merges) else copy.deepcopy(body)
    if not patch and "identity" in body:
        # Of what a PUT merges into what was there, the identity is replaced as a whole.
        merged["identity"] = copy.deepcopy(body["identity"])
    for path in kind.read_only:
        _drop(merged, path.split("."))
    _check_location(kind, call.id, merged, existing)
    check_lock(arm, kind, call.id)
    if existing is not None and existing.state == "Failed" and existing.facts.get(MUST_BE_DELETED):
        raise cognitive_errors.failed_must_be_deleted(existing.name)
    write = Write(call.cloud, call.id, call.caller, call.api_version, call.query, merged, existing, patch)
    kind.check(write)
    return write


def commit(write: Write, kind: Descriptor) -> tuple[Resource, Operation | None]:
    """Stores a write that nothing refuses; gives the operation that goes on, if it takes time."""
    arm, now = write.cloud.state.arm, write.cloud.clock.now()
    # What failed is made again.
    event = "create" if write.existing is None or write.existing.state == "Failed" else "update"
    by = write.caller.client_id
    if write.existing is None:
        resource = Resource(
            id=write.id.text,
            type=kind.type,
            name=write.id.name,
            body={},
            etag="",
            created_at=now,
            changed_at=now,
            created_by=by,
            changed_by=by,
            succeeded_at=now,
        )
        arm.resources[resource.key] = resource
    else:
        resource = write.existing
        resource.changed_at, resource.changed_by = now, by
    resource.body = kind.complete(write)
    kind.stored(write, resource)
    resource.etag = fresh_etag(resource.key, now, uuid.uuid4().hex)
    operation = _begin(write.cloud, kind, resource, event)
    activity.note(write.cloud, resource, "write", write.caller.object_id, now)
    write.cloud.changed()
    return resource, operation


def delete(call: Call, kind: Descriptor) -> tuple[Resource | None, Operation | None]:
    """Takes a resource away, at once or in time; None for both where there is none."""
    arm = _settled(call.cloud)
    resource = arm.resources.get(call.id.key)
    if resource is None:
        return None, None
    locks.check(arm, call.id, "delete")
    check_lock(arm, kind, call.id)
    if resource.pending is not None and resource.pending.state == GONE:
        return resource, _under_way(arm, resource)
    if kind.deletes is not None:
        kind.deletes(call, resource)
    operation = _begin(call.cloud, kind, resource, "delete")
    if operation is None:
        remove(arm, resource, call.cloud.clock.now())
    kind.deleted(call, resource)
    activity.note(call.cloud, resource, "delete", call.caller.object_id, call.cloud.clock.now())
    call.cloud.changed()
    return resource, operation


def get(call: Call, kind: Descriptor) -> Resource:
    found = _settled(call.cloud).resources.get(call.id.key)
    if found is None:
        _check_group_exists(call.cloud.state.arm, call.id, kind)
        raise not_found(kind, call.id)
    kind.reads(call, found)
    return found


def listed(call: Call, kind: Descriptor) -> list[Resource]:
    """Siblings in one collection; `call.id` has one type more than it has names."""
    arm = _settled(call.cloud)
    parent = call.id.bare
    if parent.types and kind.type != GROUPS and parent.key not in arm.resources:
        raise errors.parent_not_found(kind.type.split("/", 1)[1], parent.text)
    _check_group_exists(arm, call.id, kind)
    below = parent.text if parent.types else call.id.scope
    found = resources_of(call.cloud, kind.type, below)
    for each in found:
        kind.reads(call, each)
    return found


def answer(cloud: Cloud, kind: Descriptor, resource: Resource) -> Body:
    """One resource as it is answered."""
    shown = copy.deepcopy(kind.view(cloud, resource))
    if "provisioningState" in kind.shows:
        shown["properties"] = dict(shown.get("properties") or {}) | {"provisioningState": resource.state}
    body: Body = {"id": resource.id, "type": resource.type, "name": resource.name} | shown
    if "systemData" in kind.shows:
        body["systemData"] = system_data(resource)
    if "etag" in kind.shows:
        body["etag"] = resource.etag
    return body


def system_data(resource: Resource) -> dict[str, str]:
    return {
        "createdBy": resource.created_by,
        "createdByType": "Application",
        "createdAt": stamp(resource.created_at),
        "lastModifiedBy": resource.changed_by,
        "lastModifiedByType": "Application",
        "lastModifiedAt": stamp(resource.changed_at),
    }


def stamp(moment: Any) -> str:
    """A moment as Azure writes it: seven digits after the point."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}0Z"


def act(call: Call, kind: Descriptor, name: str, body: Body) -> Answer:
    found = get(call, kind)
    locks.check(call.cloud.state.arm, call.id, "write")
    return kind.actions[name](call, found, body)


def not_found(kind: Descriptor, identity: ResourceId) -> Exception:
    return kind.not_found(identity) if kind.not_found is not None else errors.resource_not_found(identity)


def check_lock(arm: ArmState, kind: Descriptor, identity: ResourceId) -> None:
    """Refuses where a sibling is being changed."""
    key = kind.lock(identity)
    if key is not None and busy(arm, key):
        account = arm.resources.get(key)
        raise kind.locked(account.id if account is not None else key)


def _under_way(arm: ArmState, resource: Resource) -> Operation | None:
    """The delete that a resource is going through."""
    going = [o for o in arm.operations.values() if o.resource == resource.key and o.result == "nothing"]
    return max(going, key=lambda operation: operation.started_at, default=None)


def _settled(cloud: Cloud) -> ArmState:
    settle(cloud)
    return cloud.state.arm


def _begin(cloud: Cloud, kind: Descriptor, resource: Resource, event: str) -> Operation | None:
    now, move = cloud.clock.now(), kind.moves(event, resource)
    resource.facts.pop(MUST_BE_DELETED, None)
    failure = cloud.faults.conduct.failure(kind.type, resource.name, event)
    if failure is not None:
        seconds = move.seconds if move is not None else failure.seconds
        move = Move(_DURING[event], seconds, "Failed", move.wait if move is not None else 10.0)
        resource.facts[MUST_BE_DELETED] = failure.must_be_deleted
    if move is None:
        resource.pending = None
        if resource.state != "Succeeded":
            resource.state, resource.succeeded_at = "Succeeded", now
        return None
    ends = now + timedelta(seconds=move.seconds)
    resource.state = move.during
    resource.pending = Pending(state=move.after, at=ends)
    if move.after != GONE:
        resource.succeeded_at = None
    going = event == "delete"
    operation = Operation(
        id=str(uuid.uuid4()),
        location=resource.location or str(resource.facts.get("location", "")),
        resource=resource.key,
        # Where it fails, the status tells why: a Location would have to answer with an error that clients try again.
        style="location" if failure is None and (going or kind.style == "location") else "status",
        wait=move.wait,
        started_at=now,
        ends_at=ends,
        result="nothing" if going else "resource",
        failure=failure.error.model_dump() if failure is not None else None,
    )
    operations = cloud.state.arm.operations
    for ended in [o for o in operations.values() if o.ends_at + OPERATIONS_KEPT < now]:
        del operations[ended.id]
    operations[operation.id] = operation
    return operation


def _check_group(arm: ArmState, identity: ResourceId, kind: Descriptor) -> None:
    """Nothing is written to a group that isn't there or is going away."""
    if kind.type == GROUPS:
        found = arm.resources.get(identity.key)
    else:
        _check_group_exists(arm, identity, kind)
        found = arm.resources.get(_group_key(identity) or "")
    if found is not None and found.state == "Deleting":
        raise errors.group_being_deleted(found.name)


def _check_group_exists(arm: ArmState, identity: ResourceId, kind: Descriptor) -> None:
    key = _group_key(identity)
    if kind.type != GROUPS and key is not None and key not in arm.resources:
        raise errors.group_not_found(identity.group or "")


def _group_key(identity: ResourceId) -> str | None:
    if identity.group is None or identity.subscription is None:
        return None
    return f"/subscriptions/{identity.subscription}/resourcegroups/{identity.group}".lower()


def _check_location(kind: Descriptor, identity: ResourceId, body: Body, existing: Resource | None) -> None:
    if not kind.located:
        return
    location = body.get("location")
    if not location:
        raise errors.location_required()
    if existing is not None and normalised(str(location)) != normalised(existing.location):
        group = identity.group or existing.name
        raise errors.location_changed(existing.name, existing.location, group, str(location))
    if normalised(str(location)) not in kind.locations:
        raise errors.location_not_available(str(location), kind.type, kind.locations)


def _merged(existing: Resource, body: Body) -> Body:
    return _merge(existing.body, body)


def _merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> Body:
    """JSON merge patch, but tags are replaced as a whole, as ARM does."""
    merged = copy.deepcopy(dict(old))
    for name, value in new.items():
        if isinstance(value, dict) and isinstance(merged.get(name), dict) and name != "tags":
            merged[name] = _merge(merged[name], value)
        else:
            merged[name] = copy.deepcopy(value)
    return merged


def _drop(body: Body, path: list[str]) -> None:
    here: Any = body
    for part in path[:-1]:
        here = here.get(part) if isinstance(here, dict) else None
    if isinstance(here, dict):
        here.pop(path[-1], None)
