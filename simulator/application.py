"""The two ASGI applications, composed from the rooms' routes: the main listener's and the blob listener's.

Handlers find `cloud` at `request.app.state.cloud`; a Refusal they raise becomes its own answer, and a request without
a route 501.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Sequence
from typing import Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator import control, metadata
from simulator.appconfig import urls as appconfig
from simulator.arm import urls as arm
from simulator.blobs import urls as blobs
from simulator.cloud import Cloud
from simulator.entra import urls as entra
from simulator.errors import ArmRefusal, NotSaved, NotSimulated, Refusal
from simulator.faults import urls as faults
from simulator.faults.injection import Injection
from simulator.faults.skew import Dated
from simulator.keyvault import urls as keyvault
from simulator.openai import urls as openai
from simulator.planes import PlaneHeaders
from simulator.record import Record, Recorder


class Keeping(Protocol):
    """What saves a cloud's state (kept_state.py)."""

    def prepare(self, cloud: Cloud) -> None: ...

    def save(self, cloud: Cloud) -> None: ...

    def ensure(self, cloud: Cloud) -> None: ...

    def refuse(self, cloud: Cloud, problem: OSError | None) -> Refusal: ...


class Saver:
    """Saves a changed state before the answer leaves, so that what a client was told is never lost.

    Where the disk doesn't take it, what the request changed is undone, and it is told so. Reads and refusals are
    answered all the same, and what has changed with time only: what they tell is true without being saved.
    """

    def __init__(self, app: ASGIApp, keeping: Keeping) -> None:
        self.app = app
        self.keeping = keeping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cloud: Cloud = scope["app"].state.cloud
        self.keeping.prepare(cloud)
        setbacks = cloud.setbacks
        refused = False

        async def saved(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                harmless = message["status"] >= 400 or scope["method"] in ("GET", "HEAD")
                refusal = self._unsaved(cloud, harmless=harmless, overtaken=cloud.setbacks != setbacks)
                if refusal is not None:
                    refused = True
                    await refusal.response()(scope, receive, send)
            if not refused:
                await send(message)

        await self.app(scope, receive, saved)

    def _unsaved(self, cloud: Cloud, *, harmless: bool, overtaken: bool) -> Refusal | None:
        """Why the request can't have been done; None where it is. `overtaken`: while it was under way, changes were
        undone, so that it may have changed what isn't there any more."""
        if overtaken and not harmless:
            return self.keeping.refuse(cloud, None)
        try:
            self.keeping.save(cloud)
        except OSError as problem:
            refusal = self.keeping.refuse(cloud, problem) if cloud.altered else None
            return None if harmless else refusal
        return None


class Broken:
    """Answers a fault of the simulator's own, with its traceback on stderr.

    Starlette answers as well, but raises again, and the server then closes the connection without a word: the client's
    next request on it would fail too, for no reason of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except ClientDisconnect:
            # In the middle of what it sent: nobody is there to be answered.
            return
        except Exception as fault:
            if begun or scope["type"] != "http":
                raise
            traceback.print_exception(fault)
            # Not 500, which Azure's clients retry at length: it is no fault of Azure's.
            told = f"The simulated Azure failed on {scope['method']} {scope['path']}: {type(fault).__name__}: {fault}"
            await ArmRefusal(501, "SimulatorFault", told).response()(scope, receive, send)


def main_application(cloud: Cloud, *, record: Record | None, keeping: Keeping) -> Starlette:
    """Metadata, the simulator's own routes, Entra, ARM and the data plane."""
    routes = [
        *metadata.routes,
        *control.routes,
        *faults.routes,
        *entra.routes,
        *openai.routes,
        *keyvault.routes,
        *appconfig.routes,
        *arm.routes,
    ]
    layers = [Middleware(PlaneHeaders), Middleware(Injection, listener="main"), Middleware(Saver, keeping=keeping)]
    return _application(routes, cloud, [*_outer(record), *layers])


def blob_application(cloud: Cloud, *, record: Record | None, keeping: Keeping) -> Starlette:
    """The blob endpoint, in Azurite's path style."""
    layers = [Middleware(Injection, listener="blob"), Middleware(Saver, keeping=keeping)]
    application = _application(blobs.routes, cloud, [*_outer(record), *layers])
    application.state.keeping = keeping
    return application


def _outer(record: Record | None) -> list[Middleware]:
    """Around everything else: the record has what the client really gets, planned faults included."""
    return [Middleware(Recorder, record=record), Middleware(Dated), Middleware(Broken)]


def _application(routes: Sequence[BaseRoute], cloud: Cloud, layers: Sequence[Middleware]) -> Starlette:
    application = Starlette(
        routes=routes,
        middleware=layers,
        exception_handlers={Refusal: _refused, HTTPException: _unrouted, OSError: _unkept},
    )
    # Azure doesn't redirect to the other spelling of a path.
    application.router.redirect_slashes = False
    application.state.cloud = cloud
    return application


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - for the type checker; Starlette's table says so.
    return refusal.response()


async def _unkept(_: Request, problem: Exception) -> Response:
    if isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        return NotSaved(problem).response()
    raise problem


async def _unrouted(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)  # noqa: S101 - for the type checker; Starlette's table says so.
    if problem.status_code in (404, 405):
        return NotSimulated(request.method, request.url.path).response()
    return Response(problem.detail, problem.status_code, problem.headers)
