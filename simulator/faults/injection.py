"""Where planned faults happen: around the handlers of both listeners, and inside what records the answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.cloud import Cloud
from simulator.faults import bodies, connection
from simulator.faults.answers import Heard, heard, made, spoiled
from simulator.faults.delays import delayed
from simulator.faults.expiry import with_expired_token
from simulator.faults.installed import Installed
from simulator.faults.kinds import (
    Answer,
    ContentType,
    Delay,
    Empty,
    ExpireTokens,
    NotJson,
    RefuseToken,
    Reset,
    Truncate,
)
from simulator.faults.match import Listener
from simulator.faults.plan import Fault
from simulator.faults.skew import service_time

FIRED = "simulator.faults"
"""Where in a request's scope the kinds of the faults that happened at it are."""

_OWN = "/_simulator"
_OUTSIDE = "/_simulator/oidc/"


class Injection:
    """Lets the faults happen that the cloud's plan has for a request; without a plan everything passes as it is.

    Several at one request happen each around the next: the first of the plan is nearest to the client.
    """

    def __init__(self, app: ASGIApp, listener: Listener) -> None:
        self.app = app
        self.listener: Listener = listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cloud: Cloud = scope["app"].state.cloud
        installed = cloud.faults.installed
        if installed is None or scope["type"] != "http" or _is_own(scope["path"]):
            await self.app(scope, receive, send)
            return
        due = installed.due(self.listener, scope["method"], scope["path"], _query(scope))
        scope[FIRED] = [fault.does.kind for fault in due]
        if any(isinstance(fault.does, ExpireTokens) for fault in due):
            installed.expire_tokens()
        if any(isinstance(fault.does, RefuseToken) for fault in due):
            scope = with_expired_token(scope, cloud)
        elif installed.tokens_until:
            scope = with_expired_token(scope, cloud, installed.tokens_until)
        app = self.app
        for fault in reversed(due):
            app = self._around(app, fault, cloud, installed)
        await app(scope, receive, send)

    def _around(self, app: ASGIApp, fault: Fault, cloud: Cloud, installed: Installed) -> ASGIApp:
        match fault.does:
            case Answer() as does:
                return _answered(app, does, self.listener, service_time(cloud))
            case Delay() as does:
                return delayed(app, does, cloud, installed)
            case Reset() as does:
                return _reset(app, does)
            case Truncate() as does:
                return _truncated(app, does)
            case ContentType(value=value):
                return spoiled(app, lambda answer: _typed(answer, value))
            case Empty():
                return spoiled(app, lambda _: b"")
            case NotJson(text=text):
                return spoiled(app, lambda _: text.encode())
            case ExpireTokens() | RefuseToken():
                return app


def _is_own(path: str) -> bool:
    """Whether it is the simulator's own business and none of Azure's, such as clearing faults."""
    return (path == _OWN or path.startswith(f"{_OWN}/")) and not path.startswith(_OUTSIDE)


def _query(scope: Scope) -> Mapping[str, str]:
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return {name.lower(): value for name, value in pairs}


def _answered(app: ASGIApp, does: Answer, listener: Listener, now: datetime) -> ASGIApp:
    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        if does.after:
            if await heard(app, scope, receive) is None:
                return
        else:
            try:
                # A client that can't send all of its request would not look at the answer.
                receive = await bodies.whole(receive)
            except bodies.Gone:
                return
        await made(does, listener, scope["path"], now)(scope, receive, send)

    return answering


def _reset(app: ASGIApp, does: Reset) -> ASGIApp:
    async def resetting(scope: Scope, receive: Receive, _: Send) -> None:
        match does.when:
            case "after":
                await heard(app, scope, receive)
            case "during":
                try:
                    await bodies.up_to(receive, does.bytes or 0)
                except bodies.Gone:
                    return
        await connection.reset(scope, receive)

    return resetting


def _truncated(app: ASGIApp, does: Truncate) -> ASGIApp:
    async def truncating(scope: Scope, receive: Receive, send: Send) -> None:
        answer = await heard(app, scope, receive)
        if answer is None:
            return
        size = len(answer.body)
        sent = min(size // 2 if does.bytes is None else does.bytes, size - 1)
        if sent < 0 or answer.bare:
            # There is nothing to be cut off but the answer itself.
            await connection.reset(scope, receive)
            return
        answer.headers["content-length"] = str(size)
        await send(answer.start)
        await send({"type": "http.response.body", "body": answer.body[:sent], "more_body": True})
        await connection.close(scope, receive)

    return truncating


def _typed(answer: Heard, value: str) -> bytes:
    answer.headers["content-type"] = value
    return answer.body
