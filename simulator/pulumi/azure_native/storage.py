"""Storage accounts, their blob service and containers."""

from __future__ import annotations

from simulator.pulumi.azure_native.paths import GROUP
from simulator.pulumi.resource_types import ResourceType

_STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{{accountName}}"

STORAGE_ACCOUNT = ResourceType(
    token="azure-native:storage:StorageAccount",
    kind="Microsoft.Storage/storageAccounts",
    path=_STORAGE,
    api_version="2024-01-01",
    top=("extendedLocation", "identity", "kind", "location", "sku", "tags"),
    properties=(
        "accessTier", "allowBlobPublicAccess", "allowCrossTenantReplication", "allowSharedKeyAccess",
        "allowedCopyScope", "azureFilesIdentityBasedAuthentication", "customDomain", "defaultToOAuthAuthentication",
        "dnsEndpointType", "enableExtendedGroups", "enableHttpsTrafficOnly", "enableNfsV3", "encryption",
        "immutableStorageWithVersioning", "isHnsEnabled", "isLocalUserEnabled", "isSftpEnabled", "keyPolicy",
        "largeFileSharesState", "minimumTlsVersion", "networkRuleSet", "publicNetworkAccess", "routingPreference",
        "sasPolicy",
    ),
    renamed={
        "enableHttpsTrafficOnly": "supportsHttpsTrafficOnly",
        "enableNfsV3": "isNfsV3Enabled",
        "networkRuleSet": "networkAcls",
        "networkRuleSet.ipRules.iPAddressOrRange": "value",
        "networkRuleSet.virtualNetworkRules.virtualNetworkResourceId": "id",
        "encryption.keyVaultProperties.keyName": "keyname",
        "encryption.keyVaultProperties.keyVaultUri": "keyvaulturi",
        "encryption.keyVaultProperties.keyVersion": "keyversion",
        "encryption.keyVaultProperties": "keyvaultproperties",
        "encryption.encryptionIdentity.encryptionUserAssignedIdentity": "userAssignedIdentity",
        "encryption.encryptionIdentity.encryptionFederatedIdentityClientId": "federatedIdentityClientId",
        "encryption.encryptionIdentity": "identity",
    },
    string_sets=("identity.userAssignedIdentities",),
    replaced_by=("location", "isHnsEnabled"),  # by the provider
)  # fmt: skip
BLOB_SERVICE = ResourceType(
    token="azure-native:storage:BlobServiceProperties",
    kind="Microsoft.Storage/storageAccounts/blobServices",
    path=f"{_STORAGE}/blobServices/{{blobServicesName}}",
    api_version="2024-01-01",
    properties=(
        "automaticSnapshotPolicyEnabled", "changeFeed", "containerDeleteRetentionPolicy", "cors",
        "defaultServiceVersion", "deleteRetentionPolicy", "isVersioningEnabled", "lastAccessTimeTrackingPolicy",
        "restorePolicy",
    ),
    constants={"blobServicesName": "default"},
    singleton=True,
)  # fmt: skip
BLOB_CONTAINER = ResourceType(
    token="azure-native:storage:BlobContainer",
    kind="Microsoft.Storage/storageAccounts/blobServices/containers",
    path=f"{_STORAGE}/blobServices/default/containers/{{containerName}}",
    api_version="2024-01-01",
    properties=(
        "defaultEncryptionScope", "denyEncryptionScopeOverride", "enableNfsV3AllSquash", "enableNfsV3RootSquash",
        "immutableStorageWithVersioning", "metadata", "publicAccess",
    ),
)  # fmt: skip

TYPES = (
    STORAGE_ACCOUNT,
    BLOB_SERVICE,
    BLOB_CONTAINER,
)
