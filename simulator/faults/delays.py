"""Time that passes at a request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.cloud import Cloud
from simulator.faults import bodies, connection
from simulator.faults.installed import Installed
from simulator.faults.kinds import Delay

_SLICE = 0.05
"""Wall seconds after which a waiting request looks whether its plan is still in force."""


def delayed(app: ASGIApp, does: Delay, cloud: Cloud, installed: Installed) -> ASGIApp:
    """The request, or its answer, later. A client that leaves meanwhile has its request carried out all the same."""

    async def waiting(scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["app"].state

        def in_force() -> bool:
            return state.cloud is cloud and cloud.faults.installed is installed

        if not does.after:
            try:
                # Read now: of a client that has left, the server would give nothing any more.
                receive = await bodies.whole(receive)
            except bodies.Gone:
                return
            await _pass(does, cloud, in_force)
            if state.cloud is not cloud:
                # Another Azure stands here by now, whose business this request is not.
                await connection.reset(scope, receive)
                return
            await app(scope, receive, send)
            return

        async def later(message: Message) -> None:
            if message["type"] == "http.response.start":
                await _pass(does, cloud, in_force)
            await send(message)

        await app(scope, receive, later)

    return waiting


async def _pass(does: Delay, cloud: Cloud, in_force: Callable[[], bool]) -> None:
    """Lets the time pass; it is cut short when the plan is cleared, or another one or another cloud comes."""
    wall = does.wall_seconds
    if does.seconds and cloud.clock.rate > 0:
        wall += does.seconds / cloud.clock.rate
    elif does.seconds:
        cloud.clock.advance(does.seconds)
        cloud.moved_on()
    loop = asyncio.get_running_loop()
    end = loop.time() + wall
    # Plans are cleared from any thread, and an event of this loop can be set from this loop only.
    while (left := end - loop.time()) > 0 and in_force():  # noqa: ASYNC110
        await asyncio.sleep(min(left, _SLICE))
