"""The tenant's signing key: RS256, published as a JWK under its key ID."""

from __future__ import annotations

import base64
import functools
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.errors import Unusable
from simulator.tls import write_secret


@dataclass(frozen=True)
class SigningKey:
    """A private RSA key and the ID that tokens name it by."""

    kid: str
    private: rsa.RSAPrivateKey = field(repr=False)

    @property
    def public(self) -> rsa.RSAPublicKey:
        return self.private.public_key()

    def jwk(self) -> dict[str, str]:
        """The public half, in the form of Entra's key document."""
        numbers = self.public.public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": _number(numbers.n),
            "e": _number(numbers.e),
        }

    @classmethod
    def of(cls, private: rsa.RSAPrivateKey) -> SigningKey:
        digest = hashlib.sha1(  # noqa: S324 - an identifier in the form of Entra's thumbprints, not a protection.
            private.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        ).digest()
        return cls(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), private)


@functools.cache
def process_key() -> SigningKey:
    """One key for all simulators of this process: making it is the dearest part of a start."""
    return SigningKey.of(rsa.generate_private_key(public_exponent=65537, key_size=2048))


@functools.cache
def outside_key() -> SigningKey:
    """The key of the issuer outside the tenant; its tokens live for minutes, so it needn't outlive the process."""
    return SigningKey.of(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def kept_key(path: Path) -> SigningKey:
    """The key in this file, made and written (for its owner only) if it isn't there: tokens outlive a restart."""
    if not path.exists():
        made = process_key()
        pem = made.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_secret(path, pem)
        return made
    try:
        read = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as problem:
        raise Unusable(f"{path} is no signing key any more: {problem}") from problem
    if not isinstance(read, rsa.RSAPrivateKey):
        raise Unusable(f"{path} is no RSA key")
    return SigningKey.of(read)


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
