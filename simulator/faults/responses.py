"""The wire form of the plan in force."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.arm.models import find
from simulator.cloud import Cloud
from simulator.errors import ArmRefusal
from simulator.faults.installed import Installed
from simulator.faults.plan import BadPlan, parsed


async def events(request: Request) -> Response:
    """POST: one event, besides those of the plan in force."""
    cloud: Cloud = request.app.state.cloud
    try:
        cloud.faults.happen(json.loads(await request.body()))
    except ValueError as problem:
        raise ArmRefusal(400, "InvalidRequestContent", f"This is no event: {problem}") from problem
    except BadPlan as problem:
        raise ArmRefusal(400, "InvalidRequestContent", f"This is no event: {problem}") from problem
    find(cloud, "")  # It happens now, not at the next request.
    return JSONResponse(_told(cloud.faults.installed))


async def faults(request: Request) -> Response:
    """GET: the plan, each fault with how often it matched and fired. PUT: another one. DELETE: none."""
    cloud: Cloud = request.app.state.cloud
    if request.method == "DELETE":
        cloud.faults.clear()
        return Response(status_code=204)
    if request.method == "PUT":
        try:
            cloud.faults.install(parsed(await request.body()))
        except BadPlan as problem:
            raise ArmRefusal(400, "InvalidRequestContent", f"This is no fault plan: {problem}") from problem
    return JSONResponse(_told(cloud.faults.installed))


def _told(installed: Installed | None) -> dict[str, Any]:
    if installed is None:
        return {"faults": []}
    told: dict[str, Any] = installed.plan.model_dump(mode="json", by_alias=True, exclude_unset=True)
    # Always there, whatever was said.
    told["faults"] = [
        each | {"matched": tally.matched, "fired": tally.fired}
        for each, tally in zip(told.get("faults", []), installed.tallies, strict=True)
    ]
    if struck := +installed.conduct.struck:
        told["struck"] = dict(struck)
    if installed.conduct.events:
        told["events"] = [
            event.model_dump(mode="json", by_alias=True, exclude_unset=True)
            | {"happened": number in installed.conduct.happened}
            for number, event in enumerate(installed.conduct.events)
        ]
    return told
