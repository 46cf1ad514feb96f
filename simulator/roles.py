"""Azure's built-in roles as far as a stack here may assign them, by GUID.

Sources: MicrosoftDocs/azure-docs, articles/role-based-access-control/built-in-roles (privileged, general, storage,
ai-machine-learning, security, identity; 2024-04, the storage roles also 2021-11); MicrosoftDocs/azure-ai-docs,
rbac-foundry (the roles called Foundry now, Azure AI before; 2025-12). Where a role lists actions of services that
aren't simulated (Support and so on) they are left out, of Insights all but metrics: nobody asks for them here. The
conditions under which two Foundry roles may assign roles are not evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
MONITORING_READER = "43d0d8ad-25c7-4714-9337-8ba259a9fe05"
RBAC_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
USER_ACCESS_ADMINISTRATOR = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
OPENAI_CONTRIBUTOR = "a001fd3d-188f-4b5d-821b-7da978bf7442"
OPENAI_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"
COGNITIVE_CONTRIBUTOR = "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68"
COGNITIVE_USER = "a97b65f3-24c7-4388-baec-2e87135dc908"
COGNITIVE_USAGES_READER = "bba48692-92b0-4667-a9ad-c31c7b334ac2"
FOUNDRY_USER = "53ca6127-db72-4b80-b1b0-d745d6d5456d"
FOUNDRY_OWNER = "c883944f-8b7b-4483-af10-35834be79c4a"
FOUNDRY_ACCOUNT_OWNER = "e47c6f54-e4a2-4754-9501-8e0985b135e1"
FOUNDRY_PROJECT_MANAGER = "eadc314b-1a2d-4efa-be10-5d325db5065e"
STORAGE_ACCOUNT_CONTRIBUTOR = "17d1049b-9a84-46fb-8f53-869881c3d3ab"
KEY_VAULT_ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
KEY_VAULT_CONTRIBUTOR = "f25e0fa2-a7c8-4377-a976-54943a77a395"
KEY_VAULT_READER = "21090545-7ca7-4776-b22c-e363652d74d2"
KEY_VAULT_CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"
KEY_VAULT_CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
MANAGED_IDENTITY_CONTRIBUTOR = "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59"
MANAGED_IDENTITY_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
BLOB_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
CONFIGURATION_OWNER = "5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b"
CONFIGURATION_READER = "516239f1-63e1-4d78-a4de-a74fb236a071"


@dataclass(frozen=True)
class Role:
    """A role definition's permissions; an action may hold `*` for any characters."""

    name: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()


_COGNITIVE = "Microsoft.CognitiveServices"
_OPENAI = f"{_COGNITIVE}/accounts/OpenAI"
_CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_DELEGATION = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"
_STORES = "Microsoft.AppConfiguration/configurationStores"
_READ_ROLES = ("Microsoft.Authorization/roleAssignments/read", "Microsoft.Authorization/roleDefinitions/read")
_ASSIGN_ROLES = ("Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleAssignments/delete")
_READ_GROUPS = (
    "Microsoft.Resources/subscriptions/operationresults/read",
    "Microsoft.Resources/subscriptions/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
)
_KEYS = "Microsoft.KeyVault/vaults/keys"
_ROTATION = "Microsoft.KeyVault/vaults/keyrotationpolicies/*"
_IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
_SEE_VAULTS = (
    "Microsoft.Authorization/*/read",
    "Microsoft.KeyVault/checkNameAvailability/read",
    "Microsoft.KeyVault/deletedVaults/read",
    "Microsoft.KeyVault/locations/*/read",
    "Microsoft.KeyVault/vaults/*/read",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
)
_MANAGE_ACCOUNTS = (
    "Microsoft.Authorization/*/read",
    f"{_COGNITIVE}/*",
    "Microsoft.Insights/metrics/read",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourcegroups/deployments/*",
    *_READ_GROUPS,
)

ROLES: Mapping[str, Role] = MappingProxyType(
    {
        OWNER: Role("Owner", actions=("*",)),
        CONTRIBUTOR: Role(
            "Contributor",
            actions=("*",),
            not_actions=(
                "Microsoft.Authorization/*/Delete",
                "Microsoft.Authorization/*/Write",
                "Microsoft.Authorization/elevateAccess/Action",
                "Microsoft.Blueprint/blueprintAssignments/write",
                "Microsoft.Blueprint/blueprintAssignments/delete",
                "Microsoft.Compute/galleries/share/action",
                "Microsoft.Purview/consents/write",
                "Microsoft.Purview/consents/delete",
                "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
                "Microsoft.Subscription/cancel/action",
                "Microsoft.Subscription/enable/action",
            ),
        ),
        READER: Role("Reader", actions=("*/read",)),
        MONITORING_READER: Role("Monitoring Reader", actions=("*/read",)),
        RBAC_ADMINISTRATOR: Role(
            "Role Based Access Control Administrator", actions=(*_ASSIGN_ROLES, "*/read", "Microsoft.Support/*")
        ),
        USER_ACCESS_ADMINISTRATOR: Role(
            "User Access Administrator", actions=("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*")
        ),
        OPENAI_CONTRIBUTOR: Role(
            "Cognitive Services OpenAI Contributor",
            actions=(
                f"{_COGNITIVE}/*/read",
                f"{_COGNITIVE}/accounts/deployments/write",
                f"{_COGNITIVE}/accounts/deployments/delete",
                f"{_COGNITIVE}/accounts/raiPolicies/write",
                f"{_COGNITIVE}/accounts/raiPolicies/delete",
                f"{_COGNITIVE}/accounts/commitmentplans/write",
                f"{_COGNITIVE}/accounts/commitmentplans/delete",
                *_READ_ROLES,
            ),
            data_actions=(f"{_OPENAI}/*",),
        ),
        OPENAI_USER: Role(
            "Cognitive Services OpenAI User",
            actions=(f"{_COGNITIVE}/*/read", *_READ_ROLES),
            data_actions=(
                f"{_OPENAI}/*/read",
                f"{_OPENAI}/engines/completions/action",
                f"{_OPENAI}/engines/search/action",
                f"{_OPENAI}/engines/generate/action",
                f"{_OPENAI}/deployments/audio/action",
                f"{_OPENAI}/deployments/search/action",
                f"{_OPENAI}/deployments/completions/action",
                f"{_OPENAI}/deployments/chat/completions/action",
                f"{_OPENAI}/deployments/extensions/chat/completions/action",
                f"{_OPENAI}/deployments/embeddings/action",
                f"{_OPENAI}/images/generations/action",
            ),
        ),
        COGNITIVE_CONTRIBUTOR: Role("Cognitive Services Contributor", actions=_MANAGE_ACCOUNTS),
        COGNITIVE_USER: Role(
            "Cognitive Services User",
            actions=(
                f"{_COGNITIVE}/*/read",
                f"{_COGNITIVE}/accounts/listkeys/action",
                "Microsoft.Insights/metrics/read",
                *_READ_GROUPS,
            ),
            data_actions=(f"{_COGNITIVE}/*",),
        ),
        COGNITIVE_USAGES_READER: Role(
            "Cognitive Services Usages Reader", actions=(f"{_COGNITIVE}/locations/usages/read",)
        ),
        FOUNDRY_USER: Role(
            "Foundry User",
            actions=(
                f"{_COGNITIVE}/*/read",
                f"{_COGNITIVE}/accounts/listkeys/action",
                "Microsoft.Resources/deployments/*",
                *_READ_GROUPS,
            ),
            data_actions=(f"{_COGNITIVE}/*",),
        ),
        FOUNDRY_OWNER: Role("Foundry Owner", actions=_MANAGE_ACCOUNTS, data_actions=(f"{_COGNITIVE}/*",)),
        FOUNDRY_ACCOUNT_OWNER: Role("Foundry Account Owner", actions=(*_MANAGE_ACCOUNTS, *_ASSIGN_ROLES)),
        FOUNDRY_PROJECT_MANAGER: Role(
            "Foundry Project Manager",
            actions=(
                *_ASSIGN_ROLES,
                f"{_COGNITIVE}/accounts/*/read",
                f"{_COGNITIVE}/accounts/projects/*",
                f"{_COGNITIVE}/locations/*/read",
                "Microsoft.Authorization/*/read",
                "Microsoft.Resources/deployments/*",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
            ),
            data_actions=(f"{_COGNITIVE}/*",),
        ),
        STORAGE_ACCOUNT_CONTRIBUTOR: Role(
            "Storage Account Contributor",
            actions=(
                "Microsoft.Authorization/*/read",
                "Microsoft.Resources/deployments/*",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
                "Microsoft.Storage/storageAccounts/*",
            ),
        ),
        BLOB_CONTRIBUTOR: Role(
            "Storage Blob Data Contributor",
            actions=(f"{_CONTAINERS}/delete", f"{_CONTAINERS}/read", f"{_CONTAINERS}/write", _DELEGATION),
            data_actions=(
                f"{_CONTAINERS}/blobs/delete",
                f"{_CONTAINERS}/blobs/read",
                f"{_CONTAINERS}/blobs/write",
                f"{_CONTAINERS}/blobs/move/action",
                f"{_CONTAINERS}/blobs/add/action",
            ),
        ),
        BLOB_OWNER: Role(
            "Storage Blob Data Owner",
            actions=(f"{_CONTAINERS}/*", _DELEGATION),
            data_actions=(f"{_CONTAINERS}/blobs/*",),
        ),
        BLOB_READER: Role(
            "Storage Blob Data Reader",
            actions=(f"{_CONTAINERS}/read", _DELEGATION),
            data_actions=(f"{_CONTAINERS}/blobs/read",),
        ),
        CONFIGURATION_OWNER: Role(
            "App Configuration Data Owner",
            data_actions=tuple(f"{_STORES}/*/{doing}" for doing in ("read", "write", "delete", "action")),
        ),
        CONFIGURATION_READER: Role("App Configuration Data Reader", data_actions=(f"{_STORES}/*/read",)),
        KEY_VAULT_ADMINISTRATOR: Role(
            "Key Vault Administrator", actions=_SEE_VAULTS, data_actions=("Microsoft.KeyVault/vaults/*",)
        ),
        KEY_VAULT_CONTRIBUTOR: Role(
            "Key Vault Contributor",
            actions=(
                "Microsoft.Authorization/*/read",
                "Microsoft.KeyVault/*",
                "Microsoft.Resources/deployments/*",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
            ),
            not_actions=(
                "Microsoft.KeyVault/locations/deletedVaults/purge/action",
                "Microsoft.KeyVault/hsmPools/*",
                "Microsoft.KeyVault/managedHsms/*",
            ),
        ),
        KEY_VAULT_READER: Role(
            "Key Vault Reader",
            actions=_SEE_VAULTS,
            data_actions=("Microsoft.KeyVault/vaults/*/read", "Microsoft.KeyVault/vaults/secrets/readMetadata/action"),
        ),
        KEY_VAULT_CRYPTO_OFFICER: Role(
            "Key Vault Crypto Officer", actions=_SEE_VAULTS, data_actions=(f"{_KEYS}/*", _ROTATION)
        ),
        KEY_VAULT_CRYPTO_USER: Role(
            "Key Vault Crypto User",
            data_actions=(
                f"{_KEYS}/read",
                f"{_KEYS}/update/action",
                f"{_KEYS}/backup/action",
                f"{_KEYS}/encrypt/action",
                f"{_KEYS}/decrypt/action",
                f"{_KEYS}/wrap/action",
                f"{_KEYS}/unwrap/action",
                f"{_KEYS}/sign/action",
                f"{_KEYS}/verify/action",
            ),
        ),
        KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER: Role(
            "Key Vault Crypto Service Encryption User",
            data_actions=(f"{_KEYS}/read", f"{_KEYS}/wrap/action", f"{_KEYS}/unwrap/action"),
        ),
        MANAGED_IDENTITY_CONTRIBUTOR: Role(
            "Managed Identity Contributor",
            actions=(
                f"{_IDENTITIES}/read",
                f"{_IDENTITIES}/write",
                f"{_IDENTITIES}/delete",
                f"{_IDENTITIES}/federatedIdentityCredentials/read",
                f"{_IDENTITIES}/federatedIdentityCredentials/write",
                f"{_IDENTITIES}/federatedIdentityCredentials/delete",
                "Microsoft.Authorization/*/read",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
                "Microsoft.Resources/deployments/*",
            ),
        ),
        MANAGED_IDENTITY_OPERATOR: Role(
            "Managed Identity Operator",
            actions=(
                f"{_IDENTITIES}/*/read",
                f"{_IDENTITIES}/*/assign/action",
                "Microsoft.Authorization/*/read",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
                "Microsoft.Resources/deployments/*",
            ),
        ),
    }
)
