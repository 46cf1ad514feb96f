"""User-assigned identities, and whose tokens stand for them."""

from __future__ import annotations

from simulator.pulumi.azure_native.paths import GROUP
from simulator.pulumi.resource_types import ResourceType

_IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}"

USER_ASSIGNED_IDENTITY = ResourceType(
    token="azure-native:managedidentity:UserAssignedIdentity",
    kind="Microsoft.ManagedIdentity/userAssignedIdentities",
    path=_IDENTITY,
    api_version="2023-01-31",
    top=("location", "tags"),
    answered_flat=True,
    replaced_by=("location",),  # by the provider
)
FEDERATED_IDENTITY_CREDENTIAL = ResourceType(
    token="azure-native:managedidentity:FederatedIdentityCredential",
    kind="Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    path=f"{_IDENTITY}/federatedIdentityCredentials/{{federatedIdentityCredentialResourceName}}",
    api_version="2023-01-31",
    properties=("audiences", "issuer", "subject"),
)

TYPES = (
    USER_ASSIGNED_IDENTITY,
    FEDERATED_IDENTITY_CREDENTIAL,
)
