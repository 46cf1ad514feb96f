"""The data plane's routes, under the host names of vaults."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.convertors import register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator.host_names import HostName
from simulator.keyvault import responses


class VaultHost(HostName):
    """A path's first segment that is the host name of a vault."""

    regex = r"[A-Za-z0-9-]+\.vault\.azure\.net"


register_url_convertor("vault", VaultHost())


def _route(path: str, endpoint: Callable[[Request], Awaitable[Response]], method: str) -> Route:
    return Route(f"/{{host:vault}}/{path}", endpoint, methods=[method])


routes: list[BaseRoute] = [
    _route("keys", responses.list_keys, "GET"),
    _route("keys/{name}/versions", responses.list_versions, "GET"),
    _route("keys/{name}/rotationpolicy", responses.get_policy, "GET"),
    _route("keys/{name}/rotationpolicy", responses.set_policy, "PUT"),
    _route("keys/{name}/rotate", responses.rotate, "POST"),
    # The client asks for the current version with a slash and nothing behind it.
    _route("keys/{name}", responses.get_key, "GET"),
    _route("keys/{name}/", responses.get_key, "GET"),
    _route("keys/{name}/{version}", responses.get_key, "GET"),
    _route("keys/{name}/", responses.update_key, "PATCH"),
    _route("keys/{name}/{version}", responses.update_key, "PATCH"),
    _route("keys/{name}", responses.delete_key, "DELETE"),
    _route("deletedkeys", responses.list_deleted, "GET"),
    _route("deletedkeys/{name}", responses.get_deleted, "GET"),
    _route("deletedkeys/{name}", responses.purge_key, "DELETE"),
    _route("deletedkeys/{name}/recover", responses.recover_key, "POST"),
    Route("/{host:vault}/{rest:path}", responses.not_simulated, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
]
