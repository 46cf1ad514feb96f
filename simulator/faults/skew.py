"""The services' clocks as the wire has them: `Date`, and with a skew in the plan every time that clients read.

Times are shifted on their way out and nowhere else, so that nothing of it stays.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.cloud import Cloud
from simulator.faults.answers import Heard, spoiled
from simulator.planes import plane_of

_TIMES = frozenset({"created_at", "finished_at", "expires_at", "estimated_finish"})
"""Members of the data plane's answers that are seconds since 1970."""


def service_time(cloud: Cloud) -> datetime:
    """What time it is by the services' clocks."""
    return cloud.clock.wall() + timedelta(seconds=cloud.faults.plan.skew)


class Dated:
    """Dates every answer, by the services' clocks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cloud: Cloud = scope["app"].state.cloud
        skew = cloud.faults.plan.skew
        app = self.app
        if skew and plane_of(scope["path"]) == "openai":
            app = spoiled(app, lambda answer: _with_times(answer, int(skew)))

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["date"] = format_datetime(service_time(cloud), usegmt=True)
                if skew and (modified := headers.get("last-modified")):
                    moved = parsedate_to_datetime(modified) + timedelta(seconds=skew)
                    headers["last-modified"] = format_datetime(moved, usegmt=True)
            await send(message)

        await app(scope, receive, dated)


def _with_times(answer: Heard, skew: int) -> bytes:
    if "json" not in answer.headers.get("content-type", ""):
        return answer.body
    try:
        said = json.loads(answer.body)
    except ValueError:
        return answer.body
    return json.dumps(_moved(said, skew), ensure_ascii=False).encode()


def _moved(value: Any, skew: int) -> Any:
    if isinstance(value, list):
        return [_moved(each, skew) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: inner + skew if name in _TIMES and isinstance(inner, int) else _moved(inner, skew)
        for name, inner in value.items()
    }
