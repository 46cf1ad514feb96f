"""The simulator's own routes, `/_simulator/…`: what it is, and its clock. They ask for no token."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulator.cloud import Cloud
from simulator.errors import ArmRefusal


class Move(BaseModel):
    """How far the clock is moved, in simulated seconds."""

    model_config = ConfigDict(strict=True, extra="forbid")

    advance: float = Field(ge=0, allow_inf_nan=False)


async def about(request: Request) -> Response:
    """Where things are."""
    cloud: Cloud = request.app.state.cloud
    return JSONResponse(
        {
            "url": cloud.endpoints.main,
            "blobUrl": cloud.endpoints.blob,
            "tenantId": cloud.tenant_id,
            "subscriptionId": cloud.subscription_id,
            "clock": _time(cloud),
        }
    )


async def clock(request: Request) -> Response:
    """The simulated moment; a POST of `{"advance": seconds}` moves it first."""
    cloud: Cloud = request.app.state.cloud
    if request.method == "POST":
        try:
            move = Move.model_validate_json(await request.body())
        except ValidationError as problem:
            raise _refused('POST {"advance": seconds}, with seconds of 0 or more.') from problem
        try:
            cloud.clock.advance(move.advance)
        except ValueError as problem:
            raise _refused(f"The clock can't be moved: {problem}.") from problem
        cloud.changed()
    return JSONResponse(_time(cloud))


def _refused(told: str) -> ArmRefusal:
    return ArmRefusal(400, "InvalidRequestContent", told)


def _time(cloud: Cloud) -> dict[str, object]:
    return {"now": cloud.clock.now().isoformat(), "rate": cloud.clock.rate, "stepOnPoll": cloud.clock.step_on_poll}


routes: list[BaseRoute] = [
    Route("/_simulator", about),
    Route("/_simulator/clock", clock, methods=["GET", "POST"]),
]
