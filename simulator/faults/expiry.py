"""Tokens that expire early: a request's token is exchanged for one that has, and each plane refuses it in its words."""

from __future__ import annotations

import time
from typing import Any

import jwt
from starlette.types import Scope

from simulator.cloud import Cloud
from simulator.entra import tokens

_AUTHORIZATION = b"authorization"


def with_expired_token(scope: Scope, cloud: Cloud, issued_until: int | None = None) -> Scope:
    """The request with an expired token in the place of its own; unchanged where it has none of this Azure's.

    issued_until  only of a token that was issued until then, in nanoseconds since 1970
    """
    headers = [
        (name, _expired(value, cloud, issued_until) if name == _AUTHORIZATION else value)
        for name, value in scope["headers"]
    ]
    return {**scope, "headers": headers}


def _expired(authorization: bytes, cloud: Cloud, issued_until: int | None) -> bytes:
    scheme, _, token = authorization.decode("latin-1").partition(" ")
    claims = _claims(token.strip()) if scheme.lower() == "bearer" else {}
    principal = cloud.state.entra.by_object_id(str(claims.get("oid")))
    if principal is None or (issued_until is not None and int(claims.get(tokens.ISSUED_AT, 0)) > issued_until):
        return authorization
    # A minute ago by the service's own clock, which a plan may have put off.
    expired_at = time.time() + cloud.faults.plan.skew - 60
    old = tokens.access_token(cloud, principal, str(claims.get("aud")), issued_at=expired_at - tokens.LIFETIME)
    return f"Bearer {old}".encode("latin-1")


def _claims(token: str) -> dict[str, Any]:
    try:
        # Whether it is genuine is the plane's question, and one that has expired is refused either way.
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {}
    return claims
