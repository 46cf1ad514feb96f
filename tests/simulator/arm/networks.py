"""Networks and private endpoints, as the management library's callers write them."""

from __future__ import annotations

from typing import Any

from azure.mgmt.network.models import PrivateDnsZoneGroup, PrivateEndpoint, Subnet, VirtualNetwork
from azure.mgmt.privatedns.models import PrivateZone, VirtualNetworkLink

from tests.simulator.arm.clients import LOCATION, Clients


def network_body(space: str, **properties: Any) -> VirtualNetwork:
    return VirtualNetwork(
        {"location": LOCATION, "properties": {"addressSpace": {"addressPrefixes": [space]}} | properties}
    )


def subnet_body(prefix: str, **properties: Any) -> Subnet:
    return Subnet({"properties": {"addressPrefix": prefix} | properties})


def make_network(azure: Clients, group: str, name: str = "vnet", **subnets: str) -> Any:
    """A network of 10.0.0.0/16 with subnets, name=range; waits for it."""
    inside = [{"name": each, "properties": {"addressPrefix": prefix}} for each, prefix in subnets.items()]
    body = network_body("10.0.0.0/16", subnets=inside)
    return azure.network.virtual_networks.begin_create_or_update(group, name, body).result()


def begin_endpoint(  # noqa: PLR0917 - what an endpoint is
    azure: Clients, group: str, name: str, subnet_id: str, target_id: str, group_id: str, *, manual: bool = False
) -> Any:
    """Asks for a private endpoint; its poller."""
    groups = [group_id] if group_id else []
    connection = {"name": name, "properties": {"privateLinkServiceId": target_id, "groupIds": groups}}
    kind = "manualPrivateLinkServiceConnections" if manual else "privateLinkServiceConnections"
    body = PrivateEndpoint({"location": LOCATION, "properties": {"subnet": {"id": subnet_id}, kind: [connection]}})
    return azure.network.private_endpoints.begin_create_or_update(group, name, body)


def make_endpoint(  # noqa: PLR0917 - what an endpoint is
    azure: Clients, group: str, name: str, subnet_id: str, target_id: str, group_id: str, *, manual: bool = False
) -> Any:
    """A private endpoint that is ready."""
    begin_endpoint(azure, group, name, subnet_id, target_id, group_id, manual=manual).result()
    return azure.network.private_endpoints.get(group, name)


def make_zone(azure: Clients, group: str, zone: str, network_id: str = "") -> Any:
    """A private zone, with a link to a network if one is named."""
    made = azure.private_dns.private_zones.begin_create_or_update(group, zone, PrivateZone(location="global")).result()
    if network_id:
        properties = {"virtualNetwork": {"id": network_id}, "registrationEnabled": False}
        link = VirtualNetworkLink({"location": "global", "properties": properties})
        azure.private_dns.virtual_network_links.begin_create_or_update(group, zone, "link", link).result()
    return made


def make_zone_group(azure: Clients, group: str, endpoint: str, *zone_ids: str) -> Any:
    """The zones that get an endpoint's addresses."""
    configs = [
        {"name": each.rsplit("/", 1)[-1].replace(".", "-"), "properties": {"privateDnsZoneId": each}}
        for each in zone_ids
    ]
    body = PrivateDnsZoneGroup({"properties": {"privateDnsZoneConfigs": configs}})
    zone_groups = azure.network.private_dns_zone_groups
    zone_groups.begin_create_or_update(group, endpoint, "default", body).result()
    return zone_groups.get(group, endpoint, "default")
