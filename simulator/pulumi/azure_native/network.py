"""Virtual networks, their subnets, and private endpoints."""

from __future__ import annotations

from simulator.pulumi.azure_native.paths import GROUP
from simulator.pulumi.resource_types import ResourceType

_NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/{{virtualNetworkName}}"
_ENDPOINT = f"{GROUP}/providers/Microsoft.Network/privateEndpoints/{{privateEndpointName}}"
_VERSION = "2024-05-01"
_SUB_RESOURCE = ("id", "name", "type", "etag")

VIRTUAL_NETWORK = ResourceType(
    token="azure-native:network:VirtualNetwork",
    kind="Microsoft.Network/virtualNetworks",
    path=_NETWORK,
    api_version=_VERSION,
    top=("extendedLocation", "id", "location", "tags"),
    properties=(
        "addressSpace", "bgpCommunities", "ddosProtectionPlan", "dhcpOptions", "enableDdosProtection",
        "enableVmProtection", "encryption", "flowTimeoutInMinutes", "ipAllocations", "privateEndpointVNetPolicies",
        "subnets", "virtualNetworkPeerings",
    ),
    flattened={
        "subnets": _SUB_RESOURCE,
        "subnets.delegations": _SUB_RESOURCE,
        "virtualNetworkPeerings": _SUB_RESOURCE,
    },
    replaced_by=("location", "extendedLocation"),  # by the provider
)  # fmt: skip
SUBNET = ResourceType(
    token="azure-native:network:Subnet",
    kind="Microsoft.Network/virtualNetworks/subnets",
    path=f"{_NETWORK}/subnets/{{subnetName}}",
    api_version=_VERSION,
    top=("id", "name", "type"),
    properties=(
        "addressPrefix", "addressPrefixes", "applicationGatewayIPConfigurations", "defaultOutboundAccess",
        "delegations", "ipAllocations", "ipamPoolPrefixAllocations", "natGateway", "networkSecurityGroup",
        "privateEndpointNetworkPolicies", "privateLinkServiceNetworkPolicies", "routeTable", "serviceEndpointPolicies",
        "serviceEndpoints", "sharingScope",
    ),
    flattened={"delegations": _SUB_RESOURCE},
)  # fmt: skip
PRIVATE_ENDPOINT = ResourceType(
    token="azure-native:network:PrivateEndpoint",
    kind="Microsoft.Network/privateEndpoints",
    path=_ENDPOINT,
    api_version=_VERSION,
    top=("extendedLocation", "id", "location", "tags"),
    properties=(
        "applicationSecurityGroups", "customDnsConfigs", "customNetworkInterfaceName", "ipConfigurations",
        "manualPrivateLinkServiceConnections", "privateLinkServiceConnections", "subnet",
    ),
    flattened={
        "ipConfigurations": _SUB_RESOURCE,
        "manualPrivateLinkServiceConnections": _SUB_RESOURCE,
        "privateLinkServiceConnections": _SUB_RESOURCE,
        "subnet": _SUB_RESOURCE,
    },
    replaced_by=(
        "location", "extendedLocation",  # by the provider
        # By Azure: an endpoint stays in its subnet and with its target (memory).
        "subnet.id", "privateLinkServiceConnections.privateLinkServiceId", "privateLinkServiceConnections.groupIds",
        "customNetworkInterfaceName",
    ),
)  # fmt: skip
PRIVATE_DNS_ZONE_GROUP = ResourceType(
    token="azure-native:network:PrivateDnsZoneGroup",
    kind="Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    path=f"{_ENDPOINT}/privateDnsZoneGroups/{{privateDnsZoneGroupName}}",
    api_version=_VERSION,
    top=("id", "name"),
    properties=("privateDnsZoneConfigs",),
    flattened={"privateDnsZoneConfigs": _SUB_RESOURCE},
)

TYPES = (
    VIRTUAL_NETWORK,
    SUBNET,
    PRIVATE_ENDPOINT,
    PRIVATE_DNS_ZONE_GROUP,
)
