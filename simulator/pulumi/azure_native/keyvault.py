"""Key vaults and the keys in them.

A key is made through ARM, where a PUT on one that is there changes nothing (azure-rest-api-specs, Microsoft.KeyVault
keys.json): the published provider reports a changed key as updated, and the vault keeps the old one. ARM has no DELETE
for keys either: the provider deletes through the vault's data plane, so whoever runs it needs a role there
(pulumi-azure-native, provider/pkg/resources/customresources/custom_keyvault.go). A key that is kept with its vault
(`retain_on_delete`) needs none.
"""

from __future__ import annotations

from simulator.pulumi.azure_native.paths import GROUP
from simulator.pulumi.resource_types import ResourceType

_VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/{{vaultName}}"

VAULT = ResourceType(
    token="azure-native:keyvault:Vault",
    kind="Microsoft.KeyVault/vaults",
    path=_VAULT,
    api_version="2024-11-01",
    top=("location", "properties", "tags"),
    nested=(
        "accessPolicies", "createMode", "enablePurgeProtection", "enableRbacAuthorization", "enableSoftDelete",
        "enabledForDeployment", "enabledForDiskEncryption", "enabledForTemplateDeployment", "networkAcls",
        "publicNetworkAccess", "sku", "softDeleteRetentionInDays", "tenantId",
    ),
)  # fmt: skip
KEY = ResourceType(
    token="azure-native:keyvault:Key",
    kind="Microsoft.KeyVault/vaults/keys",
    path=f"{_VAULT}/keys/{{keyName}}",
    api_version="2024-11-01",
    top=("properties", "tags"),
    nested=("attributes", "curveName", "keyOps", "keySize", "kty", "releasePolicy", "rotationPolicy"),
    answered_flat=True,
    renamed={
        "attributes.expires": "exp",
        "attributes.notBefore": "nbf",
        "properties.releasePolicy": "release_policy",
        "properties.attributes.expires": "exp",
        "properties.attributes.notBefore": "nbf",
    },
)

TYPES = (
    VAULT,
    KEY,
)
