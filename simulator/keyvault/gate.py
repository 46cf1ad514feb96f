"""The gate before a vault's data plane: which vault is asked, who asks, may they reach it, may they do that.

In Azure's order: the token, then the network, then the data action (Microsoft Learn, key-vault/general/authentication).
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from simulator import reach
from simulator.arm.models import Resource, find_vault
from simulator.cloud import Cloud
from simulator.entra import audiences, tokens
from simulator.entra.models import Principal
from simulator.keyvault import errors
from simulator.keyvault.access import may, uses_rbac
from simulator.keyvault.models import HOST


@dataclass(frozen=True)
class Entry:
    """A caller let in."""

    cloud: Cloud
    vault: Resource
    request: Request


def enter(request: Request, action: str) -> Entry:
    """Lets the caller in, or raises the refusal. The key asked for, if any, is the path's `name`."""
    cloud: Cloud = request.app.state.cloud
    name = str(request.path_params["host"]).removesuffix(HOST)
    vault = find_vault(cloud, name)
    if vault is None:
        raise errors.no_such_vault(name)
    principal = _principal(cloud, request)
    caller = errors.caller_of(principal, cloud.tenant_id)
    _check_network(cloud, vault, request, caller)
    key = request.path_params.get("name")
    scope = f"{vault.id}/keys/{key}" if key else vault.id
    if not may(cloud, vault, principal.object_id, action, scope):
        if uses_rbac(vault):
            raise errors.forbidden_by_rbac(vault, caller, action, scope)
        raise errors.forbidden_by_policy(vault, caller, action)
    if not request.query_params.get("api-version"):
        raise errors.bad_parameter("api-version must be specified.")
    return Entry(cloud, vault, request)


def _principal(cloud: Cloud, request: Request) -> Principal:
    try:
        return tokens.verify(cloud, request.headers.get("authorization"), audiences.KEY_VAULT)
    except tokens.TokenProblem as problem:
        authority = cloud.endpoints.main
        raise errors.unauthorized(problem.kind, problem.detail, cloud.tenant_id, authority) from problem


def _check_network(cloud: Cloud, vault: Resource, request: Request, caller: str) -> None:
    match reach.barred(cloud, vault, inside=reach.is_inside(request.scope)):
        case reach.Barred.PUBLIC_ACCESS_OFF:
            raise errors.public_access_off(vault, caller)
        case reach.Barred.RULES:
            raise errors.firewall(vault, caller, reach.OUTSIDE)
