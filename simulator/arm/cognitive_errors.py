"""How Microsoft.CognitiveServices refuses: one function a behaviour. Certainty words as in errors.py."""

from __future__ import annotations

from datetime import date

from simulator.arm.errors import SERVICE
from simulator.errors import ArmRefusal


def _service(status: int, code: str, message: str) -> ArmRefusal:
    return ArmRefusal(status, code, message, headers=SERVICE)


# --- accounts


def request_conflict(account_id: str) -> ArmRefusal:
    """A sibling is being changed: specimen (hashicorp/terraform-provider-azurerm#22607, #22939,
    Azure/Vector-Search-AI-Assistant#11). No Retry-After was reported, and none is sent."""
    return _service(
        409,
        "RequestConflict",
        f"Another operation is being performed on the parent resource '{account_id}'. Please try again later.",
    )


def account_not_ready(account_id: str, state: str) -> ArmRefusal:
    """An account that is still being made: specimen through another provider (DefangLabs/pulumi-defang#274); that a
    child's PUT is answered with these words is inferred."""
    return _service(400, "AccountProvisioningStateInvalid", f"Account {account_id} in state {state}")


def failed_must_be_deleted(deployment: str) -> ArmRefusal:
    """A deployment that failed, written to again: code and words seen for a partner's model
    (microsoft-foundry-for-vscode#554), status inferred. Azure OpenAI's own may be written to (memory)."""
    return _service(
        400,
        "BadRequest",
        f"The deployment '{deployment}' is in 'Failed' state, please delete it before creating a new one.",
    )


def flag_must_be_set_for_restore(account_id: str) -> ArmRefusal:
    """The name of a soft-deleted account: specimen (Azure/azure-cli#18146)."""
    return _service(
        409,
        "FlagMustBeSetForRestore",
        f"An existing resource with ID '{account_id}' has been soft-deleted. To restore the resource, you must specify "
        "'restore' to be 'true' in the property. If you don't want to restore existing resource, please purge it "
        "first.",
    )


def cannot_restore_active(account_id: str) -> ArmRefusal:
    """restore:true for an account that is there: code seen (Azure/azure-dev#7263); status, words memory."""
    return _service(409, "CanNotRestoreAnActiveResource", f"Can not restore an active resource '{account_id}'.")


def cannot_restore_absent(account_id: str) -> ArmRefusal:
    """restore:true without a deleted account: the code is seen (Azure/azure-dev#7263); status and words are memory."""
    return _service(
        409, "CanNotRestoreANonExistingResource", f"Can not restore a non-existing resource '{account_id}'."
    )


def subdomain_in_use(subdomain: str) -> ArmRefusal:
    """Specimen (Azure-Samples/azuresandbox#164, microsoft/microsoft-foundry-for-vscode#107)."""
    return _service(
        409,
        "CustomDomainInUse",
        f"Please pick a different name. The subdomain name '{subdomain}' is not available as it's already used by a "
        "resource. If the resource using the name was deleted in the last 48 hours, you may need to purge the deleted "
        'resource. Learn more at "https://go.microsoft.com/fwlink/?linkid=2215493"',
    )


def subdomain_invalid(subdomain: str) -> ArmRefusal:
    """Rule from cognitive-services-custom-subdomains.md (2 to 64 letters, digits and `-`); code, words memory."""
    return _service(
        400,
        "InvalidCustomDomainName",
        f"The subdomain name '{subdomain}' is invalid: it must have 2 to 64 letters, digits or dashes, and may neither "
        "start nor end with a dash.",
    )


def subdomain_immutable() -> ArmRefusal:
    """Documented as immutable (cognitive-services-custom-subdomains.md); code and words are memory."""
    return _service(400, "InvalidRequest", "The custom subdomain name of the account can not be updated.")


def network_rules_need_subdomain() -> ArmRefusal:
    """Documented (cognitive-services-custom-subdomains.md); code and words are memory."""
    return _service(400, "BadRequest", "A custom subdomain name is required to use network rules for this resource.")


def local_auth_disabled() -> ArmRefusal:
    """listKeys of an account without keys: memory."""
    return _service(400, "BadRequest", "Failed to list key. disableLocalAuth is set to be true")


def kind_invalid(kind: str) -> ArmRefusal:
    """Memory."""
    return _service(
        400, "InvalidApiSetId", f"The account type '{kind}' is either invalid or unavailable in given region."
    )


def kind_change(kind: str, reason: str) -> ArmRefusal:
    """Another kind for an account that isn't ready for it: the reasons are documented (upgrade-azure-openai.md), code
    and words are memory."""
    return _service(400, "BadRequest", f"The account can't be changed to the kind '{kind}': {reason}.")


def sku_invalid(sku: str, kind: str) -> ArmRefusal:
    """Memory."""
    return _service(400, "InvalidSku", f"The SKU '{sku}' is not available for the account type '{kind}'.")


def name_invalid(name: str) -> ArmRefusal:
    """Rule from the type's schema; code and words are memory."""
    return _service(
        400,
        "InvalidResourceName",
        f"Resource name '{name}' is invalid. It must have 2 to 64 letters, digits, '_', '.' or '-' and start with a "
        "letter or digit.",
    )


# --- deployments


def cannot_change_model() -> ArmRefusal:
    """Another model under an existing name: specimen, status inferred (Azure-Samples/azure-search-openai-demo#1330,
    #1121, #1429, #1383)."""
    return _service(400, "CannotChangeDeploymentModel", "The model of deployment cannot be changed.")


def cannot_change_both() -> ArmRefusal:
    """Capacity and model at once: the words are seen (Azure-Samples/azure-search-openai-demo#1154), the code is not:
    taken from the sibling refusal (memory)."""
    return _service(
        400, "CannotChangeDeploymentModel", "Cannot change capacity and model at the same time for deployment"
    )


def model_not_supported(model: str) -> ArmRefusal:
    """An unknown model, base or tuned: specimen, status inferred. `model` is `Format:F,Name:N,Version:V`."""
    return _service(400, "DeploymentModelNotSupported", f"The model '{model}' of account deployment is not supported.")


def model_deprecated(model: str, since: date) -> ArmRefusal:
    """A retired model: specimen (microsoft-foundry-for-vscode#491, Azure-Samples/aks-store-demo#203)."""
    return _service(
        400, "ServiceModelDeprecated", f"The model '{model}' has been deprecated since {since:%m/%d/%Y} 00:00:00."
    )


def model_deprecating(model: str) -> ArmRefusal:
    """A model in deprecation, for a subscription that never deployed it: specimen, status inferred
    (microsoft-foundry-for-vscode#557)."""
    return _service(
        400,
        "ServiceModelDeprecating",
        f"The model '{model}' is in deprecating state and cannot be used for new deployments.",
    )


def sku_not_supported(sku: str, name: str, version: str) -> ArmRefusal:
    """Specimen (Azure/azure-dev#6727)."""
    return _service(
        400,
        "InvalidResourceProperties",
        f"The specified SKU '{sku}' of account deployment is not supported by the model '{name}' version: '{version}'.",
    )


def sku_missing() -> ArmRefusal:
    """Memory."""
    return _service(400, "InvalidResourceProperties", "The SKU of account deployment is required.")


def model_missing() -> ArmRefusal:
    """Memory."""
    return _service(400, "InvalidResourceProperties", "The model of account deployment is required.")


def scale_settings_deprecated() -> ArmRefusal:
    """Specimen (Azure/bicep-types-az#2142, azurerm#22377)."""
    return _service(
        400,
        "InvalidResourceProperties",
        "The scale settings of account deployment is deprecated since API version '2023-05-01', please use 'sku' "
        "instead.",
    )


def invalid_capacity(capacity: object, minimum: int, maximum: int) -> ArmRefusal:
    """Specimen, status inferred (microsoft-foundry-for-vscode#331)."""
    return _service(
        400,
        "InvalidCapacity",
        f"The specified capacity '{capacity}' of account deployment should be at least {minimum} and no more than "
        f"{maximum}.",
    )


def insufficient_quota(needed: int, used: int, limit: int, quota: str) -> ArmRefusal:
    """Specimen, grammar as it is (microsoft/PubSec-Info-Assistant#880). For a tuned model the quota's name ends in
    `-finetune`: documented; the exact name is memory."""
    name = f"Tokens Per Minute (thousands) - {quota}"
    return _service(
        400,
        "InsufficientQuota",
        f"This operation require {needed} new capacity in quota {name}, which is bigger than the current available "
        f"capacity {limit - used}. The current quota usage is {used} and the quota limit is {limit} for quota {name}.",
    )


def too_many_tuned(limit: int) -> ArmRefusal:
    """More tuned deployments than an account may have: code named in microsoft/azure-skills
    (quota/references/error-resolution.md); status and words are memory."""
    return _service(
        400,
        "DeploymentLimitReached",
        f"The number of fine-tuned model deployments has reached the maximum of {limit} for this account.",
    )


def too_many_deployments(limit: int) -> ArmRefusal:
    """The same for all deployments (32, quotas page of 2026-03): memory."""
    return _service(
        400, "DeploymentLimitReached", f"The number of deployments has reached the maximum of {limit} for this account."
    )


def cross_tenant_unsupported() -> ArmRefusal:
    """`sourceAccount` of another tenant: there is only one here."""
    return _service(
        501, "NotSimulated", "The simulated Azure has one tenant only: properties.model.sourceAccount is not simulated."
    )


def key_name_invalid(name: str) -> ArmRefusal:
    """Neither key1 nor key2: memory."""
    return _service(400, "InvalidKeyName", f"The key name '{name}' is invalid. It must be Key1 or Key2.")


def deleted_account_not_found(name: str) -> ArmRefusal:
    """No soft-deleted account of that name: memory."""
    return _service(404, "ResourceNotFound", f"The deleted account '{name}' was not found.")


def wrong_format() -> ArmRefusal:
    """An open-weight model under another format than its own: status and code are seen, the words are memory."""
    return _service(500, "InternalServerError", "An internal server error has occurred.")
