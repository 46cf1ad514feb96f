"""How Microsoft.ManagedIdentity refuses, and ARM where a resource names an identity; certainty as in errors.py."""

from __future__ import annotations

import json

from simulator.arm.errors import GATEWAY, SERVICE
from simulator.errors import ArmRefusal


def _service(status: int, code: str, message: str) -> ArmRefusal:
    return ArmRefusal(status, code, message, headers=SERVICE)


def identity_name_invalid(name: str) -> ArmRefusal:
    """Rule from Microsoft Learn's naming rules (3 to 128 letters, digits, `-`, `_`); code and words are memory."""
    return _service(
        400,
        "InvalidResourceName",
        f"The resource name '{name}' is invalid: 3 to 128 letters, digits, '-' and '_', starting with a letter or "
        "digit.",
    )


def credential_name_invalid(name: str) -> ArmRefusal:
    """Rule from Microsoft Learn, "Configure a user-assigned managed identity to trust an external identity provider"
    (3 to 120 letters, digits, `-`, `_`); code and words are memory."""
    return _service(
        400,
        "BadRequest",
        f"Federated identity credential name '{name}' is invalid: 3 to 120 letters, digits, '-' and '_', starting with "
        "a letter or digit.",
    )


def credential_invalid(name: str) -> ArmRefusal:
    """issuer, subject or audiences missing or out of range. Documented as 400 (same page); code and words memory."""
    return _service(400, "BadRequest", f"The federated identity credential's '{name}' is missing or invalid.")


def credential_exists() -> ArmRefusal:
    """The same issuer and subject twice in one identity: the words are documented with status 400 (same page); the code
    was seen as `Conflict` beside them in public logs."""
    return _service(400, "Conflict", "Issuer and subject combination already exists for this Managed Identity.")


def too_many_credentials() -> ArmRefusal:
    """More than 20. Documented (Microsoft Learn, workload-identity-federation-considerations); the rest is memory."""
    return _service(
        400,
        "BadRequest",
        "Too many federated identity credentials: a managed identity can have 20 at most.",
    )


def credentials_written_at_once(identity_id: str) -> ArmRefusal:
    """Two writes to one identity at a time: specimen (Azure/bicep-registry-modules#1447), 409 documented."""
    return _service(
        409,
        "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        f"Too many Federated Identity Credentials are written concurrently for the managed identity '{identity_id}'. "
        "Concurrent Federated Identity Credentials writes under the same managed identity are not supported.",
    )


# --- identities assigned to resources


def identity_not_found(resource_id: str, identity_id: str) -> ArmRefusal:
    """A resource that names an identity which isn't there: the envelope is specimen (Azure/azure-cli#31837,
    Azure/azure-libraries-for-net#690), the inner code and words are memory."""
    inner = {"error": {"code": "NotFound", "message": f"The resource '{identity_id}' was not found."}}
    return ArmRefusal(
        400,
        "FailedIdentityOperation",
        f"Identity operation for resource '{resource_id}' failed with error 'Failed to perform resource identity "
        f"operation. Status: 'BadRequest'. Response: '{json.dumps(inner, separators=(',', ':'))}'.'.",
        headers=GATEWAY,
    )


def identity_ids_missing() -> ArmRefusal:
    """UserAssigned without an identity: specimen, status inferred (hashicorp/terraform-provider-azurerm#17082)."""
    return ArmRefusal(
        400,
        "MissingIdentityIds",
        "The identity ids must not be null or empty for 'UserAssigned' identity type.",
        headers=GATEWAY,
    )


def identity_type_invalid(type_: str) -> ArmRefusal:
    """Memory."""
    return ArmRefusal(400, "InvalidIdentityType", f"The identity type '{type_}' is not valid.", headers=GATEWAY)
