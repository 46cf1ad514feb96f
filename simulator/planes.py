"""Which plane a path belongs to, and the headers that each plane puts on every answer.

Headers: ARM's from Azure/azure-cli's test recordings (test_cognitiveservices_deployment.yaml, 2025-10), where the
request IDs are scrubbed (their names are from memory); the data plane's from captured answers in
Azure-Samples/azure-sql-db-chatbot#3 and openai/openai-python#937.
"""

from __future__ import annotations

import uuid
from typing import Literal

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.arm.models import find_account_by_subdomain
from simulator.arm.regions import display_name
from simulator.cloud import Cloud

Plane = Literal["arm", "openai", "other"]

_ARM = {
    "cache-control": "no-cache",
    "pragma": "no-cache",
    "expires": "-1",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-cache": "CONFIG_NOCACHE",
}
_OPENAI = {
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
    "x-content-type-options": "nosniff",
}


_REGIONAL = ".api.cognitive.microsoft.com"


def plane_of(path: str) -> Plane:
    """ARM's paths begin with subscriptions, providers or tenants; the data plane's with a host name of its own."""
    first = _first(path)
    if first in ("subscriptions", "providers", "tenants"):
        return "arm"
    if first.endswith((".openai.azure.com", ".services.ai.azure.com", _REGIONAL)):
        return "openai"
    return "other"


def _first(path: str) -> str:
    return path.lstrip("/").split("/", 1)[0].lower() if path.startswith("/") else ""


class PlaneHeaders:
    """Adds what a plane sends with every answer; a handler's own value for a header stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        plane = plane_of(scope["path"]) if scope["type"] == "http" else "other"
        if plane == "other":
            await self.app(scope, receive, send)
            return
        asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        added = _of_arm(asked) if plane == "arm" else _of_openai(scope["app"].state.cloud, scope["path"], asked)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, dressed)


def _of_arm(asked: dict[str, str]) -> dict[str, str]:
    request_id = str(uuid.uuid4())
    return _ARM | {
        "x-ms-request-id": request_id,
        # A caller's correlation ID is taken over (memory).
        "x-ms-correlation-request-id": asked.get("x-ms-correlation-request-id", request_id),
        "x-ms-routing-request-id": f"LOCAL:{request_id}",
    }


def _of_openai(cloud: Cloud, path: str, asked: dict[str, str]) -> dict[str, str]:
    added = _OPENAI | {"apim-request-id": str(uuid.uuid4())}
    if region := _region(cloud, _first(path)):
        added["x-ms-region"] = region
    if echoed := asked.get("x-ms-client-request-id"):
        added["x-ms-client-request-id"] = echoed
    return added


def _region(cloud: Cloud, host: str) -> str | None:
    """The region people read, of a regional host or of the account that has this one."""
    if host.endswith(_REGIONAL):
        return display_name(host.removesuffix(_REGIONAL))
    account = find_account_by_subdomain(cloud, host.split(".", 1)[0])
    return display_name(account.location) if account is not None else None
