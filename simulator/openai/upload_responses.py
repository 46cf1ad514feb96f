"""The wire form of large files: those that come in parts, and those that are imported from a blob.

Dated routes only, as Azure's specifications have them; the v1 form of uploads, which Microsoft's newest reference
lists, is not simulated (microsoft/azure-skills says that a project answers it with 404).
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.cloud import Cloud
from simulator.errors import Refusal
from simulator.openai import errors, file_responses, files, gate, imports, uploads
from simulator.openai.upload_state import PartUpload

VERSIONS = frozenset({"2024-10-21", "2025-03-01-preview", "2025-04-01-preview", "2025-11-15-preview"})
"""Those whose specifications have both, as far as they were read; the last one is a notebook's
(microsoft-foundry/fine-tuning)."""
_OVERHEAD = 100_000
"""Bytes a form may have beside the part's own."""


async def import_file(request: Request) -> Response:
    """POST files/import: 201, and the file is `pending`, whatever becomes of it."""
    cloud, entry = _enter(request, gate.IMPORT)
    body = await _body(request)
    address = body.get("content_url")
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        raise errors.invalid_field("content_url", "must be a URL")
    given = files.Upload(_text(body, "filename"), "application/jsonl", 0, _text(body, "purpose"))
    files.check(cloud, entry.account.key, given)
    source = imports.Source.at(cloud, address)
    contents = cloud.state.openai.contents
    found = await asyncio.to_thread(imports.fetch, contents, source, request.app.state.ca_file)
    taken = imports.take(cloud, entry.account.key, given, found)
    host = request.path_params["host"]
    return JSONResponse(
        file_responses.wire(cloud, taken),
        201,
        headers={"Location": f"{cloud.endpoints.main}/{host}/openai/files/{taken.id}"},
    )


async def start(request: Request) -> Response:
    """POST uploads."""
    cloud, entry = _enter(request, gate.START_UPLOAD)
    body = await _body(request)
    size = body.get("bytes")
    if not isinstance(size, int) or isinstance(size, bool):
        raise errors.invalid_field("bytes", "must be a whole number")
    given = files.Upload(_text(body, "filename"), _text(body, "mime_type"), size, _text(body, "purpose"))
    upload = uploads.start(cloud, entry.account.key, given)
    host = request.path_params["host"]
    # So in the specification's example, `runs` included.
    location = f"{cloud.endpoints.main}/{host}/openai/uploads/runs/{upload.id}"
    return JSONResponse(wire(cloud, upload), headers={"Location": location})


async def add_part(request: Request) -> Response:
    """POST uploads/{id}/parts: multipart, with `data`."""
    cloud, entry = _enter(request, gate.ADD_PART)
    upload = uploads.find_open(cloud, entry.account.key, request.path_params["upload_id"])
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > uploads.LARGEST_PART + _OVERHEAD:
        raise errors.file_too_large()
    contents = cloud.state.openai.contents
    try:
        async with request.form() as form:
            data = form.get("data")
            if not isinstance(data, UploadFile):
                raise errors.field_missing("data")
            received = await asyncio.to_thread(contents.receive, data.file)
    except HTTPException as problem:
        raise errors.field_missing("data") from problem
    try:
        part = uploads.add(cloud, entry.account.key, upload.id, received)
    except Refusal:
        contents.refuse(received)
        raise
    return JSONResponse(
        {
            "upload_id": upload.id,
            "azure_block_id": part.block,
            "id": part.id,
            "created_at": int(part.created_at),
            "object": "upload.part",
        }
    )


async def complete(request: Request) -> Response:
    """POST uploads/{id}/complete: `part_ids` in the order of the file, and `md5` if wanted."""
    cloud, entry = _enter(request, gate.COMPLETE_UPLOAD)
    upload = uploads.find_open(cloud, entry.account.key, request.path_params["upload_id"])
    body = await _body(request)
    part_ids, md5 = body.get("part_ids"), body.get("md5")
    if not isinstance(part_ids, list) or not all(isinstance(each, str) for each in part_ids):
        raise errors.field_missing("part_ids")
    if md5 is not None and not isinstance(md5, str):
        raise errors.invalid_field("md5", "must be a text")
    contents = cloud.state.openai.contents
    parts = uploads.chosen(upload, part_ids)
    joined = await asyncio.to_thread(uploads.join, contents, parts)
    try:
        uploads.complete(cloud, upload, joined, md5)
    except Refusal:
        contents.refuse(joined.received)
        raise
    return JSONResponse(wire(cloud, upload))


async def cancel(request: Request) -> Response:
    """POST uploads/{id}/cancel."""
    cloud, entry = _enter(request, gate.CANCEL_UPLOAD)
    return JSONResponse(wire(cloud, uploads.cancel(cloud, entry.account.key, request.path_params["upload_id"])))


def wire(cloud: Cloud, upload: PartUpload) -> dict[str, Any]:
    now = cloud.clock.now().timestamp()
    file = cloud.state.openai.files.get(upload.file or "")
    return {
        "id": upload.id,
        "object": "upload",
        "bytes": upload.size,
        "filename": upload.filename,
        "purpose": upload.purpose,
        "status": upload.status(now),
        "created_at": int(upload.created_at),
        "expires_at": int(upload.expires_at),
        "file": file_responses.wire(cloud, file) if file is not None else None,
    }


def _enter(request: Request, operation: gate.Operation) -> tuple[Cloud, gate.Entry]:
    """Who asks may, and by a version of the API that has it."""
    cloud: Cloud = request.app.state.cloud
    entry = gate.enter(cloud, request, operation)
    version = request.query_params.get("api-version")
    if version is None:
        raise errors.resource_not_found()
    if version not in VERSIONS:
        raise errors.api_version_unknown()
    return cloud, entry


async def _body(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.body())
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise errors.grader_body_not_bindable()
    return found


def _text(body: dict[str, Any], name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str) or not found:
        raise errors.field_missing(name)
    return found
