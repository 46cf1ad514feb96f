"""Virtual networks and subnets, through azure-mgmt-network."""

from __future__ import annotations

import pytest
from azure.core.exceptions import ResourceNotFoundError

from simulator.arm.models import Resource
from tests.simulator.arm.clients import LOCATION, Clients, refused
from tests.simulator.arm.conftest import Wire
from tests.simulator.arm.networks import make_endpoint, make_network, network_body, subnet_body


def test_a_network_is_made_with_the_subnets_written_inside_it(azure: Clients, group: str) -> None:
    made = make_network(azure, group, endpoints="10.0.0.0/24", others="10.0.1.0/24")

    assert made.provisioning_state == "Succeeded"
    assert [(each.name, each.address_prefix) for each in made.subnets] == [
        ("endpoints", "10.0.0.0/24"),
        ("others", "10.0.1.0/24"),
    ]
    alone = azure.network.subnets.get(group, "vnet", "endpoints")
    assert alone.id == made.subnets[0].id
    assert alone.private_endpoint_network_policies == "Disabled"


def test_a_network_says_that_it_is_being_changed_until_it_is_done(wire: Wire, azure: Clients, group: str) -> None:
    """An operation is announced, and it says no more than how far it is."""
    scope = f"/subscriptions/{wire.simulator.cloud.subscription_id}/resourceGroups/{group}"
    path = f"{scope}/providers/Microsoft.Network/virtualNetworks/vnet?api-version=2024-05-01"
    wire.simulator.clock.step_on_poll = False

    begun = wire("PUT", path, network_body("10.0.0.0/16").as_dict())
    operation = begun.headers["azure-asyncoperation"]
    under_way = wire("GET", operation)
    wire.simulator.clock.advance(5)

    assert begun.status_code == 201
    assert begun.json()["properties"]["provisioningState"] == "Updating"
    assert f"/providers/Microsoft.Network/locations/{LOCATION}/operations/" in operation
    assert under_way.json()["status"] == "InProgress"
    assert wire("GET", operation).json()["status"] == "Succeeded"
    assert azure.network.virtual_networks.get(group, "vnet").provisioning_state == "Succeeded"


def test_a_subnet_written_alone_shows_in_its_network(azure: Clients, group: str) -> None:
    make_network(azure, group)
    subnet = subnet_body("10.0.2.0/24", serviceEndpoints=[{"service": "Microsoft.Storage"}])

    made = azure.network.subnets.begin_create_or_update(group, "vnet", "late", subnet).result()

    assert made.provisioning_state == "Succeeded"
    assert made.service_endpoints[0].provisioning_state == "Succeeded"
    assert [each.name for each in azure.network.virtual_networks.get(group, "vnet").subnets] == ["late"]


def test_a_network_written_without_subnets_keeps_those_it_has(azure: Clients, group: str) -> None:
    make_network(azure, group, endpoints="10.0.0.0/24")
    body = network_body("10.0.0.0/15")

    azure.network.virtual_networks.begin_create_or_update(group, "vnet", body).result()

    assert [each.name for each in azure.network.subnets.list(group, "vnet")] == ["endpoints"]


def test_a_network_written_with_other_subnets_loses_the_former(azure: Clients, group: str) -> None:
    make_network(azure, group, endpoints="10.0.0.0/24")
    make_network(azure, group, others="10.0.1.0/24")

    assert [each.name for each in azure.network.subnets.list(group, "vnet")] == ["others"]


@pytest.mark.parametrize(
    ("prefix", "code"),
    [
        ("10.1.0.0/24", "NetcfgSubnetRangeOutsideVnet"),
        ("10.0.0.128/25", "NetcfgSubnetRangesOverlap"),
        ("10.0.1.0/30", "NetcfgInvalidSubnet"),
        ("10.0.1.5/24", "InvalidCIDRNotation"),
        ("10.0.1.0/99", "InvalidAddressPrefixFormat"),
    ],
)
def test_a_range_that_can_t_be_a_subnet_s_is_refused(azure: Clients, group: str, prefix: str, code: str) -> None:
    make_network(azure, group, endpoints="10.0.0.0/24")

    with refused(400, code):
        azure.network.subnets.begin_create_or_update(group, "vnet", "bad", subnet_body(prefix))
    with refused(400, code):
        make_network(azure, group, endpoints="10.0.0.0/24", bad=prefix)
    assert [each.name for each in azure.network.subnets.list(group, "vnet")] == ["endpoints"]


def test_an_address_space_can_t_leave_a_subnet_behind(azure: Clients, group: str) -> None:
    make_network(azure, group, endpoints="10.0.0.0/24")
    body = network_body("10.7.0.0/16")

    with refused(400, "NetcfgSubnetRangeOutsideVnet"):
        azure.network.virtual_networks.begin_create_or_update(group, "vnet", body)


def test_a_subnet_in_use_can_neither_go_nor_move(azure: Clients, group: str, account: Resource) -> None:
    network = make_network(azure, group, endpoints="10.0.0.0/24")
    endpoint = make_endpoint(azure, group, "pe", network.subnets[0].id, account.id, "account")
    nic = endpoint.network_interfaces[0].id

    with refused(400, "InUseSubnetCannotBeDeleted"):
        azure.network.subnets.begin_delete(group, "vnet", "endpoints")
    with refused(400, "InUseSubnetCannotBeDeleted"):
        azure.network.virtual_networks.begin_delete(group, "vnet")
    with refused(400, "InUseSubnetCannotBeDeleted"):
        make_network(azure, group, others="10.0.1.0/24")
    with refused(400, "InUsePrefixCannotBeDeleted"):
        make_network(azure, group, endpoints="10.0.3.0/24")
    used = azure.network.subnets.get(group, "vnet", "endpoints").ip_configurations
    assert used[0].id.startswith(f"{nic}/ipConfigurations/privateEndpointIpConfig.")

    azure.network.private_endpoints.begin_delete(group, "pe").result()
    azure.network.subnets.begin_delete(group, "vnet", "endpoints").result()
    azure.network.virtual_networks.begin_delete(group, "vnet").result()
    with pytest.raises(ResourceNotFoundError):
        azure.network.virtual_networks.get(group, "vnet")


def test_a_subnet_that_is_still_being_changed_takes_no_endpoint(
    wire: Wire, azure: Clients, group: str, account: Resource
) -> None:
    """Azure answers 429, which its libraries try again; the wire doesn't."""
    network = make_network(azure, group)
    subnet = f"{network.id}/subnets/new"
    wire("PUT", f"{subnet}?api-version=2024-05-01", {"properties": {"addressPrefix": "10.0.0.0/24"}})
    connection = {"name": "pe", "properties": {"privateLinkServiceId": account.id, "groupIds": ["account"]}}
    body = {
        "location": LOCATION,
        "properties": {"subnet": {"id": subnet}, "privateLinkServiceConnections": [connection]},
    }
    path = f"{network.id.split('/virtualNetworks/')[0]}/privateEndpoints/pe?api-version=2024-05-01"

    early = wire("PUT", path, body)
    wire.simulator.clock.advance(5)

    assert early.status_code == 429
    assert early.json()["error"]["code"] == "RetryableError"
    assert early.json()["error"]["details"][0]["code"] == "ReferencedResourceNotProvisioned"
    assert wire("PUT", path, body).status_code == 201
