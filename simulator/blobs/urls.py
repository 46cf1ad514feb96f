"""The blob listener's one route: whatever the path, it is `/{account}/{container}/{blob}` as Azurite has it.

Handlers find the running Azurite at `request.app.state.azurite`; None there, or nothing, is a simulator without blobs.
"""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from simulator.blobs import responses

METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"]

routes: list[BaseRoute] = [Route("/{path:path}", responses.answer, methods=METHODS)]
