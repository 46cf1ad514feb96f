"""Customer-managed keys of accounts and storage: what must be there before a resource is encrypted with one.

Sources: Microsoft Learn, "Customer-managed keys for Microsoft Foundry" (same region and tenant, soft delete and purge
protection, RSA, wrap and unwrap for the identity) and "Customer-managed keys for Azure Storage encryption" (the same
but for the region; from the start with a user-assigned identity only). Azure looks when the resource is written, and
now and then afterwards; here whatever takes the key away counts at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator import reach
from simulator.arm.descriptors import Body, Write
from simulator.arm.encryption_errors import ACCOUNTS_SAY, STORAGE_SAYS, Voice
from simulator.arm.models import Resource, find_vault
from simulator.arm.regions import normalised
from simulator.arm.types.assigned_identities import assigned
from simulator.cloud import Cloud
from simulator.keyvault.access import READ, UNWRAP, WRAP, may
from simulator.keyvault.models import find_key, named_by_uri, read_key

KEY_VAULT = "microsoft.keyvault"


@dataclass(frozen=True)
class CustomerKey:
    """Which key, and the principal that uses it; `version` is empty where the newest one is meant."""

    vault_uri: str
    name: str
    version: str
    principal_id: str | None


def check_account(write: Write) -> None:
    """Refuses an account whose key can't be used."""
    kept = {"identity": write.existing.body.get("identity")} if write.existing is not None else {}
    wanted = _of_account(write.cloud, kept | write.body, write.existing)
    if wanted is not None:
        _check(write.cloud, wanted, ACCOUNTS_SAY, str(write.body.get("location", "")))


def check_storage(write: Write) -> None:
    """Refuses a storage account whose key can't be used."""
    wanted = _of_storage(write.cloud, write.body, write.existing)
    if wanted is not None:
        _check(write.cloud, wanted, STORAGE_SAYS, "")


def key_lost(cloud: Cloud, storage: Resource) -> bool:
    """Whether a storage account's data can't be read any more, because its key can't be used."""
    wanted = _of_storage(cloud, storage.body, storage)
    return wanted is not None and _refusal(cloud, wanted, STORAGE_SAYS, "") is not None


def _of_account(cloud: Cloud, body: Body, existing: Resource | None) -> CustomerKey | None:
    encryption = (body.get("properties") or {}).get("encryption") or {}
    if str(encryption.get("keySource", "")).lower() != KEY_VAULT:
        return None
    settings = encryption.get("keyVaultProperties") or {}
    client = str(settings.get("identityClientId") or "").lower()
    principal = _system_assigned(existing)
    if client:
        known = (each.properties for each in assigned(cloud, body))
        principal = next((str(each["principalId"]) for each in known if str(each["clientId"]).lower() == client), None)
    return _key(settings, ("keyVaultUri", "keyName", "keyVersion"), principal)


def _of_storage(cloud: Cloud, body: Body, existing: Resource | None) -> CustomerKey | None:
    encryption = (body.get("properties") or {}).get("encryption") or {}
    if str(encryption.get("keySource", "")).lower() != KEY_VAULT:
        return None
    settings = encryption.get("keyvaultproperties") or {}
    wanted = str((encryption.get("identity") or {}).get("userAssignedIdentity") or "").lower()
    principal = _system_assigned(existing)
    if wanted:
        found = (each for each in assigned(cloud, body) if each.key == wanted)
        principal = next((str(each.properties["principalId"]) for each in found), None)
    return _key(settings, ("keyvaulturi", "keyname", "keyversion"), principal)


def _key(settings: Body, names: tuple[str, str, str], principal: str | None) -> CustomerKey:
    uri, name, version = (str(settings.get(each) or "") for each in names)
    return CustomerKey(uri, name, version, principal)


def _system_assigned(existing: Resource | None) -> str | None:
    """There is none before the resource: one that is only being made has no rights on any key."""
    identity = existing.body.get("identity") if existing is not None else None
    return str(identity["principalId"]) if identity and identity.get("principalId") else None


def _check(cloud: Cloud, wanted: CustomerKey, say: Voice, region: str) -> None:
    refusal = _refusal(cloud, wanted, say, region)
    if refusal is not None:
        raise refusal


def _refusal(cloud: Cloud, wanted: CustomerKey, say: Voice, region: str) -> Exception | None:
    if not wanted.vault_uri or not wanted.name:
        return say.incomplete()
    if wanted.principal_id is None:
        return say.identity()
    vault = find_vault(cloud, named_by_uri(cloud, wanted.vault_uri) or "")
    if vault is None:
        return say.vault(wanted.vault_uri)
    if say.elsewhere is not None and normalised(region) != vault.location:
        return say.elsewhere(normalised(region))
    if vault.properties.get("enablePurgeProtection") is not True:
        return say.unprotected()
    resource = find_key(cloud, vault, wanted.name)
    if resource is None:
        return say.key(wanted.name)
    key = read_key(cloud, resource)
    version = key.version(wanted.version)
    if version is None or not version.enabled:
        return say.key(wanted.name)
    if not key.kty.startswith("RSA"):
        return say.kind(key.kty)
    needs = (READ, WRAP, UNWRAP)
    shut = reach.barred(cloud, vault, inside=False, trusted=True) is not None
    if shut or not all(may(cloud, vault, wanted.principal_id, each, resource.id) for each in needs):
        return say.forbidden()
    return None
