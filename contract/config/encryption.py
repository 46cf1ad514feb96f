"""Customer-managed keys."""

from __future__ import annotations

from pydantic import Field

from contract import naming
from contract.shape import ResourceId, Shape


class EncryptionKey(Shape):
    """The key that encrypts the accounts and the storage of one region: in a vault made here, or a key of yours."""

    vault: naming.VaultName | None = Field(
        default=None, description="The name of a Key Vault to make, unique in all of Azure, with a key in it."
    )
    key: ResourceId | None = Field(
        default=None, description="The resource ID of a key in a vault of yours: …/vaults/<vault>/keys/<key>."
    )
    rotate_every_days: int = Field(
        default=365, ge=28, le=1825, description="The key of a vault made here gets a new version so often."
    )
    soft_delete_days: int = Field(
        default=90, ge=7, le=90, description="A deleted vault or key can be recovered for so long, and not purged."
    )
    restore: bool = Field(
        default=False, description="Recover the soft-deleted vault of this name, with its key; to be left in place."
    )
