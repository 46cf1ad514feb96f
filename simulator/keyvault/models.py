"""A vault's keys: their versions, how another comes to be, and what is kept of deleted ones.

A key is ARM's resource `vaults/keys`; what only the vault knows of it stands in the resource's facts. The public half
of a version is made when it is first asked for (4096 bits take a second), and its private half is thrown away: nothing
is ever encrypted here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import BaseModel, Field

from simulator.arm.models import VAULT_KEYS, Resource, resources_of
from simulator.keyvault.rotation import RotationPolicy

if TYPE_CHECKING:
    from simulator.cloud import Cloud

HOST = ".vault.azure.net"
OPERATIONS = {"RSA": ("encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"), "EC": ("sign", "verify")}
SIZES = (2048, 3072, 4096)
CURVES: dict[str, Callable[[], ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
    "P-256K": ec.SECP256K1,
}
_FACT = "key"


class KeyVersion(BaseModel):
    """One version; times in seconds since 1970. `public` is filled at the first look."""

    id: str
    created: int
    updated: int
    enabled: bool = True
    not_before: int | None = None
    expires: int | None = None
    public: dict[str, str] = Field(default_factory=dict)


class VaultKey(BaseModel):
    """A key: what all its versions share, and the versions, oldest first."""

    kty: str
    size: int | None = None
    curve: str | None = None
    operations: list[str]
    policy: RotationPolicy | None = None
    versions: list[KeyVersion] = Field(default_factory=list)

    @property
    def current(self) -> KeyVersion:
        return self.versions[-1]

    def version(self, wanted: str) -> KeyVersion | None:
        """By its ID, or the current one where none is named."""
        if not wanted:
            return self.current
        return next((each for each in self.versions if each.id == wanted.lower()), None)

    def add_version(self, key: str, at: int) -> KeyVersion:
        """Another version, which expires as the policy says; its ID is the same in a repeated run."""
        digest = hashlib.sha256(f"{key}|{at}|{len(self.versions)}".encode()).hexdigest()
        expires = self.policy.expires(at) if self.policy is not None else None
        self.versions.append(KeyVersion(id=digest[:32], created=at, updated=at, expires=expires))
        return self.current


def read_key(cloud: Cloud, resource: Resource) -> VaultKey:
    """The key as it is now: rotated as often as its policy has asked for by now."""
    known = VaultKey.model_validate(resource.facts[_FACT])
    if known.policy is None:
        return known
    now, before = cloud.clock.timestamp(), len(known.versions)
    while (due := known.policy.rotates(known.current.created)) is not None and due <= now:
        known.add_version(resource.key, due)
    if len(known.versions) != before:
        write_key(cloud, resource, known)
    return known


def write_key(cloud: Cloud, resource: Resource, key: VaultKey) -> None:
    resource.facts[_FACT] = key.model_dump()
    cloud.changed()


def public_half(cloud: Cloud, resource: Resource, key: VaultKey, version: KeyVersion) -> dict[str, str]:
    """The members of the JSON web key that are the version's own; made at the first look."""
    if not version.public:
        version.public = _made(key)
        write_key(cloud, resource, key)
    return version.public


def find_key(cloud: Cloud, vault: Resource, name: str) -> Resource | None:
    wanted = f"{vault.key}/keys/{name.lower()}"
    return next((key for key in resources_of(cloud, VAULT_KEYS, vault.key) if key.key == wanted), None)


def vault_uri(cloud: Cloud, vault: Resource) -> str:
    """Where a vault's data plane answers."""
    return f"{cloud.endpoints.main}/{vault.name.lower()}{HOST}/"


def named_by_uri(cloud: Cloud, uri: str) -> str | None:
    """The name of the vault that an address means, its own here or the one it would have in Azure; None for others."""
    bare = uri.strip().rstrip("/").lower()
    for beginning in (f"{cloud.endpoints.main}/", "https://"):
        if bare.startswith(beginning) and bare.endswith(HOST):
            name = bare.removeprefix(beginning).removesuffix(HOST)
            if name and "/" not in name and "." not in name:
                return name
    return None


def _made(key: VaultKey) -> dict[str, str]:
    if key.kty.startswith("EC"):
        curve = CURVES[key.curve or "P-256"]()
        point = ec.generate_private_key(curve).public_key().public_numbers()
        length = (curve.key_size + 7) // 8
        return {"crv": key.curve or "P-256", "x": _number(point.x, length), "y": _number(point.y, length)}
    numbers = rsa.generate_private_key(65537, key.size or 2048).public_key().public_numbers()
    return {"n": _number(numbers.n, (key.size or 2048) // 8), "e": _number(numbers.e, 3)}


def _number(value: int, length: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes(length, "big")).rstrip(b"=").decode()
