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


def plane_of(path: str) -> Plane:
    """ARM's paths begin with subscriptions, providers or tenants; the data plane's with a host name of its own."""
    first = path.split("/", 2)[1].lower() if path.startswith("/") else ""
    if first in ("subscriptions", "providers", "tenants"):
        return "arm"
    if first.endswith((".openai.azure.com", ".api.cognitive.microsoft.com", ".services.ai.azure.com")):
        return "openai"
    return "other"


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

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (_of_arm if plane == "arm" else _of_openai)(asked).items():
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


def _of_openai(asked: dict[str, str]) -> dict[str, str]:
    echoed = asked.get("x-ms-client-request-id")
    return _OPENAI | {"apim-request-id": str(uuid.uuid4())} | ({"x-ms-client-request-id": echoed} if echoed else {})
