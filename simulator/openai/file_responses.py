"""The wire form of files."""

from __future__ import annotations

import asyncio
from typing import IO, Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.cloud import Cloud
from simulator.errors import Refusal
from simulator.openai import errors, files, gate, learned, paging
from simulator.openai.contents import Contents, Received
from simulator.openai.learning.examples import holds_json_lines
from simulator.openai.models import StoredFile

_OVERHEAD = 100_000
"""Bytes a form may have beside the file's own."""


async def upload(request: Request) -> Response:
    """POST files: multipart, with `purpose` and `file`."""
    cloud: Cloud = request.app.state.cloud
    entry = await _enter(cloud, request, gate.UPLOAD)
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > files.LARGEST + _OVERHEAD:
        raise errors.file_too_large()
    try:
        async with request.form() as form:
            file, given = _given(form)
            files.check(cloud, entry.account.key, given)
            contents = cloud.state.openai.contents
            received, lines = await asyncio.to_thread(_receive, contents, file, needs_lines=given.needs_lines)
            try:
                taken = files.upload(cloud, entry.account.key, given, received, lines=lines)
            except Refusal:
                contents.refuse(received)
                raise
    except HTTPException as problem:
        raise errors.file_missing() from problem
    return JSONResponse(wire(cloud, taken))


def _receive(contents: Contents, file: IO[bytes], *, needs_lines: bool) -> tuple[Received, bool]:
    """The file's bytes, and whether it holds what it needs. Beside the event loop: it may be large."""
    lines = not needs_lines or holds_json_lines(file)
    file.seek(0)
    return contents.receive(file), lines


async def list_files(request: Request) -> Response:
    """GET files, newest first unless `order=asc`."""
    cloud: Cloud = request.app.state.cloud
    entry = await _enter(cloud, request, gate.LIST_FILES)
    page = paging.asked(request, default=10_000, most=10_000)
    found = files.files_of(cloud, entry.account.key, request.query_params.get("purpose"))
    if request.query_params.get("order", "desc") != "asc":
        found.reverse()
    now, conduct = cloud.clock.now().timestamp(), cloud.faults.conduct
    listed = [file for file in found if not conduct.hidden("files", now - file.created_at)]
    return paging.answer([wire(cloud, file) for file in listed], page)


async def get_file(request: Request) -> Response:
    """GET files/{id}; while it is being processed, with a hint when to ask again."""
    cloud: Cloud = request.app.state.cloud
    entry = await _enter(cloud, request, gate.GET_FILE)
    file = files.find_file(cloud, entry.account.key, request.path_params["file_id"])
    now = cloud.clock.now().timestamp()
    shown = wire(cloud, file)
    left = (file.running_at if now < file.running_at else file.settled_at) - now
    return JSONResponse(shown, headers=poll_hints(cloud, max(1.0, left)) if left > 0 else None)


async def get_content(request: Request) -> Response:
    """GET files/{id}/content: the bytes as they were sent."""
    cloud: Cloud = request.app.state.cloud
    entry = await _enter(cloud, request, gate.GET_CONTENT)
    file = files.find_file(cloud, entry.account.key, request.path_params["file_id"])
    state = cloud.state.openai
    if file.content is not None:
        content = await asyncio.to_thread(state.content(file.content).read)
    else:
        job = state.jobs[str(file.results_of)]
        await learned.fitted(state, [job])
        content = learned.results_file(state, job)
    return Response(content, media_type="application/octet-stream")


async def delete_file(request: Request) -> Response:
    """DELETE files/{id}."""
    cloud: Cloud = request.app.state.cloud
    entry = await _enter(cloud, request, gate.DELETE_FILE)
    file = files.delete(cloud, entry.account.key, request.path_params["file_id"])
    return JSONResponse({"id": file.id, "object": "file", "deleted": True})


async def _enter(cloud: Cloud, request: Request, operation: gate.Operation) -> gate.Entry:
    """Who asks may; and the results that are to be filed are at hand."""
    entry = gate.enter(cloud, request, operation)
    await learned.fitted(cloud.state.openai, files.without_results(cloud))
    return entry


def wire(cloud: Cloud, file: StoredFile) -> dict[str, Any]:
    status = file.status(cloud.clock.now().timestamp())
    shown: dict[str, Any] = {
        "id": file.id,
        "object": "file",
        # Null where it is not known yet (2024-10-21 specification).
        "bytes": None if file.imported and status == "pending" else file.size,
        "created_at": int(file.created_at),
        "filename": file.filename,
        "purpose": file.purpose,
        "status": status,
        # The field is called deprecated, and is where the reason of an error has been seen (azure-docs#107548).
        "status_details": file.fault if status == "error" else None,
    }
    expiry = {} if file.expires_at is None else {"expires_at": file.expires_at}
    return cloud.faults.conduct.told("file", shown | expiry)


def poll_hints(cloud: Cloud, seconds: float) -> dict[str, str]:
    """Headers that say when asking again is worth while, on the caller's clock.

    The simulator's own: OpenAI sends the first with other resources that are polled, Azure is not known to.
    """
    wait = cloud.clock.wait_hint(seconds)
    return {"openai-poll-after-ms": str(round(wait * 1000)), "retry-after": f"{wait:.3f}".rstrip("0").rstrip(".")}


def _given(form: FormData) -> tuple[IO[bytes], files.Upload]:
    file, purpose = form.get("file"), form.get("purpose")
    if not isinstance(file, UploadFile):
        raise errors.file_missing()
    seconds = form.get("expires_after[seconds]")
    expires_after = None
    if seconds is not None:
        anchored = form.get("expires_after[anchor]") == "created_at"
        if not anchored or not isinstance(seconds, str) or not seconds.isdigit():
            raise errors.invalid_expiry()
        expires_after = int(seconds)
    return file.file, files.Upload(
        filename=file.filename or "",
        content_type=file.content_type,
        size=file.size or 0,
        purpose=purpose if isinstance(purpose, str) else None,
        expires_after=expires_after,
    )
