"""App Configuration stores and their key-values."""

from __future__ import annotations

from simulator.pulumi.azure_native.paths import GROUP
from simulator.pulumi.resource_types import ResourceType

_STORE = f"{GROUP}/providers/Microsoft.AppConfiguration/configurationStores/{{configStoreName}}"

CONFIGURATION_STORE = ResourceType(
    token="azure-native:appconfiguration:ConfigurationStore",
    kind="Microsoft.AppConfiguration/configurationStores",
    path=_STORE,
    api_version="2024-05-01",
    top=("identity", "location", "sku", "tags"),
    properties=(
        "createMode", "dataPlaneProxy", "disableLocalAuth", "enablePurgeProtection", "encryption",
        "publicNetworkAccess", "softDeleteRetentionInDays",
    ),
    string_sets=("identity.userAssignedIdentities",),
    replaced_by=("location",),  # by the provider
)  # fmt: skip
KEY_VALUE = ResourceType(
    token="azure-native:appconfiguration:KeyValue",
    kind="Microsoft.AppConfiguration/configurationStores/keyValues",
    path=f"{_STORE}/keyValues/{{keyValueName}}",
    api_version="2024-05-01",
    properties=("contentType", "tags", "value"),
)

TYPES = (
    CONFIGURATION_STORE,
    KEY_VALUE,
)
