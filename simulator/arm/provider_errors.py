"""How Microsoft.Storage and Microsoft.Authorization refuse, one function a behaviour; certainty as in errors.py."""

from __future__ import annotations

from simulator.arm.errors import SERVICE
from simulator.errors import ArmRefusal


def _service(status: int, code: str, message: str) -> ArmRefusal:
    return ArmRefusal(status, code, message, headers=SERVICE)


# --- storage


def storage_name_taken(name: str) -> ArmRefusal:
    """Storage names are the whole world's: specimen (hashicorp/terraform#11485)."""
    return _service(409, "StorageAccountAlreadyTaken", f"The storage account named {name} is already taken.")


def storage_name_invalid(name: str) -> ArmRefusal:
    """Specimen, status inferred (microsoft/azurechat#447)."""
    return _service(
        400,
        "AccountNameInvalid",
        f"{name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in "
        "length and use numbers and lower-case letters only.",
    )


def storage_property_invalid(name: str, value: object) -> ArmRefusal:
    """Memory."""
    return _service(
        400, "InvalidValuesForRequestParameters", f"Values for request parameters are invalid: {name}. '{value}'."
    )


def storage_not_provisioned() -> ArmRefusal:
    """A storage account that is still being made: memory."""
    return _service(
        409,
        "StorageAccountIsNotProvisioned",
        "The storage account provisioning state must be 'Succeeded' before executing the operation.",
    )


def container_name_invalid(name: str) -> ArmRefusal:
    """Rule from Storage's naming documentation; code and words are memory."""
    return _service(
        400,
        "ContainerInvalidName",
        f"The specified container name '{name}' is invalid: 3 to 63 lower-case letters, digits and single dashes, "
        "starting and ending with a letter or digit.",
    )


def container_not_found() -> ArmRefusal:
    """A container that isn't there, as the provider says it: memory."""
    return _service(404, "ContainerNotFound", "The specified container does not exist.")


def public_access_not_permitted() -> ArmRefusal:
    """A public container where the account allows none: memory."""
    return _service(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.")


# --- role assignments


def assignment_exists(other_name: str) -> ArmRefusal:
    """The same principal, role and scope under another name: specimen, status inferred; name without dashes."""
    return _service(
        409,
        "RoleAssignmentExists",
        "The role assignment already exists. The ID of the conflicting role assignment is "
        f"{other_name.replace('-', '')}.",
    )


def assignment_update_not_permitted() -> ArmRefusal:
    """Specimen (Azure/Azure-Landing-Zones#2040)."""
    return _service(
        400,
        "RoleAssignmentUpdateNotPermitted",
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    )


def assignment_name_invalid(name: str) -> ArmRefusal:
    """A name that is no GUID: memory."""
    return _service(400, "InvalidRoleAssignmentId", f"The role assignment ID '{name}' is not valid. It must be a GUID.")


def principal_invalid(principal_id: str) -> ArmRefusal:
    """Code and beginning are seen; the words after the first full stop are memory."""
    return _service(
        400, "InvalidPrincipalId", f"The Principal ID '{principal_id}' is not valid. Principal ID must be a GUID."
    )


def principal_not_found(principal_id: str, tenant_id: str) -> ArmRefusal:
    """Specimen (Azure/avdaccelerator#76): the GUID without dashes, two blanks before "See"."""
    return _service(
        400,
        "PrincipalNotFound",
        f"Principal {principal_id.replace('-', '')} does not exist in the directory {tenant_id}. Check that you have "
        "the correct principal ID. If you are creating this principal and then immediately assigning a role, this "
        "error might be related to a replication delay. In this case, set the role assignment principalType "
        "property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype",
    )


def principal_type_unmatched(principal_id: str, actual: str, given: str) -> ArmRefusal:
    """Memory, its blanks and spelling too."""
    return _service(
        400,
        "UnmatchedPrincipalType",
        f"The PrincipalId '{principal_id}' has type '{actual}' , which is different from specified PrinciaplType "
        f"'{given}'.",
    )


def role_not_found(role: str) -> ArmRefusal:
    """A role definition that isn't there: memory."""
    return _service(
        404, "RoleDefinitionDoesNotExist", f"The specified role definition with ID '{role}' does not exist."
    )


def assignment_not_found(name: str) -> ArmRefusal:
    """Memory."""
    return _service(404, "RoleAssignmentNotFound", f"The role assignment '{name}' is not found.")
