"""Datasets on their way: into the stack's storage, and into the account that trains. Each is sent once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from jobs.errors import DeadlinePassed, RunFailed, Unavailable, Unsettled, Unsupported
from jobs.ports import Blobs, FileStatus, FineTuning, StoredFile
from jobs.tuning.patience import Patience
from jobs.tuning.referenced import Source, size_of
from jobs.tuning.run import FileIds, Run
from jobs.tuning.verified import verified

LARGEST = 512 * 1024 * 1024
"""Bytes of a file that the service takes by plain upload (Azure OpenAI specification)."""
PURPOSE = "fine-tune"
_ANSWERING = timedelta(minutes=5)
_PROCESSING = timedelta(minutes=30)
_POLL = 5.0
"""Seconds between two looks at a file where the service wishes nothing else."""


def blob_name(digest: str) -> str:
    """The dataset's name in the container: its whole SHA-256."""
    return f"{digest}.jsonl"


def file_name(digest: str) -> str:
    """The dataset's name in the account, by which it is found again: the first 32 hex of its SHA-256."""
    return f"{digest[:32]}.jsonl"


def store(blobs: Blobs, source: Source, digest: str, patience: Patience) -> bool:
    """Keeps the dataset in the stack's storage. True if it was sent now, False if it was there.

    One that was named by reference too, wherever it lies: what a model was trained on is found by the digest alone.
    """

    def once() -> bool:
        with verified(source, digest) as stream:
            return blobs.put_once(blob_name(digest), stream, size_of(source))

    return patience.within(_ANSWERING)(once)


def stored_files(service: FineTuning, patience: Patience) -> list[StoredFile]:
    """The account's files for training that are of use, or may yet be."""
    found = patience.within(_ANSWERING)(lambda: list(service.files()))
    return [file for file in found if file.purpose == PURPOSE and _of_use(file)]


def file_ids(run: Run, files: list[StoredFile]) -> FileIds:
    """Which of ``files`` hold the run's datasets."""

    def ids(digest: str | None) -> frozenset[str]:
        return frozenset(file.id for file in files if digest and file.filename == file_name(digest))

    return FileIds(ids(run.digests.train), ids(run.digests.validation))


def ensure(
    service: FineTuning, source: Source, digest: str, files: list[StoredFile], patience: Patience
) -> tuple[StoredFile, bool]:
    """The account's file with the dataset, processed; and whether it was sent now.

    Raises Unsupported for a file that is too large, RunFailed where the service cannot process it.
    """
    size = size_of(source)
    if size > LARGEST:
        raise Unsupported(f"{source} has {size:,} bytes; this version uploads files of up to {LARGEST:,}")
    same = [file for file in files if file.filename == file_name(digest) and file.size in (0, size)]
    # One that is processed already before one that is still on its way.
    chosen = min(same, key=lambda file: file.status is not FileStatus.PROCESSED, default=None)
    sent = chosen is None
    if chosen is None:
        chosen = _send(service, source, digest, patience)
    return wait_processed(service, chosen, source, patience), sent


def wait_processed(service: FineTuning, file: StoredFile, source: Source, patience: Patience) -> StoredFile:
    """The file once the service has processed it."""
    waiting = patience.within(_PROCESSING)
    while file.status.coming:
        file = waiting(partial(service.file, file.id))
        if not file.status.coming:
            break
        if waiting.clock.now() >= waiting.deadline:
            raise DeadlinePassed(f"{source} is not processed yet by the service; its status is {file.status.value}")
        waiting.clock.sleep(_POLL if file.next_poll is None else file.next_poll)
    if file.status is not FileStatus.PROCESSED:
        details = [file.detail] if file.detail else []
        raise RunFailed(f"the service cannot use {source}: its status is {file.status.value}", details=details)
    return file


def _send(service: FineTuning, source: Source, digest: str, patience: Patience) -> StoredFile:
    lost: list[Unsettled] = []

    def once() -> StoredFile:
        if lost:
            # An earlier attempt may have arrived. Where nothing of it is there, sending again is safe: it is free.
            arrived = [file for file in service.files() if file.filename == file_name(digest) and _of_use(file)]
            if arrived:
                return arrived[0]
        try:
            with verified(source, digest) as stream:
                return service.upload(stream, file_name(digest))
        except Unsettled as unsettled:
            lost.append(unsettled)
            raise Unavailable(unsettled.what, details=unsettled.details, status=unsettled.status) from unsettled

    return patience.within(_ANSWERING)(once)


def _of_use(file: StoredFile) -> bool:
    return file.status is FileStatus.PROCESSED or file.status.coming
