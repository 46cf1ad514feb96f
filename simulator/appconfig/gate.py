"""The gate of a store: may the caller reach it, who is it, may it do that. Access keys aren't simulated."""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request

from simulator.access import allowed
from simulator.appconfig import errors
from simulator.arm.models import KEY_VALUES, Resource, find_store
from simulator.cloud import Cloud
from simulator.entra import tokens
from simulator.entra.audiences import APP_CONFIGURATION
from simulator.entra.models import Principal
from simulator.reach import barred, is_inside

HOST = ".azconfig.io"
VERSIONS = ("1.0", "2023-10-01", "2023-11-01", "2024-09-01", "2026-04-01")
"""The last is the one that azure-appconfiguration 1.10 asks for."""

_WRONG = {
    "garbage": "Authorization token failed validation",
    "audience": "The access token is from the wrong audience",
    "tenant": "The access token is from the wrong issuer",
    "expired": "The access token has expired",
    "early": "The access token is not yet valid",
}
"""The second, third and last: memory."""


def enter(cloud: Cloud, request: Request, doing: Literal["read", "write", "delete"]) -> tuple[Resource, str]:
    """The store asked, and the caller's client ID; or the refusal."""
    store = find_store(cloud, request.path_params["host"].removesuffix(HOST))
    if store is None:
        raise errors.no_store()
    if barred(cloud, store, inside=is_inside(request.scope)) is not None:
        raise errors.network_closed()
    caller = _caller(cloud, request)
    if not allowed(cloud, caller.object_id, f"{KEY_VALUES}/{doing}", store.id, data=True):
        raise errors.role_missing()
    version = request.query_params.get("api-version")
    if not version:
        raise errors.version_missing()
    if version not in VERSIONS:
        raise errors.version_unknown(str(request.url))
    return store, caller.client_id


def _caller(cloud: Cloud, request: Request) -> Principal:
    try:
        return tokens.verify(cloud, request.headers.get("authorization"), APP_CONFIGURATION)
    except tokens.TokenProblem as problem:
        if problem.kind == "missing":
            raise errors.credential_missing() from problem
        raise errors.token_refused(_WRONG[problem.kind]) from problem
