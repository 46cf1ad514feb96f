"""Issuers outside the tenant: one that stands here for GitHub, Azure Pipelines and whoever else signs tokens for a job.

It signs in the name of those below and in its own, for any subject; it asks for nothing, for it is good for nothing but
the simulator. Entra reads its keys from memory: it never goes out on the network.
"""

from __future__ import annotations

import time
import uuid
from typing import Any

import jwt

from simulator.cloud import Cloud
from simulator.entra.signing import SigningKey, outside_key

PATH = "/_simulator/oidc"
AUDIENCE = "api://AzureADTokenExchange"
"""What a federated credential usually asks for (Microsoft Learn, workload identity federation)."""
LIFETIME = 300
"""Seconds; GitHub's live as long."""

# GitHub Docs, "OpenID Connect reference"; Microsoft Learn, azure/devops/pipelines/release/configure-workload-identity.
GITHUB = "https://token.actions.githubusercontent.com"
_STOOD_FOR = (GITHUB, "https://vstoken.dev.azure.com/", "https://login.microsoftonline.com/")


def own_issuer(cloud: Cloud) -> str:
    """The issuer that it is itself."""
    return f"{cloud.endpoints.main}{PATH}"


def reached(cloud: Cloud, issuer: str) -> SigningKey | None:
    """The key that an issuer signs with; None for one that can't be asked from here."""
    known = issuer == own_issuer(cloud) or any(issuer == each or issuer.startswith(each) for each in _STOOD_FOR)
    return outside_key() if known else None


def mint(
    cloud: Cloud, subject: str, *, issuer: str = "", audience: str = AUDIENCE, issued_at: float | None = None
) -> str:
    """A token for a subject, as a pipeline gets it; wall time, as for all tokens."""
    issued = int(time.time() if issued_at is None else issued_at)
    claims: dict[str, Any] = {
        "iss": issuer or own_issuer(cloud),
        "sub": subject,
        "aud": audience,
        "iat": issued,
        "nbf": issued - 300,
        "exp": issued + LIFETIME,
        "jti": str(uuid.uuid4()),
    }
    key = outside_key()
    return jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": key.kid, "x5t": key.kid})
