"""How content filters, blocklists and projects of an account are refused. Certainty words as in errors.py."""

from __future__ import annotations

from simulator.arm.errors import SERVICE
from simulator.errors import ArmRefusal


def _service(status: int, code: str, message: str) -> ArmRefusal:
    return ArmRefusal(status, code, message, headers=SERVICE)


# --- content filters


def invalid_content_filter(said: str) -> ArmRefusal:
    """A filter that the policy can't have: status and code, spaces included, are seen
    (Azure/terraform-azurerm-avm-res-cognitiveservices-account#118); which filters are refused so, and the words, are
    memory."""
    return _service(400, "Resource has invalid content filter", said)


def filters_need_approval(name: str) -> ArmRefusal:
    """A harm that is not blocked at all: only for approved customers (MicrosoftDocs azure-ai-docs,
    openai/includes/content-filter-configurability.md); status, code and words are memory."""
    return _service(
        403,
        "ModifiedContentFilterNotApproved",
        f"The content filter '{name}' can only be turned off, or only annotate, in a subscription that is approved for "
        "modified content filters.",
    )


def base_policy_unknown(name: str) -> ArmRefusal:
    """Memory."""
    return _service(400, "InvalidBasePolicyName", f"The base policy '{name}' was not found.")


def mode_invalid(mode: str) -> ArmRefusal:
    """The modes are the type's (api-version 2025-06-01); code and words are memory."""
    return _service(400, "InvalidRaiPolicyMode", f"The mode '{mode}' of the RAI policy is invalid.")


def name_reserved(name: str) -> ArmRefusal:
    """A policy with a name of Microsoft's own: memory."""
    return _service(400, "InvalidRaiPolicyName", f"The RAI policy '{name}' is managed by the system.")


def policy_in_use(name: str, deployments: list[str]) -> ArmRefusal:
    """A policy that deployments have: memory."""
    used = ", ".join(deployments)
    return _service(409, "RaiPolicyInUse", f"The RAI policy '{name}' is used by the deployments: {used}.")


def policy_unknown(name: str) -> ArmRefusal:
    """A deployment with a policy that isn't there: memory."""
    return _service(
        400, "InvalidResourceProperties", f"The specified RAI policy '{name}' of account deployment was not found."
    )


# --- blocklists


def blocklist_unknown(name: str) -> ArmRefusal:
    """A policy with a list that isn't there: memory."""
    return _service(400, "RaiBlocklistNotFound", f"The blocklist '{name}' of the RAI policy was not found.")


def blocklist_in_use(name: str, policies: list[str]) -> ArmRefusal:
    """A list that policies have: memory."""
    used = ", ".join(policies)
    return _service(409, "RaiBlocklistInUse", f"The blocklist '{name}' is used by the RAI policies: {used}.")


def pattern_invalid(said: str) -> ArmRefusal:
    """A term that is empty, or a regular expression that is none: memory."""
    return _service(400, "InvalidRaiBlocklistItem", f"The pattern of the blocklist item is invalid: {said}.")


# --- spillover


def spillover_invalid(said: str) -> ArmRefusal:
    """The rules are documented (MicrosoftDocs azure-ai-docs, openai/how-to/spillover-traffic-management.md: from a
    provisioned deployment to a standard one of the same resource; the portal's tip: same model and version); code and
    words are memory."""
    return _service(400, "InvalidSpilloverDeployment", said)


# --- projects


def projects_not_allowed(account: str) -> ArmRefusal:
    """A project in an account that isn't of kind AIServices with allowProjectManagement: that both are needed is
    documented (MicrosoftDocs azure-ai-docs, foundry/how-to/create-projects.md); code and words are memory."""
    return _service(
        400,
        "ProjectManagementNotAllowed",
        f"The account '{account}' manages no projects: its kind must be AIServices and allowProjectManagement true.",
    )


def nested_resources(ids: list[str]) -> ArmRefusal:
    """An account with projects in it: specimen (Azure/terraform-provider-azapi#894)."""
    named = ", ".join(f"'{each}'" for each in ids)
    return _service(
        409,
        "CannotDeleteResource",
        f"Cannot delete resource while nested resources exist. Some existing nested resource IDs include: {named}. "
        "Please delete all nested resources before deleting this resource.",
    )
