"""A customer-managed key, as what is encrypted with it sees it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import cognitiveservices


@dataclass(frozen=True)
class CustomerKey:
    """A key, and the identity that may use it.

    Without a version: the services then follow the key's rotations (Microsoft Learn, "Configure customer-managed keys
    for Microsoft Foundry" and "Customer-managed keys for Azure Storage encryption", on versions left out).
    """

    vault_uri: pulumi.Input[str]
    name: pulumi.Input[str]
    identity_id: pulumi.Input[str]
    identity_client_id: pulumi.Input[str]
    granted: pulumi.Resource
    """What lets the identity use the key, without which encryption fails: what is encrypted depends on it."""


def account_encryption(key: CustomerKey | None) -> cognitiveservices.EncryptionArgs | None:
    """How an account is told of it. Without a key nothing is: Azure doesn't give its own back (azurerm#28368)."""
    if key is None:
        return None
    return cognitiveservices.EncryptionArgs(
        key_source=cognitiveservices.KeySource.MICROSOFT_KEY_VAULT,
        key_vault_properties=cognitiveservices.KeyVaultPropertiesArgs(
            key_vault_uri=key.vault_uri, key_name=key.name, identity_client_id=key.identity_client_id
        ),
    )
