"""Where a plan is put, seen and cleared: `/_simulator/faults`, without a token."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from simulator.faults import responses

routes: list[BaseRoute] = [
    Route("/_simulator/faults", responses.faults, methods=["GET", "PUT", "DELETE"]),
    Route("/_simulator/events", responses.events, methods=["POST"]),
]
