"""Resource groups."""

from __future__ import annotations

from simulator.pulumi.azure_native.paths import GROUP
from simulator.pulumi.resource_types import ResourceType

RESOURCE_GROUP = ResourceType(
    token="azure-native:resources:ResourceGroup",
    kind="Microsoft.Resources/resourceGroups",
    path=GROUP,
    api_version="2024-03-01",
    top=("location", "managedBy", "tags"),
    replaced_by=("location",),  # by the provider
)

TYPES = (RESOURCE_GROUP,)
