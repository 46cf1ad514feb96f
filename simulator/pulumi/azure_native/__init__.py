"""azure-native's resource types, as far as they are used here, a module per provider of Azure.

Names, api-versions and what is flattened are those of the package pulumi_azure_native 3.29; a test compares the tables
with the installed package. What forces a replacement is marked where it stands:

    by the provider   Pulumi's published provider replaces (pulumi-azure-native provider/pkg/gen/replacement.go,
                      x-ms-mutability in Azure/azure-rest-api-specs, and all parameters of the path)
    by Azure          the published provider would send the change, and Azure refuses it
"""

from __future__ import annotations

from collections.abc import Mapping

from simulator.pulumi.azure_native import (
    appconfiguration,
    authorization,
    cognitive,
    consumption,
    keyvault,
    managedidentity,
    monitor,
    network,
    operationalinsights,
    privatedns,
    resources,
    storage,
)
from simulator.pulumi.resource_types import ResourceType

TYPES: Mapping[str, ResourceType] = {
    each.token: each
    for module in (
        resources,
        cognitive,
        storage,
        authorization,
        keyvault,
        managedidentity,
        network,
        privatedns,
        operationalinsights,
        monitor,
        consumption,
        appconfiguration,
    )
    for each in module.TYPES
}
"""By token."""
