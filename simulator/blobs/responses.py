"""The wire form of a blob request, and its way on to Azurite: bytes, headers and address are passed on as they came.

Not Azure's, and Azurite's instead: versions of blobs and soft delete don't exist (a `versionid` finds nothing, what is
deleted is gone), a deleted container's name is free at once, and Last-Modified is the callers' time (Clock.wall)
even where the simulator's clock stands still. Batches (`comp=batch`) answer 501.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import httpx2
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from simulator.arm.models import Resource, find_storage_account, note_container_created, note_container_deleted
from simulator.azurite import Azurite
from simulator.blobs import errors
from simulator.blobs.access import decide, unauthenticated
from simulator.blobs.models import BlobRequest, Credential, parts
from simulator.blobs.store import BlobStore
from simulator.cloud import Cloud
from simulator.errors import Refusal, Unusable
from simulator.reach import is_inside

# What concerns one connection, and the date, which the listener writes itself.
_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-connection te trailer transfer-encoding upgrade expect date".split()
)
_ASKED_HOP_BY_HOP = _HOP_BY_HOP - {b"transfer-encoding", b"date"}


async def answer(request: Request) -> Response:
    """Any request to the blob listener."""
    cloud: Cloud = request.app.state.cloud
    asked = read(request)
    try:
        account = find_storage_account(cloud, asked.account)
        if account is None:
            raise errors.no_such_account(asked.account)
        decide(cloud, account, asked)
        if asked.deletes_container:
            # What Azurite has deleted can't be brought back where the state isn't saved.
            request.app.state.keeping.ensure(cloud)
        return await _forwarded(cloud, account, asked, request)
    except Unusable as problem:
        refusal: Refusal = errors.unusable(str(problem))
    except httpx2.HTTPError as problem:
        refusal = errors.lost(str(problem) or type(problem).__name__)
    except ClientDisconnect:
        # Nobody is there to read it.
        return Response(status_code=400)
    except Refusal as problem:
        refusal = problem
    await _drained(request)
    return refusal.response()


def read(request: Request) -> BlobRequest:
    """The request's address, parameters and headers; the body stays unread."""
    path = request.scope["raw_path"].partition(b"?")[0].decode("latin-1")
    account, container, blob = parts(path)
    query = dict(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True))
    inside = is_inside(request.scope)
    return BlobRequest(request.method, account, container, blob, query, dict(request.headers), inside)


async def _drained(request: Request) -> None:
    """Reads what is still being sent: a client that can't send all of it would not look at the answer."""
    with contextlib.suppress(ClientDisconnect, RuntimeError):
        async for _ in request.stream():
            pass


def _store(request: Request) -> BlobStore:
    state = request.app.state
    azurite: Azurite | None = getattr(state, "azurite", None)
    if azurite is None:
        raise errors.without_azurite()
    if not hasattr(state, "blob_store"):
        state.blob_store = BlobStore(azurite)
    store: BlobStore = state.blob_store
    return store


async def _forwarded(cloud: Cloud, account: Resource, asked: BlobRequest, request: Request) -> Response:
    store = _store(request)
    async with contextlib.AsyncExitStack() as stack:
        client, url = await stack.enter_async_context(store.opened(cloud, account))
        got = await client.send(_onward(url, request), stream=True)
        stack.push_async_callback(got.aclose)
        if _unauthenticated(asked, got):
            raise unauthenticated(cloud, asked)
        _note(cloud, store, account, asked, got)
        return _Forwarded(got, store.stamped(cloud, asked, got), stack.pop_all())


def _onward(url: str, request: Request) -> httpx2.Request:
    target: bytes = request.scope["raw_path"]
    if request.scope["query_string"]:
        target += b"?" + request.scope["query_string"]
    return httpx2.Request(
        request.method,
        url,
        headers=[pair for pair in request.headers.raw if pair[0].lower() not in _ASKED_HOP_BY_HOP],
        stream=_Body(request),
        # Signatures are made over the address as the client wrote it; a URL object would write it anew.
        extensions={"target": target},
    )


def _unauthenticated(asked: BlobRequest, got: httpx2.Response) -> bool:
    """Whether Azurite let the credential down: it says AuthorizationFailure where Azure says AuthenticationFailed."""
    code = got.headers.get("x-ms-error-code")
    return code == "AuthorizationFailure" or (
        code == "InvalidAuthenticationInfo" and asked.credential is Credential.SHARED_KEY
    )


def _note(cloud: Cloud, store: BlobStore, account: Resource, asked: BlobRequest, got: httpx2.Response) -> None:
    if not got.is_success:
        return
    if asked.creates_container:
        made = note_container_created(cloud, account.id, asked.container)
        if (access := asked.headers.get("x-ms-blob-public-access")) is not None:
            made.properties["publicAccess"] = access.capitalize()
        store.noted(account, asked.container, made)
    elif asked.deletes_container:
        note_container_deleted(cloud, account.id, asked.container)
        store.noted(account, asked.container, None)


class _Body(httpx2.AsyncByteStream):
    """A request's body, as it comes in."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._request.stream():
            if part:
                yield part


class _Forwarded(StreamingResponse):
    """Azurite's answer, as it comes in; Azurite is let go when it is out, or its reader is gone."""

    def __init__(self, got: httpx2.Response, modified: str | None, held: contextlib.AsyncExitStack) -> None:
        super().__init__(got.aiter_raw(), got.status_code)
        # In lower case, as ASGI has them: what is set once more on the way takes the place of what is there.
        named = [(name.lower(), value) for name, value in got.headers.raw]
        self.raw_headers = [(name, value) for name, value in named if name not in _HOP_BY_HOP]
        if modified is not None:
            self.headers["last-modified"] = modified
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._held:
            await super().__call__(scope, receive, send)
