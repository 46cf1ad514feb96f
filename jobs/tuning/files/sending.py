"""One dataset on its way into the account, as one file of it: whole, fetched from the storage, or in parts.

Whatever is interrupted or lost, there is one file in the end. Before anything is asked for that becomes a file, the
steps are told; after an answer that was lost the file is looked for, and asked for again only when it is certain that
it isn't there. An upload in parts becomes one file and no other, so its requests may be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, partial

from jobs.errors import ServiceRefused, Unsettled, Unsupported
from jobs.ports import Blobs, FileStatus, FineTuning, Secret, StoredFile
from jobs.tuning.files.file_parts import Closed, FileParts
from jobs.tuning.files.namesakes import Namesakes
from jobs.tuning.files.referenced import Source, size_of
from jobs.tuning.files.verified import verified
from jobs.tuning.journals.journal import BegunUpload
from jobs.tuning.patience import ANSWERING, LISTED, Patience, again_after
from jobs.tuning.recording import timestamp

LARGE = 100_000_000
"""Bytes from which a file does not go whole: "Consider files 100MB or larger as large files" (Azure Well-Architected
Framework, Azure OpenAI). A form can neither be repeated in part nor resumed (azure-ai-docs, fine-tuning), and
microsoft/azure-skills has seen files of over 150 MB fail later, without a word."""
LARGEST_WHOLE = 512_000_000
"""Bytes of a file that is sent whole, or fetched: "less than 512 MB" (azure-ai-docs, fine-tuning, of both)."""
LARGEST = 8_000_000_000
"""Bytes of a file in parts: 8 GB by Microsoft's page on fine-tuning trouble, 9 GB by the specification."""
SIGNED = timedelta(hours=1)
"""How long an address is good by which the service fetches a file: it begins to at once."""
_TRIES = 3
_NOT_OFFERED = (404, 405, 501)


def _nothing(*_: object) -> None:
    pass


@dataclass(frozen=True)
class Steps:
    """How far an upload is, for whoever watches it, or goes on with it.

    begun     what is known of one that somebody began, as long as nobody knows what came of it
    silence   how long ago that one was heard of last
    keep      is told of each step before the next one
    tell      is told how many bytes of how many are on their way, as often as there are more
    say       is told of what takes a while, and of a way that cannot be gone
    """

    begun: BegunUpload | None = None
    silence: timedelta = timedelta(0)
    keep: Callable[[BegunUpload], object] = _nothing
    tell: Callable[[int, int], None] = _nothing
    say: Callable[[str], None] = _nothing


class _NotThisWay(Exception):
    """This way leads nowhere; the next one may."""


@dataclass(frozen=True)
class Sending:
    """The dataset ``source``, which has that digest, as the file ``filename`` of the account.

    blobs, blob   the container and the blob in which it lies; None where the service cannot fetch it there
    """

    service: FineTuning
    source: Source
    digest: str
    filename: str
    patience: Patience
    steps: Steps = field(default_factory=Steps)
    blobs: Blobs | None = None
    blob: str = ""

    @property
    def size(self) -> int:
        return size_of(self.source)

    @cached_property
    def files(self) -> Namesakes:
        return Namesakes(self.service, self.source, self.filename, self.patience, self.steps.say)

    def send(self) -> StoredFile:
        """The file, processed. Raises Unsupported where it is too large, RunFailed where the service can't use it."""
        if self.size > LARGEST:
            raise Unsupported(f"{self.source} has {self.size:,} bytes; the service takes files of up to {LARGEST:,}")
        begun = self.steps.begun
        if begun is not None and begun.id is None:
            there = self.files.arrived(LISTED - self.steps.silence)
            if there is not None and (done := self.files.settled(there)).status is FileStatus.PROCESSED:
                return done
            self.files.clear_up(datetime.fromisoformat(begun.at))
        for way in self._ways():
            try:
                return self.files.alone(self.files.processed(way()))
            except _NotThisWay as reason:
                self.steps.say(f"{self.source.name} {reason}")
        raise Unsupported(
            f"{self.source} has {self.size:,} bytes, and this account takes files of up to {LARGEST_WHOLE:,}",
            details=["It offers no upload in parts."],
        )

    def _ways(self) -> Iterator[Callable[[], StoredFile]]:
        """One after the other, as long as one leads nowhere."""
        if self.size >= LARGE:
            begun = self.steps.begun
            if begun is not None and self._parts.is_open(begun):
                yield partial(self._in_parts, begun)
            if self.blobs is not None and self.size <= LARGEST_WHOLE:
                yield partial(self._fetched, self.blobs)
            yield self._in_parts
        if self.size <= LARGEST_WHOLE:
            yield self._whole

    def _whole(self) -> StoredFile:
        def once() -> StoredFile:
            with verified(self.source, self.digest, self.steps.tell) as stream:
                return self.service.upload(stream, self.filename)

        return self._asked_for(once)

    def _fetched(self, blobs: Blobs) -> StoredFile:
        address, since = self._signed(blobs), self.patience.clock.now()
        self.steps.say(f"{self.source.name} is fetched from the storage by the service")
        try:
            file = self.files.settled(self._asked_for(lambda: self.service.import_blob(address, self.filename)))
        except ServiceRefused as refused:
            if refused.status in _NOT_OFFERED or refused.code == "fileImportFailed":
                raise _NotThisWay("cannot be imported by this account; it goes in parts") from None
            raise
        if file.status is FileStatus.PROCESSED and file.size in (0, self.size):
            return file
        self.files.delete(file)
        # And what came of a request whose answer was lost.
        self.files.clear_up(since)
        why = f" ({address.kept_from(file.detail)})" if file.detail else ""
        raise _NotThisWay(f"could not be fetched by the service{why}; it goes in parts")

    def _signed(self, blobs: Blobs) -> Secret:
        try:
            return self.patience.within(ANSWERING)(lambda: blobs.signed_address(self.blob, SIGNED))
        except ServiceRefused as refused:
            raise _NotThisWay(f"cannot be imported, since {refused.what}; it goes in parts") from None

    def _in_parts(self, begun: BegunUpload | None = None) -> StoredFile:
        last: ServiceRefused | None = None
        if begun is not None:
            there = len(begun.parts)
            self.steps.say(f"{self.source.name} goes on where it broke off: {there} of its parts are there")
        for _ in range(_TRIES):
            begun = begun or self._opened()
            try:
                return self.files.ours(self._parts.completed(begun))
            except Closed as closed:
                last, maybe_done = closed.refused, closed.maybe_done
            arrived = self.files.arrived(LISTED) if maybe_done else None
            if arrived is not None:
                return arrived
            begun = None
        if last is None:
            raise ValueError("there is one try at least")
        raise last

    def _opened(self) -> BegunUpload:
        try:
            return self._parts.opened()
        except ServiceRefused as refused:
            if refused.status in _NOT_OFFERED:
                raise _NotThisWay("cannot be sent in parts to this account; it goes whole") from None
            raise

    @property
    def _parts(self) -> FileParts:
        steps = self.steps
        return FileParts(self.service, self.source, self.digest, self.filename, self.patience, steps.keep, steps.tell)

    def _asked_for(self, request: Callable[[], StoredFile]) -> StoredFile:
        """What ``request`` answers, or the file that is there where its answer was lost."""
        lost: Unsettled | None = None
        for _ in range(_TRIES):
            there = self.files.arrived(again_after(lost, LISTED)) if lost is not None else None
            if there is not None:
                return there
            self.steps.keep(BegunUpload(at=timestamp(self.patience.clock.now())))
            try:
                return self.files.ours(self.patience.within(ANSWERING)(request))
            except Unsettled as unsettled:
                lost = unsettled
        if lost is None:
            raise ValueError("there is one try at least")
        lost.details += ("The account lists no such file by now.",)
        raise lost
