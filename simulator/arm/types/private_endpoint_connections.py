"""privateEndpointConnections of everything that a private endpoint may lead to: seen, approved and rejected there.

The form: Azure/azure-cli's recording test_cognitiveservices_private_endpoint_connection.yaml, 2022-05.
"""

from __future__ import annotations

from simulator.arm import errors, versions
from simulator.arm import network_errors as refuse
from simulator.arm.descriptors import Answer, Body, Call, Special
from simulator.arm.models import Resource, find
from simulator.arm.private_links import TARGETS, Connection, connections, connections_shown

_STATES = ("Approved", "Rejected")


def _target(call: Call) -> Resource:
    path = f"{call.id.scope}/providers/{call.id.namespace}/{call.id.types[0]}/{call.id.names[0]}"
    found = find(call.cloud, path)
    if found is None:
        raise errors.parent_not_found(f"{call.id.types[0]}/privateEndpointConnections", path)
    return found


def _one(call: Call, target: Resource) -> tuple[Connection, Body]:
    for each, shown in zip(connections(call.cloud, target), connections_shown(call.cloud, target), strict=True):
        if each.name.lower() == call.id.name.lower():
            return each, shown
    raise refuse.connection_not_found(call.id.name)


def _list(call: Call, _: Body) -> Answer:
    return Answer(body=connections_shown(call.cloud, _target(call)))


def _get(call: Call, _: Body) -> Answer:
    return Answer(body=_one(call, _target(call))[1])


def _put(call: Call, body: Body) -> Answer:
    target = _target(call)
    connection, _ = _one(call, target)
    wanted = (body.get("properties") or {}).get("privateLinkServiceConnectionState") or {}
    if wanted.get("status") not in _STATES:
        raise refuse.connection_state_invalid()
    connection.state.update(status=wanted["status"], description=wanted.get("description") or wanted["status"])
    call.cloud.changed()
    return Answer(body=_one(call, target)[1])


SPECIALS = tuple(
    Special(
        method,
        f"{type_.lower()}/*/privateendpointconnections{path}",
        known,
        answer,
        f"{type_}/privateEndpointConnections/{action}",
    )
    for type_ in TARGETS
    if (known := versions.of(type_))
    for method, path, answer, action in (
        ("GET", "", _list, "read"),
        ("GET", "/*", _get, "read"),
        ("PUT", "/*", _put, "write"),
    )
)
