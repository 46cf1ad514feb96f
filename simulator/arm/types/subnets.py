"""Microsoft.Network/virtualNetworks/subnets, whether written alone or inside their network.

Defaults: Azure/azure-cli's recording test_private_endpoint_connection_storage_account.yaml, 2025-09.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

from simulator.arm import address_ranges, versions
from simulator.arm import network_errors as refuse
from simulator.arm.descriptors import Body, Descriptor, Move, Write
from simulator.arm.models import Resource, resources_of
from simulator.arm.passing import GONE
from simulator.arm.private_links import PRIVATE_ENDPOINTS, SUBNETS, interface_id
from simulator.cloud import Cloud

CHANGE = 5.0
"""Simulated seconds until a change is done: recorded runs have up to ten."""


def of(cloud: Cloud, network_id: str) -> list[Resource]:
    """The subnets of a network."""
    return resources_of(cloud, SUBNETS, network_id)


def range_of(subnet: Resource) -> IPv4Network:
    return address_ranges.subnet_range(subnet.properties, subnet.name, subnet.id)


def endpoints_in(cloud: Cloud, subnet: Resource) -> list[Resource]:
    """The private endpoints that stand in a subnet."""
    return [
        each
        for each in resources_of(cloud, PRIVATE_ENDPOINTS)
        if str(each.properties["subnet"]["id"]).lower() == subnet.key
    ]


def check_unused(cloud: Cloud, subnet: Resource) -> None:
    users = endpoints_in(cloud, subnet)
    if users:
        raise refuse.subnet_in_use(subnet.name, _address(users[0]))


def check_change(cloud: Cloud, subnet: Resource, wanted: IPv4Network) -> None:
    """Refuses another range for a subnet that has something in it."""
    if wanted != range_of(subnet) and endpoints_in(cloud, subnet):
        raise refuse.prefix_in_use(str(range_of(subnet)), subnet.name)


def completed(properties: Body) -> Body:
    defaults: Body = {
        "delegations": [],
        "privateEndpointNetworkPolicies": "Disabled",
        "privateLinkServiceNetworkPolicies": "Enabled",
    }
    ready = {name: value for name, value in properties.items() if name not in _READ_ONLY}
    if ready.get("serviceEndpoints"):
        # Which locations a service endpoint that names none gets: memory.
        ready["serviceEndpoints"] = [
            {"locations": ["*"]} | each | {"provisioningState": "Succeeded"} for each in ready["serviceEndpoints"]
        ]
    return {"properties": defaults | ready}


def inside(cloud: Cloud, subnet: Resource) -> dict[str, Any]:
    """A subnet as its network shows it."""
    shown = _view(cloud, subnet)
    shown["properties"] |= {"provisioningState": subnet.state}
    return {"name": subnet.name, "id": subnet.id, "type": SUBNETS} | shown


def _address(endpoint: Resource) -> str:
    """The ID of an endpoint's address, which is what is said to use a subnet."""
    return f"{interface_id(endpoint)}/ipConfigurations/privateEndpointIpConfig.{endpoint.facts['guid']}"


def _check(write: Write) -> None:
    parent = write.id.parent
    network = write.cloud.state.arm.resources[parent.key if parent else ""]
    wanted = address_ranges.subnet_range(write.properties, write.id.name, write.id.text)
    if write.existing is not None:
        check_change(write.cloud, write.existing, wanted)
    others = {each.name: range_of(each) for each in of(write.cloud, network.id) if each.key != write.id.key}
    spaces = address_ranges.address_spaces(network.properties, network.id)
    address_ranges.check(network.name, spaces, others | {write.id.name: wanted})


def _stored(write: Write, subnet: Resource) -> None:
    parent = write.id.parent
    subnet.facts["location"] = write.cloud.state.arm.resources[parent.key if parent else ""].location


def _moves(event: str, _: Resource) -> Move | None:
    if event == "delete":
        return Move("Deleting", CHANGE, GONE, wait=CHANGE)
    return Move("Updating", CHANGE, wait=2.0)


def _view(cloud: Cloud, subnet: Resource) -> Body:
    users = endpoints_in(cloud, subnet)
    shown = dict(subnet.properties)
    if users:
        shown["privateEndpoints"] = [{"id": each.id} for each in users]
        shown["ipConfigurations"] = [{"id": _address(each)} for each in users]
    return {"properties": shown, "etag": f"W/{subnet.etag}"}


_READ_ONLY = (
    "provisioningState",
    "privateEndpoints",
    "ipConfigurations",
    "ipConfigurationProfiles",
    "resourceNavigationLinks",
    "serviceAssociationLinks",
    "purpose",
)

VIRTUAL_SUBNETS = Descriptor(
    type=SUBNETS,
    api_versions=versions.NETWORK,
    members=frozenset({"properties"}),
    read_only=tuple(f"properties.{name}" for name in _READ_ONLY),
    check=_check,
    complete=lambda write: completed(write.properties),
    stored=_stored,
    moves=_moves,
    view=_view,
    deletes=lambda call, subnet: check_unused(call.cloud, subnet),
    not_found=refuse.child_not_found,
)
