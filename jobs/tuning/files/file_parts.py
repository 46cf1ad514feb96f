"""A file in parts: opened, sent part by part, completed. What was sent stays sent, as long as the upload is open."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from jobs.errors import ServiceRefused, Unavailable, Unsettled
from jobs.ports import FineTuning, StoredFile
from jobs.tuning.files.referenced import Source, size_of
from jobs.tuning.files.verified import verified
from jobs.tuning.journals.journal import BegunUpload
from jobs.tuning.patience import ANSWERING, Patience
from jobs.tuning.recording import timestamp

PART = 16 * 1024 * 1024
"""Bytes of a part, held at a time. OpenAI's reference allows 64 MiB; of less, less is sent again."""
_MARGIN = timedelta(minutes=10)
"""An upload that is so near to its end is not gone on with."""
_GONE = (400, 404, 409, 410)


class Closed(Exception):
    """The upload takes nothing any more. ``maybe_done``: that was asked for, without an answer, so that it may have
    become a file."""

    def __init__(self, refused: ServiceRefused, *, maybe_done: bool = False) -> None:
        super().__init__(refused.what)
        self.refused = refused
        self.maybe_done = maybe_done


@dataclass(frozen=True)
class FileParts:
    """The dataset ``source``, which has that digest, as the file ``filename``. ``keep``, ``tell``: as in ``Steps``."""

    service: FineTuning
    source: Source
    digest: str
    filename: str
    patience: Patience
    keep: Callable[[BegunUpload], object]
    tell: Callable[[int, int], None]

    def is_open(self, begun: BegunUpload) -> bool:
        """Whether there is time enough to go on with it."""
        if begun.id is None or begun.expires is None:
            return False
        return datetime.fromisoformat(begun.expires) - self.patience.clock.now() > _MARGIN

    def opened(self) -> BegunUpload:
        """A new one."""
        asking, now = self.patience.within(ANSWERING), self.patience.clock.now()
        opened = asking(lambda: self.service.open_upload(self.filename, size_of(self.source)))
        begun = BegunUpload(at=timestamp(now), id=opened.id, expires=timestamp(opened.expires_at), part_size=PART)
        self.keep(begun)
        return begun

    def completed(self, begun: BegunUpload) -> StoredFile:
        """The file that ``begun`` becomes; its parts that are there already are read, and not sent. Raises Closed."""
        if begun.id is None or begun.part_size is None:
            raise ValueError("an upload in parts has an ID and a size of its parts")
        parts, md5, number = list(begun.parts), hashlib.md5(usedforsecurity=False), 0
        with verified(self.source, self.digest, self.tell) as stream:
            while content := _next(stream, begun.part_size):
                md5.update(content)
                number += 1
                if number <= len(begun.parts):
                    continue
                parts.append(self._added(begun.id, content))
                self.keep(begun.model_copy(update={"parts": tuple(parts)}))
        return self._ended(begun.id, parts, md5.hexdigest(), asked_before=number == len(begun.parts))

    def _added(self, upload_id: str, content: bytes) -> str:
        try:
            return self.patience.within(ANSWERING)(lambda: self.service.add_part(upload_id, content))
        except ServiceRefused as refused:
            if _is_gone(refused):
                raise Closed(refused) from refused
            raise

    def _ended(self, upload_id: str, parts: list[str], md5: str, *, asked_before: bool) -> StoredFile:
        """``asked_before``: all parts were there, so that it may have been asked for its end already."""
        lost = [asked_before]

        def once() -> StoredFile:
            try:
                return self.service.complete_upload(upload_id, parts, md5)
            except Unsettled as unsettled:
                lost.append(True)
                raise Unavailable(
                    unsettled.what, details=unsettled.details, status=unsettled.status, code=unsettled.code
                ) from unsettled

        try:
            return self.patience.within(ANSWERING)(once)
        except ServiceRefused as refused:
            if _is_gone(refused):
                raise Closed(refused, maybe_done=any(lost)) from refused
            raise


def _is_gone(refused: ServiceRefused) -> bool:
    """Whether the upload may be one that the service doesn't know, or that isn't open any more: no page says which
    status it gives then. One that is too much for the account is too much each time."""
    return refused.status in _GONE and refused.code != "quotaExceeded"


def _next(stream: BinaryIO, size: int) -> bytes:
    """As many bytes, or as many as there are left."""
    pieces, left = [], size
    while left > 0 and (piece := stream.read(left)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
