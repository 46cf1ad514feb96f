"""The wire form of discovery, keys and tokens."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.cloud import Cloud
from simulator.entra import errors, federation, outside, tokens
from simulator.entra.signing import outside_key

# Entra says so of every token answer (RFC 6749, 5.1).
_NEVER_STORED = {"cache-control": "no-store, no-cache", "pragma": "no-cache", "expires": "-1"}


async def discovery(request: Request) -> Response:
    """OIDC discovery, v2.0 or older by path."""
    cloud = _cloud(request)
    newer = request.url.path.endswith("/v2.0/.well-known/openid-configuration")
    return JSONResponse(_configuration(cloud, v2=newer))


async def keys(request: Request) -> Response:
    """The JSON Web Key Set tokens are verified with."""
    cloud = _cloud(request)
    return JSONResponse({"keys": [cloud.signing_key.jwk() | {"issuer": tokens.issuer(cloud.tenant_id)}]})


async def token(request: Request) -> Response:
    """The v2.0 token endpoint: `client_id`, `scope`, and `client_secret` or `client_assertion`, as form fields."""
    cloud, form = _cloud(request), await _form(request)
    client_id, secret, assertion = _credentials(form)
    issued = tokens.issue(cloud, client_id, secret, form.get("scope", ""), assertion=assertion)
    return JSONResponse(issued, headers=_NEVER_STORED)


async def token_v1(request: Request) -> Response:
    """The older token endpoint: `resource` instead of `scope`."""
    cloud, form = _cloud(request), await _form(request)
    client_id, secret, assertion = _credentials(form)
    if not form.get("resource"):
        raise errors.missing_parameter("resource")
    issued = tokens.issue_v1(cloud, client_id, secret, form["resource"], assertion=assertion)
    return JSONResponse(issued, headers=_NEVER_STORED)


# --- the issuer outside


async def outside_discovery(request: Request) -> Response:
    """OIDC discovery of the issuer that stands for those outside."""
    cloud: Cloud = request.app.state.cloud
    issuer = outside.own_issuer(cloud)
    return JSONResponse(
        {
            "issuer": issuer,
            "jwks_uri": f"{issuer}/.well-known/jwks",
            "subject_types_supported": ["public"],
            "response_types_supported": ["id_token"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "aud", "exp", "iat", "iss", "jti", "nbf"],
        }
    )


async def outside_keys(_: Request) -> Response:
    """Its keys."""
    return JSONResponse({"keys": [outside_key().jwk()]})


async def outside_token(request: Request) -> Response:
    """A token for `subject`; the answer's form is that of GitHub's own endpoint, which jobs ask for theirs."""
    asked = request.query_params
    if not asked.get("subject"):
        raise errors.missing_parameter("subject")
    audience = asked.get("audience") or outside.AUDIENCE
    cloud: Cloud = request.app.state.cloud
    value = outside.mint(cloud, asked["subject"], issuer=asked.get("issuer", ""), audience=audience)
    return JSONResponse({"value": value}, headers=_NEVER_STORED)


def _cloud(request: Request) -> Cloud:
    cloud: Cloud = request.app.state.cloud
    tenant = request.path_params["tenant"]
    if tenant.lower() != cloud.tenant_id:
        raise errors.unknown_tenant(tenant)
    return cloud


async def _form(request: Request) -> dict[str, str]:
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def _credentials(form: dict[str, str]) -> tuple[str, str | None, str | None]:
    """Client ID, secret and assertion."""
    for name in ("grant_type", "client_id"):
        if not form.get(name):
            raise errors.missing_parameter(name)
    if form["grant_type"] != "client_credentials":
        raise errors.unsupported_grant(form["grant_type"])
    assertion = form.get("client_assertion")
    if assertion and form.get("client_assertion_type") != federation.ASSERTION_TYPE:
        raise errors.missing_parameter("client_assertion_type")
    return form["client_id"], form.get("client_secret"), assertion


def _configuration(cloud: Cloud, *, v2: bool) -> dict[str, Any]:
    base = f"{cloud.endpoints.main}/{cloud.tenant_id}"
    version = "/v2.0" if v2 else ""
    return {
        "token_endpoint": f"{base}/oauth2{version}/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "jwks_uri": f"{base}/discovery{version}/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        # Entra's v2.0 document names a v2.0 issuer even where, as here, the services' tokens are of v1.
        "issuer": f"{base}/v2.0" if v2 else tokens.issuer(cloud.tenant_id),
        "authorization_endpoint": f"{base}/oauth2{version}/authorize",
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "tid", "ver"],
        "tenant_region_scope": None,
        "cloud_instance_name": "microsoftonline.com",
    }
