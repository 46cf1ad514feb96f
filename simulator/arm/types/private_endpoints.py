"""Microsoft.Network/privateEndpoints: a resource's door into a subnet.

The form, the operations and the two texts of an approval: Azure/azure-cli's recording
test_cognitiveservices_private_endpoint_connection.yaml, 2022-05. Who is let in at once and who has to be approved:
Learn, "What is a private endpoint?", approval workflow. The recorded answers have a resourceGuid too, which Azure's own
types don't know: left out.
"""

from __future__ import annotations

import copy
import uuid
from typing import Any

from simulator.access import allowed
from simulator.arm import address_ranges, errors, versions
from simulator.arm import network_errors as refuse
from simulator.arm.descriptors import Body, Descriptor, Move, Write
from simulator.arm.models import ACCOUNTS, STORAGE_ACCOUNTS, Resource, find, resources_of
from simulator.arm.passing import GONE, busy
from simulator.arm.private_links import (
    PRIVATE_ENDPOINTS,
    SUBNETS,
    TARGETS,
    ZONE_GROUPS,
    held,
    interface_id,
    leads_to,
)
from simulator.arm.regions import NAMES, normalised
from simulator.arm.types import subnets
from simulator.cloud import Cloud

CREATION = 40.0
"""Simulated seconds: as long as in the recording."""
DELETION = 10.0
CHANGE = 5.0
"""Both invented."""

_AUTOMATIC = "privateLinkServiceConnections"
_MANUAL = "manualPrivateLinkServiceConnections"
_NAMESPACE = uuid.UUID("6c1d0b1e-0001-5000-8000-000000000000")


def _check(write: Write) -> None:
    connection, manual = _connection(write)
    properties: Body = connection.get("properties") or {}
    shown = f"{write.id.text}/{_AUTOMATIC}/{connection.get('name', '')}"
    target_id = str(properties.get("privateLinkServiceId") or "")
    if not target_id:
        raise refuse.connection_parameter_missing(shown, "private link service Id")
    if not properties.get("groupIds"):
        raise refuse.connection_parameter_missing(shown, "group Id")
    subnet = _subnet(write)
    if write.existing is not None:
        _check_same(write.existing, subnet, properties)
        return
    target = _target(write, target_id, [str(each) for each in properties["groupIds"]])
    approval = f"{target.type}/privateEndpointConnectionsApproval/action"
    if not manual and not allowed(write.cloud, write.caller.object_id, approval, target.id, data=False):
        raise _not_linked(write, approval, target.id)
    _addresses(write.cloud, target, subnet)


def _connection(write: Write) -> tuple[Body, bool]:
    """The connection that is asked for, and whether it waits for the target's owner."""
    for name in (_AUTOMATIC, _MANUAL):
        for found in write.properties.get(name) or ():
            return dict(found), name == _MANUAL
    raise refuse.connection_parameter_missing(f"{write.id.text}/{_AUTOMATIC}", "private link service Id")


def _subnet(write: Write) -> Resource:
    subnet_id = str((write.properties.get("subnet") or {}).get("id") or "")
    found = find(write.cloud, subnet_id)
    here = normalised(str(write.body.get("location", "")))
    if found is None or found.type != SUBNETS or normalised(str(found.facts["location"])) != here:
        raise refuse.reference_not_found(subnet_id, write.id.text)
    joining = f"{SUBNETS}/join/action"
    if not allowed(write.cloud, write.caller.object_id, joining, found.id, data=False):
        raise _not_linked(write, joining, found.id)
    if found.pending is not None:
        raise refuse.subnet_not_ready(found.id, write.id.text)
    return found


def _target(write: Write, target_id: str, groups: list[str]) -> Resource:
    target = find(write.cloud, target_id)
    type_ = target.type if target is not None else _type(target_id)
    if target is None or target.type not in TARGETS:
        raise refuse.target_not_found(type_, target_id)
    if groups != [TARGETS[type_].group]:
        raise refuse.group_id_invalid(type_)
    if type_ == STORAGE_ACCOUNTS and target.pending is not None:
        raise refuse.storage_not_ready(target.id)
    # While a deployment of it is being changed an account is "Accepted" too (Azure/bicep-registry-modules#7205).
    if target.pending is not None or (type_ == ACCOUNTS and busy(write.cloud.state.arm, target.key)):
        raise refuse.target_not_ready(type_, target.id)
    if not TARGETS[type_].names(target):
        raise refuse.target_without_subdomain(type_)
    return target


def _type(target_id: str) -> str:
    """The type that an ID says of a resource that isn't there."""
    return "/".join(target_id.rpartition("/providers/")[2].split("/")[:2])


def _check_same(existing: Resource, subnet: Resource, properties: Body) -> None:
    known = held(existing)
    same = (
        str(existing.properties["subnet"]["id"]).lower() == subnet.key
        and str(known["privateLinkServiceId"]).lower() == str(properties["privateLinkServiceId"]).lower()
        and list(known["groupIds"]) == list(properties["groupIds"])
    )
    if not same:
        raise refuse.endpoint_immutable(existing.id)


def _not_linked(write: Write, action: str, scope: str) -> Exception:
    who = write.caller
    asked = f"{PRIVATE_ENDPOINTS}/write"
    return errors.linked_authorization_failed(who.client_id, who.object_id, asked, write.id.text, action, scope)


def _complete(write: Write) -> Body:
    connection, manual = _connection(write)
    properties: Body = copy.deepcopy(connection["properties"])
    properties["privateLinkServiceConnectionState"] = (
        held(write.existing)["privateLinkServiceConnectionState"]
        if write.existing is not None
        else {"status": "Pending" if manual else "Approved", "description": "", "actionsRequired": "None"}
    )
    made = {"name": connection.get("name") or write.id.name, "properties": properties}
    body = {name: value for name, value in write.body.items() if name != "properties"}
    return body | {
        "properties": {
            _AUTOMATIC: [] if manual else [made],
            _MANUAL: [made] if manual else [],
            "customNetworkInterfaceName": write.properties.get("customNetworkInterfaceName") or "",
            "subnet": {"id": str(write.properties["subnet"]["id"])},
            "ipConfigurations": write.properties.get("ipConfigurations") or [],
        }
    }


def _stored(write: Write, endpoint: Resource) -> None:
    """Gives a new endpoint its addresses, one for each name of its target."""
    if write.existing is not None:
        return
    target = find(write.cloud, str(held(endpoint)["privateLinkServiceId"]))
    subnet = find(write.cloud, str(endpoint.properties["subnet"]["id"]))
    if target is None or subnet is None:
        raise AssertionError("the check has seen both")
    endpoint.facts |= {
        "guid": str(uuid.uuid5(_NAMESPACE, f"{endpoint.key}|{endpoint.created_at.isoformat()}")),
        "target_made": target.created_at.isoformat(),
        "names": _addresses(write.cloud, target, subnet),
    }


def _addresses(cloud: Cloud, target: Resource, subnet: Resource) -> dict[str, str]:
    """The first free addresses of the subnet, by the target's names."""
    names = TARGETS[target.type].names(target)
    others = subnets.endpoints_in(cloud, subnet)
    used = {address for each in others for address in each.facts.get("names", {}).values()}
    free = address_ranges.free_addresses(subnet.name, subnets.range_of(subnet), used, len(names))
    return dict(zip(names, free, strict=True))


def _moves(event: str, _: Resource) -> Move | None:
    return {
        "create": Move("Updating", CREATION, wait=10.0),
        "update": Move("Updating", CHANGE, wait=CHANGE),
        "delete": Move("Deleting", DELETION, GONE, wait=DELETION),
    }[event]


def _view(cloud: Cloud, endpoint: Resource) -> Body:
    shown = copy.deepcopy(endpoint.body)
    properties: Body = shown["properties"]
    etag = f"W/{endpoint.etag}"
    for kind in (_AUTOMATIC, _MANUAL):
        properties[kind] = [
            _connection_shown(cloud, endpoint, kind, each) | {"etag": etag} for each in properties[kind]
        ]
    properties["networkInterfaces"] = [{"id": interface_id(endpoint)}]
    # The addresses are known when it is ready; with a group of zones they stand there instead (memory).
    told = endpoint.pending is None and not resources_of(cloud, ZONE_GROUPS, endpoint.id)
    names = endpoint.facts["names"].items() if told else ()
    properties["customDnsConfigs"] = [{"fqdn": name, "ipAddresses": [address]} for name, address in names]
    return shown | {"etag": etag}


def _connection_shown(cloud: Cloud, endpoint: Resource, kind: str, connection: dict[str, Any]) -> dict[str, Any]:
    properties = dict(connection["properties"]) | {"provisioningState": "Succeeded"}
    state = dict(properties["privateLinkServiceConnectionState"])
    target = find(cloud, str(properties["privateLinkServiceId"]))
    if target is None or not leads_to(endpoint, target):
        state["status"] = "Disconnected"
    elif state["status"] == "Approved" and not state["description"]:
        state["description"] = "Approved" if endpoint.pending is None else "Auto Approved"
    properties["privateLinkServiceConnectionState"] = state
    name = connection["name"]
    return {
        "name": name,
        "id": f"{endpoint.id}/{kind}/{name}",
        "type": f"{PRIVATE_ENDPOINTS}/{kind}",
        "properties": properties,
    }


ENDPOINTS = Descriptor(
    type=PRIVATE_ENDPOINTS,
    api_versions=versions.NETWORK,
    members=frozenset({"location", "tags", "properties", "extendedLocation"}),
    locations=NAMES,
    read_only=("properties.provisioningState", "properties.resourceGuid", "properties.networkInterfaces"),
    check=_check,
    complete=_complete,
    stored=_stored,
    moves=_moves,
    view=_view,
)
