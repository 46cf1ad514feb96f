"""Private DNS zones and the networks that ask them."""

from __future__ import annotations

from simulator.pulumi.azure_native.paths import GROUP
from simulator.pulumi.resource_types import ResourceType

_ZONE = f"{GROUP}/providers/Microsoft.Network/privateDnsZones/{{privateZoneName}}"

PRIVATE_ZONE = ResourceType(
    token="azure-native:privatedns:PrivateZone",
    kind="Microsoft.Network/privateDnsZones",
    path=_ZONE,
    api_version="2024-06-01",
    top=("location", "tags"),
    replaced_by=("location",),  # by the provider
)
VIRTUAL_NETWORK_LINK = ResourceType(
    token="azure-native:privatedns:VirtualNetworkLink",
    kind="Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    path=f"{_ZONE}/virtualNetworkLinks/{{virtualNetworkLinkName}}",
    api_version="2024-06-01",
    top=("location", "tags"),
    properties=("registrationEnabled", "resolutionPolicy", "virtualNetwork"),
    replaced_by=(
        "location",  # by the provider
        "virtualNetwork.id",  # by Azure (memory)
    ),
)

TYPES = (
    PRIVATE_ZONE,
    VIRTUAL_NETWORK_LINK,
)
