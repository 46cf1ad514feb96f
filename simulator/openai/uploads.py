"""Rules for large files in parts: start, add, complete, cancel. No HTTP here.

Sizes and times: Azure OpenAI specification 2024-10-21, "Upload File" (9 GB in all, a part as large as a file, two
hours). Microsoft's page on fine-tuning trouble says 8 GB: what is beyond the larger is refused here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

from simulator.openai import errors, files
from simulator.openai.contents import PIECE, Contents, Received
from simulator.openai.learning.examples import holds_json_lines
from simulator.openai.models import StoredFile
from simulator.openai.upload_state import Part, PartUpload

if TYPE_CHECKING:
    from simulator.cloud import Cloud

LARGEST = 9_000_000_000
LARGEST_PART = files.LARGEST
LIFETIME = 7200
"""Seconds from the start of an upload to its end."""


@dataclass(frozen=True)
class Joined:
    """The parts as one file, received and not yet kept. `md5` in hex; `lines`: whether it holds JSON lines."""

    received: Received
    md5: str
    lines: bool


def start(cloud: Cloud, account: str, given: files.Upload) -> PartUpload:
    """Opens an upload. `given.size` is what it is to have in the end; its content type is the file's."""
    if not 0 < given.size <= LARGEST:
        raise errors.upload_too_large()
    files.check(cloud, account, replace(given, size=0))
    state, now = cloud.state.openai, cloud.clock.now().timestamp()
    _forget_expired(cloud, now)
    upload = PartUpload(
        id=f"{given.purpose}-{state.new_hex(account, now)}",
        account=account,
        filename=given.filename,
        purpose=str(given.purpose),
        mime_type=str(given.content_type),
        size=given.size,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    state.uploads[upload.id] = upload
    cloud.changed()
    return upload


def find(cloud: Cloud, account: str, upload_id: str) -> PartUpload:
    found = cloud.state.openai.uploads.get(upload_id)
    if found is None or found.account != account:
        raise errors.upload_absent()
    return found


def find_open(cloud: Cloud, account: str, upload_id: str) -> PartUpload:
    """One that still takes parts."""
    found = find(cloud, account, upload_id)
    if found.status(cloud.clock.now().timestamp()) != "pending":
        raise errors.upload_not_open()
    return found


def add(cloud: Cloud, account: str, upload_id: str, received: Received) -> Part:
    """Takes a part in."""
    upload = find_open(cloud, account, upload_id)
    if received.size > LARGEST_PART:
        raise errors.file_too_large()
    state, now = cloud.state.openai, cloud.clock.now().timestamp()
    name = state.new_hex(account, now)
    part = Part(
        id=f"uplprt-{name}",
        block=base64.b64encode(bytes.fromhex(name)).decode(),
        content=state.contents.keep(received),
        size=received.size,
        created_at=now,
    )
    upload.parts[part.id] = part
    cloud.changed()
    return part


def chosen(upload: PartUpload, part_ids: Sequence[str]) -> list[Part]:
    """The parts of which the file is to be made, in that order."""
    found = [upload.part(each) for each in part_ids]
    parts = [part for part in found if part is not None]
    if not parts or len(parts) < len(found) or len({part.id for part in parts}) < len(parts):
        raise errors.unknown_part()
    if sum(part.size for part in parts) != upload.size:
        raise errors.bytes_differ(upload.size)
    return parts


def join(contents: Contents, parts: Sequence[Part]) -> Joined:
    """Puts the parts together. For any thread: they may be large."""
    stream = _Joining(contents, parts)
    received = contents.receive(stream)  # type: ignore[arg-type]  # All it asks of a stream is read().
    with received.open() as whole:
        return Joined(received, stream.md5.hexdigest(), holds_json_lines(whole))


def complete(cloud: Cloud, upload: PartUpload, joined: Joined, md5: str | None) -> StoredFile:
    """The file that the upload becomes; its parts go."""
    find_open(cloud, upload.account, upload.id)
    if md5 is not None and md5 not in (joined.md5, base64.b64encode(bytes.fromhex(joined.md5)).decode()):
        raise errors.md5_differs()
    given = files.Upload(upload.filename, upload.mime_type, joined.received.size, upload.purpose)
    file = files.upload(
        cloud, upload.account, given, joined.received, lines=joined.lines or not given.needs_lines, largest=LARGEST
    )
    upload.closed, upload.file = "completed", file.id
    _forget_parts(cloud, upload)
    return file


def cancel(cloud: Cloud, account: str, upload_id: str) -> PartUpload:
    upload = find_open(cloud, account, upload_id)
    upload.closed = "cancelled"
    _forget_parts(cloud, upload)
    return upload


def _forget_parts(cloud: Cloud, upload: PartUpload) -> None:
    gone, upload.parts = upload.parts, {}
    for part in gone.values():
        cloud.state.openai.forget(part.content)
    cloud.changed()


def _forget_expired(cloud: Cloud, now: float) -> None:
    for upload in cloud.state.openai.uploads.values():
        if upload.parts and upload.status(now) == "expired":
            _forget_parts(cloud, upload)


class _Joining:
    """One part after another, read once; `md5` of what was read."""

    def __init__(self, contents: Contents, parts: Sequence[Part]) -> None:
        self._contents = contents
        self._left = list(parts)
        self._open: IO[bytes] | None = None
        self.md5 = hashlib.md5(usedforsecurity=False)

    def read(self, size: int = -1) -> bytes:
        pieces: list[bytes] = []
        while size < 0 or not pieces:
            piece = self._piece(PIECE if size < 0 else size)
            if not piece:
                break
            self.md5.update(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def _piece(self, size: int) -> bytes:
        while self._open is not None or self._left:
            if self._open is None:
                self._open = self._contents.open(self._left.pop(0).content)
            if piece := self._open.read(size):
                return piece
            self._open.close()
            self._open = None
        return b""
