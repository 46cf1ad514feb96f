"""ARM's routes: everything under subscriptions, providers and tenants; which resource it is, the path itself says."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from simulator.arm import responses

_METHODS = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"]

routes: list[BaseRoute] = [
    Route(path, responses.handle, methods=_METHODS)
    for path in (
        "/subscriptions",
        "/subscriptions/{rest:path}",
        # Clients put a scope behind a slash although it begins with one; ARM takes it (Azure/azure-powershell#12165).
        "//subscriptions/{rest:path}",
        "/providers",
        "/providers/{rest:path}",
        "/tenants",
    )
]
