"""What a double of the service does with files that don't come whole: it fetches them, or takes them in parts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from jobs.errors import ServiceRefused
from jobs.ports import FileStatus, OpenUpload, Secret, StoredFile

if TYPE_CHECKING:
    from tests.jobs.doubles import HandClock, KeptBlobs

SIGNATURE = "c2lnbmVk"
"""Of every address that is signed; nobody is shown it."""


def signed(name: str) -> Secret:
    return Secret(f"https://storage.example/datasets/{name}?sp=r&sig={SIGNATURE}")


@dataclass
class Upload:
    """One in parts."""

    filename: str
    size: int
    expires_at: datetime
    parts: dict[str, bytes] = field(default_factory=dict)
    ended: bool = False


class LargeFiles:
    """Half a FineTuning.

    calls, stored, clock   of the whole
    storage       where it fetches from; None: it offers no imports
    takes_parts   whether it offers uploads in parts
    """

    calls: list[str]
    stored: list[StoredFile]
    clock: HandClock
    storage: KeptBlobs | None = None
    takes_parts = False
    _made = 0

    @cached_property
    def uploads(self) -> dict[str, Upload]:
        return {}

    def import_blob(self, address: Secret, filename: str) -> StoredFile:
        if self.storage is None:
            raise ServiceRefused("no such route", status=404)
        self.calls.append(f"import {filename}")
        blob = address.value.partition("?")[0].rpartition("/")[2]
        taken = self.taken(filename, self.storage.blobs[blob])
        self.stored.append(taken)
        return replace(taken, size=0)

    def open_upload(self, filename: str, size: int) -> OpenUpload:
        if not self.takes_parts:
            raise ServiceRefused("no such route", status=404)
        opened = OpenUpload(f"upload-{len(self.uploads) + 1}", self.clock.now() + timedelta(hours=2))
        self.calls.append(f"open {opened.id}")
        self.uploads[opened.id] = Upload(filename, size, opened.expires_at)
        return opened

    def add_part(self, upload_id: str, content: bytes) -> str:
        self.calls.append(f"add to {upload_id}")
        upload = self._open(upload_id)
        part_id = f"part-{len(upload.parts) + 1}"
        upload.parts[part_id] = content
        return part_id

    def complete_upload(self, upload_id: str, part_ids: Sequence[str], md5: str) -> StoredFile:
        self.calls.append(f"complete {upload_id}")
        upload = self._open(upload_id)
        whole = b"".join(upload.parts[each] for each in part_ids)
        if len(whole) != upload.size or hashlib.md5(whole, usedforsecurity=False).hexdigest() != md5:
            raise ServiceRefused("other bytes", status=400, code="invalidPayload")
        upload.ended = True
        taken = self.taken(upload.filename, whole)
        self.stored.append(taken)
        return taken

    @cached_property
    def contents(self) -> dict[str, bytes]:
        """Of files, by ID."""
        return {}

    def taken(self, filename: str, content: bytes) -> StoredFile:
        """A file, new and not stored yet."""
        self._made += 1
        now = self.clock.now()
        file_id = f"file-{self._made:032x}"
        self.contents[file_id] = content
        return StoredFile(file_id, filename, "fine-tune", len(content), FileStatus.PENDING, created_at=now)

    def _open(self, upload_id: str) -> Upload:
        upload = self.uploads[upload_id]
        if upload.ended or self.clock.now() >= upload.expires_at:
            raise ServiceRefused("not open any more", status=400, code="unexpectedEntityState")
        return upload
