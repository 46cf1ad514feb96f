"""Access tokens: issued for client credentials, verified by each plane. They keep wall time; a fault plan's skew
puts off the clocks that planes verify them by.

Claims are those of Entra's v1 tokens, which ARM, Storage and Cognitive Services get (issuer sts.windows.net).
"""

from __future__ import annotations

import time
import uuid
from typing import Any, Literal

import jwt

from simulator.cloud import Cloud
from simulator.entra import audiences, errors, federation
from simulator.entra.models import Principal, ServicePrincipal

LIFETIME = 3599
"""Seconds, as Entra's answers say for client credentials."""

ISSUED_AT = "simulated_ns"
"""The claim with nanoseconds since 1970, not Azure's: `iat` can't tell what was issued in the same second, and planned
faults expire what was issued before them."""

Kind = Literal["missing", "garbage", "audience", "expired", "early", "tenant"]


class TokenProblem(Exception):
    """Why a bearer token isn't accepted; each plane says it in its own words.

    `detail` is the audience for `audience`, the issuer for `tenant`, the expiry in seconds since 1970 for `expired`.
    """

    def __init__(self, kind: Kind, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind: Kind = kind
        self.detail = detail


def issuer(tenant_id: str) -> str:
    return f"https://sts.windows.net/{tenant_id}/"


def issue(
    cloud: Cloud, client_id: str, secret: str | None, scope: str, *, assertion: str | None = None
) -> dict[str, Any]:
    """The token endpoint's answer to client credentials; the audience is the scope without its `/.default`."""
    resource, ending, rest = scope.partition("/.default")
    if not ending or rest or not resource or " " in resource:
        raise errors.bad_scope(scope)
    principal = _authenticate(cloud, client_id, secret, assertion)
    _require_known(cloud, resource)
    token = access_token(cloud, principal, resource)
    return {"token_type": "Bearer", "expires_in": LIFETIME, "ext_expires_in": LIFETIME, "access_token": token}


def issue_v1(
    cloud: Cloud, client_id: str, secret: str | None, resource: str, *, assertion: str | None = None
) -> dict[str, Any]:
    """The older endpoint's answer: `resource` instead of a scope, numbers as strings."""
    principal = _authenticate(cloud, client_id, secret, assertion)
    _require_known(cloud, resource)
    now = int(time.time())
    return {
        "token_type": "Bearer",
        "expires_in": str(LIFETIME),
        "ext_expires_in": str(LIFETIME),
        "expires_on": str(now + LIFETIME),
        "not_before": str(now - 300),
        "resource": resource,
        "access_token": access_token(cloud, principal, resource),
    }


def access_token(
    cloud: Cloud, principal: ServicePrincipal, audience: str, *, issued_at: float | None = None, tenant_id: str = ""
) -> str:
    """A signed token; tests give `issued_at` (wall time, seconds since 1970) and `tenant_id` other than usual."""
    exactly = time.time_ns() if issued_at is None else int(issued_at * 1e9)
    issued = exactly // 1_000_000_000
    tenant = tenant_id or cloud.tenant_id
    claims = {
        "aud": audience,
        "iss": issuer(tenant),
        "iat": issued,
        "nbf": issued - 300,
        "exp": issued + LIFETIME,
        "appid": principal.client_id,
        "appidacr": "1",
        "idp": issuer(tenant),
        "idtyp": "app",
        "oid": principal.object_id,
        "sub": principal.object_id,
        "tid": tenant,
        "uti": uuid.uuid4().hex,
        "ver": "1.0",
        ISSUED_AT: exactly,
    }
    key = cloud.signing_key
    return jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": key.kid, "x5t": key.kid})


def verify(cloud: Cloud, authorization: str | None, allowed: frozenset[str]) -> Principal:
    """Who sends this `Authorization` header; TokenProblem unless signature, tenant, audience and time are right."""
    scheme, _, token = (authorization or "").partition(" ")
    if not authorization or scheme.lower() != "bearer":
        raise TokenProblem("missing")
    try:
        claims = jwt.decode(
            token.strip(),
            cloud.signing_key.public,
            algorithms=["RS256"],
            # Checked below, so that each fault can be told from the others.
            options={"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError as problem:
        raise TokenProblem("garbage", str(problem)) from problem
    if claims.get("iss") != issuer(cloud.tenant_id):
        raise TokenProblem("tenant", str(claims.get("iss")))
    if claims.get("aud") not in allowed:
        raise TokenProblem("audience", str(claims.get("aud")))
    now = time.time() + cloud.faults.plan.skew
    if int(claims.get("exp", 0)) <= now:
        raise TokenProblem("expired", str(claims.get("exp", 0)))
    if int(claims.get("nbf", 0)) > now:
        raise TokenProblem("early", str(claims.get("nbf", 0)))
    known = cloud.state.entra.by_object_id(str(claims.get("oid")))
    if known is None:
        raise TokenProblem("garbage", "the principal is not in the directory any more")
    return Principal(known.object_id, known.client_id, known.name)


def _authenticate(cloud: Cloud, client_id: str, secret: str | None, assertion: str | None) -> ServicePrincipal:
    principal = cloud.state.entra.by_client_id(client_id)
    if principal is None:
        raise errors.unknown_application(client_id, cloud.tenant_id)
    if assertion:
        federation.check(cloud, principal, assertion)
        return principal
    if not secret:
        raise errors.missing_secret()
    if secret != principal.secret:
        raise errors.wrong_secret(client_id)
    return principal


def _require_known(cloud: Cloud, resource: str) -> None:
    if resource not in audiences.known(cloud):
        raise errors.unknown_resource(resource, cloud.tenant_id)
