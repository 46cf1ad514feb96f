"""Answers that a fault makes or spoils."""

from __future__ import annotations

import http.client
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.errors import JSON_UTF8, ArmRefusal, BlobRefusal, EntraRefusal, GatewayRefusal
from simulator.faults.kinds import Answer
from simulator.faults.match import Listener
from simulator.planes import plane_of


@dataclass
class Heard:
    """A whole answer: ASGI's start of it, its body, and whether it may have one."""

    start: Message
    body: bytes
    bare: bool

    @property
    def headers(self) -> MutableHeaders:
        return MutableHeaders(scope=self.start)

    async def send(self, send: Send, body: bytes) -> None:
        """Sends it with this body."""
        if not self.bare:
            self.headers["content-length"] = str(len(body))
        await send(self.start)
        await send({"type": "http.response.body", "body": b"" if self.bare else body})


async def heard(app: ASGIApp, scope: Scope, receive: Receive) -> Heard | None:
    """Lets the request be carried out and keeps the answer; None where none came."""
    start: list[Message] = []
    parts: list[bytes] = []

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            # A copy: a handler may keep its list of headers.
            start.append({**message, "headers": list(message.get("headers", ()))})
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, keep)
    if not start:
        return None
    return Heard(start[0], b"".join(parts), scope["method"] == "HEAD" or start[0]["status"] in (204, 304))


def spoiled(app: ASGIApp, spoil: Callable[[Heard], bytes]) -> ASGIApp:
    """The answer with what `spoil` makes of its headers, in place, and its body."""

    async def spoiling(scope: Scope, receive: Receive, send: Send) -> None:
        answer = await heard(app, scope, receive)
        if answer is not None:
            await answer.send(send, spoil(answer))

    return spoiling


def made(does: Answer, listener: Listener, path: str, now: datetime) -> Response:
    """The answer that the plan describes; `now` by the services' clock."""
    headers = dict(does.headers)
    if does.retry_after is not None:
        headers |= _retry_after(does, does.retry_after, now)
    if does.body is None:
        answer = _of_the_plane(does.status, listener, path)
    elif isinstance(does.body, str):
        answer = Response(does.body, does.status, media_type="text/plain")
    else:
        answer = Response(json.dumps(does.body), does.status, media_type=JSON_UTF8)
    if does.content_type is not None:
        headers["content-type"] = does.content_type
    answer.headers.update(headers)
    return answer


def _retry_after(does: Answer, seconds: float, now: datetime) -> dict[str, str]:
    match does.retry_after_as:
        case "seconds":
            return {"retry-after": f"{seconds:g}"}
        case "milliseconds":
            # Azure OpenAI and Azure's client libraries know it beside the standard's seconds.
            return {"retry-after-ms": f"{seconds * 1000:.0f}"}
        case "date":
            return {"retry-after": format_datetime(now + timedelta(seconds=seconds), usegmt=True)}


def _of_the_plane(status: int, listener: Listener, path: str) -> Response:
    """An error as the plane that is asked writes them, with general words: what each service says then is not known."""
    phrase = http.client.responses.get(status, "Error")
    if status < 400:
        return Response(status_code=status)
    code, words = phrase.title().replace(" ", "").replace("-", ""), f"{phrase} (a planned fault)."
    if "/oauth2/" in path:
        # AADSTS90033 is documented (Learn, "Microsoft Entra authentication and authorization error codes").
        return EntraRefusal(status, "temporarily_unavailable", 90033, words).response()
    if listener == "blob":
        # Storage's clients show these; the two codes are documented (Learn, "Common REST API error codes").
        code = {500: "InternalError", 503: "ServerBusy"}.get(status, code)
        return BlobRefusal(status, code, words, headers={"x-ms-request-id": str(uuid.uuid4())}).response()
    if plane_of(path) == "openai":
        return GatewayRefusal(status, str(status), words).response()
    return ArmRefusal(status, code, words).response()
