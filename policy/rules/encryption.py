"""Keys that are the team's own, and the vaults that hold them."""

from __future__ import annotations

from collections.abc import Iterator

from policy.demands import Demands
from policy.kinds import ACCOUNT, STORAGE, VAULT
from policy.resources import UNKNOWN, Resource
from policy.rule import Rule

_KEY_SOURCES = {ACCOUNT: "properties.encryption.keySource", STORAGE: "encryption.keySource"}


def _foreign_keys(resource: Resource, demands: Demands) -> Iterator[str]:
    path = _KEY_SOURCES.get(resource.type)
    location = resource.at("location")
    asked = location is not UNKNOWN and location in demands.own_keys
    if path is not None and asked and resource.is_other(path, "Microsoft.KeyVault"):
        yield f"Microsoft's keys encrypt it: {path} is not Microsoft.KeyVault"


def _unprotected_vault(resource: Resource, _: Demands) -> Iterator[str]:
    if resource.type != VAULT:
        return
    if resource.is_other("properties.enablePurgeProtection", True):
        yield "its keys can be purged: properties.enablePurgeProtection is not true"
    # Absent, it is on, and can't be turned off any more.
    if resource.is_other("properties.enableSoftDelete", True, None):
        yield "its keys can be deleted for good: properties.enableSoftDelete is false"
    if resource.is_other("properties.enableRbacAuthorization", True):
        yield "access policies of its own decide: properties.enableRbacAuthorization is not true"


OWN_KEYS = Rule(
    "own-keys",
    "The stack asks for customer-managed keys in this region, and a resource without them is out of their reach.",
    "Encrypt it with the key of encryption.<region>, or take the region out of encryption.",
    _foreign_keys,
)
VAULTS_PURGE_PROTECTED = Rule(
    "vaults-purge-protected",
    "With its key gone for good, everything that it encrypts is gone too, tuned models included.",
    "Turn purge protection, soft delete and RBAC authorization of the vault on.",
    _unprotected_vault,
)
