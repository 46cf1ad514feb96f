"""One dataset on its way into the account, as one file of it: whole, fetched from the storage, or in parts.

Whatever is interrupted or lost, there is one file in the end. Before anything is asked for that becomes a file, the
steps are told; after an answer that was lost the file is looked for, and asked for again only when it is certain that
it isn't there. An upload in parts becomes one file and no other, so its requests may be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from jobs.errors import CloudFailed, DeadlinePassed, RunFailed, ServiceRefused, Unsettled, Unsupported
from jobs.ports import Blobs, FileStatus, FineTuning, Secret, StoredFile
from jobs.tuning.file_parts import Closed, FileParts
from jobs.tuning.journal import BegunUpload
from jobs.tuning.pace import followed
from jobs.tuning.patience import Patience, again_after
from jobs.tuning.recording import timestamp
from jobs.tuning.referenced import Source, size_of
from jobs.tuning.verified import verified

LARGE = 100_000_000
"""Bytes from which a file does not go whole: "Consider files 100MB or larger as large files" (Azure Well-Architected
Framework, Azure OpenAI). A form can neither be repeated in part nor resumed (azure-ai-docs, fine-tuning), and
microsoft/azure-skills has seen files of over 150 MB fail later, without a word."""
LARGEST_WHOLE = 512_000_000
"""Bytes of a file that is sent whole, or fetched: "less than 512 MB" (azure-ai-docs, fine-tuning, of both)."""
LARGEST = 8_000_000_000
"""Bytes of a file in parts: 8 GB by Microsoft's page on fine-tuning trouble, 9 GB by the specification."""
PURPOSE = "fine-tune"
LISTED = timedelta(minutes=5)
"""How long after a request whose answer was lost its file may still appear in the account's list. No page says how long
that takes; a minute more costs nothing."""
SIGNED = timedelta(hours=1)
"""How long an address is good by which the service fetches a file: it begins to at once."""
_ANSWERING = timedelta(minutes=5)
_PROCESSING = timedelta(minutes=30)
_POLL = 5.0
"""Seconds between two looks at a file where the service wishes nothing else."""
_LOOK = 10.0
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


def of_use(file: StoredFile) -> bool:
    return file.status is FileStatus.PROCESSED or file.status.coming


def first(files: list[StoredFile]) -> StoredFile | None:
    """The one to use: one that is processed already before one that is still on its way, and the elder one."""
    return min(files, key=lambda file: (file.status is not FileStatus.PROCESSED, *_age(file)), default=None)


def _age(file: StoredFile) -> tuple[bool, float, str]:
    return file.created_at is None, file.created_at.timestamp() if file.created_at else 0.0, file.id


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
    _ours: set[str] = field(default_factory=set, init=False)
    """IDs of files that came of requests of this very command: none but these is ever deleted."""

    @property
    def size(self) -> int:
        return size_of(self.source)

    def send(self) -> StoredFile:
        """The file, processed. Raises Unsupported where it is too large, RunFailed where the service can't use it."""
        if self.size > LARGEST:
            raise Unsupported(f"{self.source} has {self.size:,} bytes; the service takes files of up to {LARGEST:,}")
        begun = self.steps.begun
        if begun is not None and begun.id is None:
            there = self._arrived(LISTED - self.steps.silence)
            if there is not None and (done := self.settled(there)).status is FileStatus.PROCESSED:
                return done
        for way in self._ways():
            try:
                return self._alone(self.processed(way()))
            except _NotThisWay as reason:
                self.steps.say(f"{self.source.name} {reason}")
        raise Unsupported(
            f"{self.source} has {self.size:,} bytes, and this account takes files of up to {LARGEST_WHOLE:,}",
            details=["It offers no upload in parts."],
        )

    def processed(self, file: StoredFile) -> StoredFile:
        """The file once the service has processed it."""
        file = self.settled(file)
        if file.status is not FileStatus.PROCESSED:
            details = [file.detail] if file.detail else []
            raise RunFailed(f"the service cannot use {self.source}: its status is {file.status.value}", details=details)
        return file

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
        address = self._signed(blobs)
        self.steps.say(f"{self.source.name} is fetched from the storage by the service")
        try:
            file = self.settled(self._asked_for(lambda: self.service.import_blob(address, self.filename)))
        except ServiceRefused as refused:
            if refused.status in _NOT_OFFERED or refused.code == "fileImportFailed":
                raise _NotThisWay("cannot be imported by this account; it goes in parts") from None
            raise
        if file.status is FileStatus.PROCESSED and file.size in (0, self.size):
            return file
        self._delete(file)
        why = f" ({address.kept_from(file.detail)})" if file.detail else ""
        raise _NotThisWay(f"could not be fetched by the service{why}; it goes in parts")

    def _signed(self, blobs: Blobs) -> Secret:
        try:
            return self.patience.within(_ANSWERING)(lambda: blobs.signed_address(self.blob, SIGNED))
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
                return self._noted(self._parts.completed(begun))
            except Closed as closed:
                last, maybe_done = closed.refused, closed.maybe_done
            arrived = self._arrived(LISTED) if maybe_done else None
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
            there = self._arrived(again_after(lost, LISTED)) if lost is not None else None
            if there is not None:
                return there
            self.steps.keep(BegunUpload(at=timestamp(self.patience.clock.now())))
            try:
                return self._noted(self.patience.within(_ANSWERING)(request))
            except Unsettled as unsettled:
                lost = unsettled
        if lost is None:
            raise ValueError("there is one try at least")
        lost.details += ("The account lists no such file by now.",)
        raise lost

    def _noted(self, file: StoredFile) -> StoredFile:
        self._ours.add(file.id)
        return file

    def _delete(self, file: StoredFile) -> None:
        """What is of no use any more and ours; what can't be deleted stays."""
        if file.id in self._ours:
            with suppress(CloudFailed):
                self.service.delete_file(file.id)

    def _arrived(self, limit: timedelta) -> StoredFile | None:
        """The account's file of that name, looked for until it is there or the time is over."""
        clock = self.patience.clock
        until, told = clock.now() + limit, False
        while True:
            there = first(self._listed())
            if there is not None or clock.now() >= until:
                return there
            if clock.now() >= self.patience.deadline:
                raise DeadlinePassed(f"the deadline has passed, and whether {self.source} has arrived is not known yet")
            if not told:
                told = True
                self.steps.say(
                    f"{self.source.name} may have arrived: the account is asked for it until {until:%H:%M} UTC"
                )
            clock.sleep(_LOOK)

    def _listed(self) -> list[StoredFile]:
        found = self.patience.within(_ANSWERING)(lambda: list(self.service.files()))
        return [file for file in found if self.holds(file)]

    def holds(self, file: StoredFile) -> bool:
        """Whether the account's file is this dataset, and of use."""
        same = file.purpose == PURPOSE and file.filename == self.filename and file.size in (0, self.size)
        return same and of_use(file)

    def _alone(self, file: StoredFile) -> StoredFile:
        """``file``, or an elder one of the same dataset, which somebody else has sent, or a request whose answer was
        lost. Then ``file`` goes, if it is ours and no job has it by now."""
        elder = first([other for other in self._listed() if _age(other) < _age(file)])
        if elder is None:
            return file
        try:
            elder = self.processed(elder)
        except (RunFailed, DeadlinePassed):
            return file
        jobs = self.patience.within(_ANSWERING)(lambda: list(self.service.jobs()))
        if all(file.id not in (job.training_file, job.validation_file) for job in jobs):
            self._delete(file)
        return elder

    def settled(self, file: StoredFile) -> StoredFile:
        """The file once the service has done with it."""
        waiting, tiny = self.patience.within(_PROCESSING), 0
        while file.status.coming:
            file = waiting(partial(self.service.file, file.id))
            if not file.status.coming:
                break
            left = (waiting.deadline - waiting.clock.now()).total_seconds()
            if left <= 0:
                raise DeadlinePassed(
                    f"{self.source} is not processed yet by the service; its status is {file.status.value}"
                )
            wait, tiny = followed(file.next_poll, _POLL, tiny)
            waiting.clock.sleep(min(wait, left))
        return file
