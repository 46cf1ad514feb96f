"""A blob in memory, and what refers to it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from jobs.errors import CloudFailed, ServiceRefused
from jobs.ports import BlobVersion
from jobs.tuning.files.referenced import Referenced
from jobs.tuning.patience import Patience
from tests.jobs.doubles import START, HandClock

ADDRESS = "https://contosodata.blob.core.windows.net/approved/t.jsonl"


@dataclass
class KeptBlob:
    """A RemoteBlob. ``errors`` are raised by the next reads, one each; ``asked`` has offset and length of each read."""

    content: bytes
    etag: str = "0x1"
    errors: list[CloudFailed] = field(default_factory=list)
    asked: list[tuple[int, int]] = field(default_factory=list)

    def version(self) -> BlobVersion:
        if self.errors:
            raise self.errors.pop(0)
        return BlobVersion(self.etag, len(self.content))

    def read(self, offset: int, length: int, etag: str) -> bytes:
        self.asked.append((offset, length))
        if self.errors:
            raise self.errors.pop(0)
        if etag != self.etag:
            raise ServiceRefused("The condition specified using HTTP conditional header(s) is not met.", status=412)
        return self.content[offset : offset + length]


def patience(clock: HandClock | None = None) -> Patience:
    return Patience(clock or HandClock(), START + timedelta(hours=24), lambda *_: None)


def referenced(content: bytes | KeptBlob, *, key: str = "data.train", clock: HandClock | None = None) -> Referenced:
    blob = content if isinstance(content, KeptBlob) else KeptBlob(content)
    digest = hashlib.sha256(blob.content).hexdigest()
    return Referenced(key, ADDRESS, digest, blob, blob.version(), patience(clock))
