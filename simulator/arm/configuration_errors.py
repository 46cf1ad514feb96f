"""How Microsoft.AppConfiguration refuses, one function a behaviour; certainty as in errors.py."""

from __future__ import annotations

from simulator.arm.errors import SERVICE
from simulator.errors import ArmRefusal


def _service(status: int, code: str, message: str) -> ArmRefusal:
    return ArmRefusal(status, code, message, headers=SERVICE)


def store_name_taken() -> ArmRefusal:
    """By any store there is, soft-deleted ones too: specimen, status inferred (Azure/azure-cli#22714)."""
    return _service(409, "NameUnavailable", "The specified name is already in use.")


def store_invalid(said: str) -> ArmRefusal:
    """Name, sku or a property: memory; the rules are Microsoft Learn's and those of Azure's types (2024-05-01)."""
    return _service(400, "InvalidRequest", said)


def store_not_deleted(name: str) -> ArmRefusal:
    """`createMode: Recover`, and no such store is soft-deleted: memory."""
    return _service(404, "ResourceNotFound", f"The deleted configuration store '{name}' was not found.")


def deleted_store_not_found(name: str) -> ArmRefusal:
    """Memory."""
    return _service(404, "DeletedConfigurationStoreNotFound", f"The deleted store '{name}' was not found.")


def purge_protected() -> ArmRefusal:
    """A store under purge protection goes when its time is over: documented (concept-soft-delete); the rest memory."""
    return _service(409, "PurgeProtectionEnabled", "Purge protection is enabled: the store can't be purged.")


def local_authentication_disabled() -> ArmRefusal:
    """Key-values through ARM with access keys off: specimen, status inferred (pulumi/pulumi-azure-native#4323)."""
    return _service(
        409,
        "Conflict",
        "The operation cannot be performed because the configuration store is using local authentication mode and "
        "local authentication is disabled. To enable access to data plane resources while local authentication is "
        "disabled, please use pass-through authentication mode",
    )


def data_forbidden() -> ArmRefusal:
    """No data role, or no way in: specimen, status inferred (Azure/reliable-web-app-pattern-dotnet#230)."""
    return _service(403, "Forbidden", "Access to the requested resource is forbidden.")


def key_locked() -> ArmRefusal:
    """A key-value that is read-only: memory."""
    return _service(409, "Conflict", "The key-value is read-only. Unlock it first.")
