"""How Microsoft.KeyVault refuses on the control plane: one function a behaviour. Certainty words as in errors.py."""

from __future__ import annotations

from simulator.arm.errors import SERVICE
from simulator.errors import ArmRefusal


def _service(status: int, code: str, message: str) -> ArmRefusal:
    return ArmRefusal(status, code, message, headers=SERVICE)


# --- vaults


def vault_name_invalid(name: str) -> ArmRefusal:
    """Specimen, status inferred (OfficeDev/microsoft-teams-apps-newemployeeonboarding#28)."""
    return _service(
        400,
        "VaultNameNotValid",
        f"The vault name '{name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name "
        "must begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link "
        "for more information: https://go.microsoft.com/fwlink/?linkid=2147742",
    )


def vault_name_taken(name: str) -> ArmRefusal:
    """Somebody's vault has the name: the beginning is seen (Azure/azure-powershell#15115), the code is in Microsoft
    Learn's common error codes of Key Vault; the rest is memory."""
    return _service(
        409,
        "VaultAlreadyExists",
        f"The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the name "
        "is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the "
        "same name was recently deleted but not purged after being placed in a recoverable state. Follow this link "
        "for more information https://go.microsoft.com/fwlink/?linkid=2147740",
    )


def vault_soft_deleted() -> ArmRefusal:
    """The name of one's own soft-deleted vault: specimen (alan-turing-institute/data-safe-haven#2523)."""
    return _service(
        409,
        "ConflictError",
        "A vault with the same name already exists in deleted state. You need to either recover or purge existing key "
        "vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
    )


def nothing_to_recover() -> ArmRefusal:
    """createMode recover without a deleted vault: specimen (hashicorp/terraform-provider-azurerm#12972); the end of
    the sentence is memory."""
    return _service(
        400,
        "SoftDeletedVaultDoesNotExist",
        "A soft deleted vault with the given name does not exist. Ensure that the name for the vault that is being "
        "attempted to recover is in a recoverable state. For more information on soft delete please follow this link "
        "https://go.microsoft.com/fwlink/?linkid=2149745",
    )


def purge_protection_stays() -> ArmRefusal:
    """enablePurgeProtection: false, at a create too: specimen (Azure/azure-cli#29115)."""
    return _service(
        400,
        "BadRequest",
        'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an '
        "irreversible action.",
    )


def soft_delete_stays() -> ArmRefusal:
    """enableSoftDelete: false. Documented as impossible (Microsoft Learn, soft-delete-change); the words are memory."""
    return _service(
        400,
        "BadRequest",
        'The property "enableSoftDelete" cannot be set to false. Enabling the soft delete functionality is an '
        "irreversible action.",
    )


def retention_stays() -> ArmRefusal:
    """Another retention for a vault that is there: words seen in public templates, status inferred."""
    return _service(
        400,
        "BadRequest",
        'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
    )


def vault_value_invalid(name: str) -> ArmRefusal:
    """tenantId: specimen, status inferred (words seen in public logs); for other members, memory."""
    return _service(400, "BadRequest", f"An invalid value was provided for '{name}'.")


def access_policies_missing() -> ArmRefusal:
    """A vault without Azure RBAC and without access policies: memory."""
    return _service(400, "BadRequest", "The parameter accessPolicies is not specified.")


def purge_not_allowed() -> ArmRefusal:
    """Purging under purge protection: specimen, status inferred (MicrosoftDocs/azure-docs#55427, the code in public
    copies of the CLI's message)."""
    return _service(405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.")


def deleted_vault_not_found(name: str) -> ArmRefusal:
    """Memory."""
    return _service(404, "DeletedVaultNotFound", f"The specified deleted vault '{name}' does not exist.")


# --- keys


def key_invalid(name: str, why: str) -> ArmRefusal:
    """A key's type, size, curve, operations or rotation policy. Rules: azure-rest-api-specs, Microsoft.KeyVault
    keys.json, and Microsoft Learn, "Configure cryptographic key auto-rotation"; code and words are memory."""
    return _service(400, "BadParameter", f"Property {name} has invalid value: {why}")


def key_name_kept(name: str) -> ArmRefusal:
    """The name of a soft-deleted key: the words were seen for a secret (Azure/azure-rest-api-specs#9222); the code is
    memory."""
    return _service(
        409,
        "Conflict",
        f"Key {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, "
        "the key can only be recovered or purged.",
    )


def key_version_not_found(name: str, version: str) -> ArmRefusal:
    """Memory."""
    return _service(404, "KeyNotFound", f"A key with (name/id) {name}/{version} was not found in this key vault.")
