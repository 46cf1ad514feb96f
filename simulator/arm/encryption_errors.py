"""How a resource is refused that wants a customer-managed key it can't have. Certainty words as in errors.py.

The codes of both were seen beside each other in public deployment notes (AccessPolicyNotConfiguredForKeyVault for
accounts, KeyVaultAuthenticationFailure for storage, where the identity has no role on the key yet).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.arm.errors import SERVICE
from simulator.errors import ArmRefusal


def _service(status: int, code: str, message: str) -> ArmRefusal:
    return ArmRefusal(status, code, message, headers=SERVICE)


@dataclass(frozen=True)
class Voice:
    """How one provider says it.

    incomplete   settings without a vault or a key
    identity     no identity, or one that isn't assigned to the resource
    vault        no such vault; takes its address
    elsewhere    a vault in another region; takes the region; None where that is allowed
    unprotected  a vault without purge protection
    key          no such key, or a disabled one; takes its name
    kind         a key of another type than RSA
    forbidden    the identity may not wrap and unwrap, or the network keeps the service out
    """

    incomplete: Callable[[], ArmRefusal]
    identity: Callable[[], ArmRefusal]
    vault: Callable[[str], ArmRefusal]
    elsewhere: Callable[[str], ArmRefusal] | None
    unprotected: Callable[[], ArmRefusal]
    key: Callable[[str], ArmRefusal]
    kind: Callable[[str], ArmRefusal]
    forbidden: Callable[[], ArmRefusal]


# --- accounts


def account_key_incomplete() -> ArmRefusal:
    """Memory."""
    return _service(
        400,
        "InvalidEncryptionProperties",
        "keyVaultProperties with keyVaultUri and keyName are required for encryption.",
    )


def account_identity_missing() -> ArmRefusal:
    """That an identity is needed is documented (Microsoft Learn, foundry/concepts/encryption-keys-portal); the rest is
    memory."""
    return _service(
        400,
        "ManagedIdentityNotConfigured",
        "The account needs a managed identity for the customer-managed key: a system-assigned one, or the one that "
        "identityClientId names, assigned to it.",
    )


def account_vault_missing(uri: str) -> ArmRefusal:
    """Memory."""
    return _service(400, "KeyVaultNotFound", f"The key vault '{uri}' was not found.")


def account_vault_elsewhere(region: str) -> ArmRefusal:
    """That vault and account are in one region is documented (same page); code and words are memory."""
    return _service(400, "KeyVaultRegionMismatch", f"The key vault must be in the region of the account, '{region}'.")


def account_vault_unprotected() -> ArmRefusal:
    """That soft delete and purge protection are needed is documented (same page); code and words are memory."""
    return _service(400, "KeyVaultNotProtected", "Soft delete and purge protection must be enabled on the key vault.")


def account_key_missing(name: str) -> ArmRefusal:
    """Memory."""
    return _service(400, "KeyVaultKeyNotFound", f"The key '{name}' was not found in the key vault, or is disabled.")


def account_key_unfit(kty: str) -> ArmRefusal:
    """That keys are RSA is documented (same page); code and words are memory."""
    return _service(400, "KeyVaultKeyNotSupported", f"A key of type '{kty}' is not supported: RSA and RSA-HSM are.")


def account_forbidden() -> ArmRefusal:
    """Code and `forbidden … to wrap & unwrap` were seen in public deployment notes; status and the other words are
    memory."""
    return _service(
        400,
        "AccessPolicyNotConfiguredForKeyVault",
        "The managed identity is forbidden by the key vault to wrap & unwrap with the key.",
    )


ACCOUNTS_SAY = Voice(
    account_key_incomplete,
    account_identity_missing,
    account_vault_missing,
    account_vault_elsewhere,
    account_vault_unprotected,
    account_key_missing,
    account_key_unfit,
    account_forbidden,
)

# --- storage


def storage_key_incomplete() -> ArmRefusal:
    """Memory."""
    return _service(
        400, "InvalidValuesForRequestParameters", "Values for request parameters are invalid: keyvaultproperties."
    )


def storage_identity_missing() -> ArmRefusal:
    """The words are specimen (Azure/azure-service-operator#4122); status and code are memory."""
    return _service(
        400,
        "MissingPrerequisitesForEncryptionAtRest",
        "Missing pre-requisites to enable EncryptionAtRest/Customer Managed Key for this storage account. For more "
        "information, see - https://aka.ms/storagecmkconfiguration",
    )


def storage_vault_missing(_: str) -> ArmRefusal:
    """The code is documented for blobs (Microsoft Learn, blob service error codes); here it is memory."""
    return _service(409, "KeyVaultVaultNotFound", "The key vault is not found for encryption.")


def storage_vault_unprotected() -> ArmRefusal:
    """Specimen, status inferred (Azure/azure-cli#17914, #12346)."""
    return _service(409, "KeyVaultPolicyError", "Keyvault policy recoverable is not set")


def storage_key_missing(_: str) -> ArmRefusal:
    """The code is documented for blobs (Microsoft Learn, blob service error codes); here it is memory."""
    return _service(409, "KeyVaultEncryptionKeyNotFound", "The key vault key is not found to wrap the encryption key.")


def storage_key_unfit(kty: str) -> ArmRefusal:
    """That keys are RSA is documented (Microsoft Learn, customer-managed-keys-overview); code and words are memory."""
    return _service(409, "KeyVaultKeyTypeNotSupported", f"A key of type '{kty}' can't encrypt a storage account.")


def storage_forbidden() -> ArmRefusal:
    """Code and words were seen in public templates; the status is inferred."""
    return _service(
        409,
        "KeyVaultAuthenticationFailure",
        "The operation failed because of authentication issue on the keyvault. For more information, see - "
        "https://aka.ms/storagekeyvaultaccesspolicy",
    )


STORAGE_SAYS = Voice(
    storage_key_incomplete,
    storage_identity_missing,
    storage_vault_missing,
    None,
    storage_vault_unprotected,
    storage_key_missing,
    storage_key_unfit,
    storage_forbidden,
)
