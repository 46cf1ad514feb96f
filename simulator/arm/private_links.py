"""Private endpoints seen from what they lead to: which types can be a target, under which names, and who is connected.

Group IDs and zones: Learn, "Azure Private Endpoint private DNS zone values". The form of a connection:
Azure/azure-cli's recording test_cognitiveservices_private_endpoint_connection.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from simulator.arm.descriptors import Body
from simulator.arm.models import ACCOUNTS, CONFIGURATION_STORES, STORAGE_ACCOUNTS, VAULTS, Resource, resources_of
from simulator.cloud import Cloud

VIRTUAL_NETWORKS = "Microsoft.Network/virtualNetworks"
SUBNETS = "Microsoft.Network/virtualNetworks/subnets"
PRIVATE_ENDPOINTS = "Microsoft.Network/privateEndpoints"
ZONE_GROUPS = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"
PRIVATE_ZONES = "Microsoft.Network/privateDnsZones"
ZONE_LINKS = "Microsoft.Network/privateDnsZones/virtualNetworkLinks"

ZONES = {
    "openai.azure.com": "privatelink.openai.azure.com",
    "cognitiveservices.azure.com": "privatelink.cognitiveservices.azure.com",
    "services.ai.azure.com": "privatelink.services.ai.azure.com",
    "blob.core.windows.net": "privatelink.blob.core.windows.net",
    "vault.azure.net": "privatelink.vaultcore.azure.net",
    "azconfig.io": "privatelink.azconfig.io",
}
"""The private zone of each public one."""


@dataclass(frozen=True)
class Target:
    """What a private endpoint may lead to: the group ID, and the public names that then answer privately."""

    group: str
    names: Callable[[Resource], tuple[str, ...]]


def _account_names(account: Resource) -> tuple[str, ...]:
    """A Foundry account has three (the page above); that each has an address of its own: memory."""
    subdomain = str(account.properties.get("customSubDomainName") or "").lower()
    endings = ("cognitiveservices.azure.com", "openai.azure.com", "services.ai.azure.com")
    used = endings if account.body.get("kind") == "AIServices" else ("openai.azure.com",)
    return tuple(f"{subdomain}.{ending}" for ending in used) if subdomain else ()


TARGETS = {
    ACCOUNTS: Target("account", _account_names),
    STORAGE_ACCOUNTS: Target("blob", lambda account: (f"{account.name.lower()}.blob.core.windows.net",)),
    VAULTS: Target("vault", lambda vault: (f"{vault.name.lower()}.vault.azure.net",)),
    CONFIGURATION_STORES: Target("configurationStores", lambda store: (f"{store.name.lower()}.azconfig.io",)),
}


@dataclass(frozen=True)
class Connection:
    """One connection, as its endpoint holds it."""

    endpoint: Resource
    properties: Body

    @property
    def name(self) -> str:
        return f"{self.endpoint.name}.{self.endpoint.facts['guid']}"

    @property
    def state(self) -> Body:
        found: Body = self.properties["privateLinkServiceConnectionState"]
        return found


def held(endpoint: Resource) -> Body:
    """The properties of the one connection that an endpoint has."""
    lists = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")
    found: Body = next(each for name in lists for each in endpoint.properties.get(name) or ())["properties"]
    return found


def interface_id(endpoint: Resource) -> str:
    """The network interface that an endpoint has in its subnet; it is named, and no resource here."""
    name = endpoint.properties.get("customNetworkInterfaceName") or f"{endpoint.name}.nic.{endpoint.facts['guid']}"
    return f"{endpoint.id.rsplit('/privateEndpoints/', 1)[0]}/networkInterfaces/{name}"


def connections(cloud: Cloud, target: Resource) -> Iterator[Connection]:
    """Those of a target; none of a namesake that was there before it."""
    for endpoint in resources_of(cloud, PRIVATE_ENDPOINTS):
        properties = held(endpoint)
        if leads_to(endpoint, target):
            yield Connection(endpoint, properties)


def leads_to(endpoint: Resource, target: Resource) -> bool:
    same = str(held(endpoint).get("privateLinkServiceId", "")).lower() == target.key
    return same and endpoint.facts.get("target_made") == target.created_at.isoformat()


def connected(cloud: Cloud, target: Resource) -> bool:
    """Whether a private endpoint leads there by now, with the consent of the target's owner."""
    return any(
        each.state.get("status") == "Approved" and each.endpoint.state == "Succeeded"
        for each in connections(cloud, target)
    )


def connections_shown(cloud: Cloud, target: Resource) -> list[Body]:
    """A target's `privateEndpointConnections`: for the view of every type in TARGETS."""
    return [_shown(target, each) for each in connections(cloud, target)]


def _shown(target: Resource, connection: Connection) -> Body:
    """As the target's provider tells it (azure-rest-api-specs of each): only an account tells of groups."""
    groups = {"groupIds": list(connection.properties["groupIds"])} if target.type == ACCOUNTS else {}
    state = dict(connection.state)
    if target.type == STORAGE_ACCOUNTS and "actionsRequired" in state:
        state["actionRequired"] = state.pop("actionsRequired")
    return {
        "id": f"{target.id}/privateEndpointConnections/{connection.name}",
        "name": connection.name,
        "type": f"{target.type}/privateEndpointConnections",
        "properties": {
            "privateEndpoint": {"id": connection.endpoint.id},
            **groups,
            "privateLinkServiceConnectionState": state,
            "provisioningState": "Succeeded",
        },
    }
