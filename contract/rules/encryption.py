"""Customer-managed keys: one per region in use, and none where there is nothing to encrypt.

Source: Microsoft Learn, "Configure customer-managed keys for Microsoft Foundry": the vault is in the account's region.
Azure Storage wouldn't mind another ("Customer-managed keys for Azure Storage encryption"), but one rule is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contract.config.encryption import EncryptionKey
from contract.faults import Fault, suggestion
from contract.resource_id import KEY, ResourceId

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig

OF_VAULT = ("rotate_every_days", "soft_delete_days", "restore")


def encryption_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    return [
        *(fault for region, key in sorted(config.encryption.items()) for fault in _key_faults(region, key)),
        *_name_faults(config),
        *_region_faults(config),
    ]


def _key_faults(region: str, key: EncryptionKey) -> Iterator[Fault]:
    where = f"encryption.{region}"
    if key.vault is None and key.key is None:
        yield Fault(where, "names no key: give vault (one is made) or key (the resource ID of one of yours)")
    if key.vault is not None and key.key is not None:
        yield Fault(f"{where}.key", "stands beside vault: one of them encrypts, not both")
    elif key.key is not None:
        found = ResourceId.parse(key.key)
        if not found.is_a(KEY):
            hint = ", without a version, so that its rotations are followed" if "versions" in found.type else ""
            yield Fault(f"{where}.key", f"is the ID of {found.type or 'no resource'}, one of {KEY} is wanted{hint}")
        for field in OF_VAULT:
            if field in key.model_fields_set:
                alias = EncryptionKey.model_fields[field].alias
                yield Fault(f"{where}.{alias}", "is for a vault made here; a key of yours keeps its own ways")


def _name_faults(config: StackConfig) -> Iterator[Fault]:
    """Azure's names don't differ by case alone."""
    seen: dict[str, str] = {}
    for region, key in sorted(config.encryption.items()):
        if key.vault is not None:
            first = seen.setdefault(key.vault.lower(), region)
            if first != region:
                yield Fault(f"encryption.{region}.vault", f"has the name of encryption.{first}.vault: {key.vault!r}")


def _region_faults(config: StackConfig) -> Iterator[Fault]:
    """All or nothing: an environment half of which is encrypted with its own keys passes for encrypted."""
    if not config.encryption:
        return
    used = {account.location: f"accounts.{name}" for name, account in config.accounts.items() if not account.existing}
    used.setdefault(config.storage.location or config.location, "storage")
    for region, user in sorted(used.items()):
        if region not in config.encryption:
            yield Fault(
                f"encryption.{region}", f"is missing: {user} is in {region}, and an account's key is in its region"
            )
    existing = {account.location for account in config.accounts.values() if account.existing}
    for region in sorted(set(config.encryption) - set(used)):
        if region in existing:
            message = "there are only accounts of other teams in this region, which aren't encrypted here"
        else:
            message = f"neither an account nor the storage is in this region{suggestion(region, used)}"
        yield Fault(f"encryption.{region}", message)
