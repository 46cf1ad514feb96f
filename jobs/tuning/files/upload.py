"""Datasets on their way: into the stack's storage, and into the account that trains. Each is sent once."""

from __future__ import annotations

from collections.abc import Callable

from jobs.ports import Blobs, FileStatus, FineTuning, StoredFile
from jobs.tuning.files.namesakes import PURPOSE, first, of_use
from jobs.tuning.files.referenced import Source, size_of
from jobs.tuning.files.sending import Sending, Steps
from jobs.tuning.files.verified import verified
from jobs.tuning.patience import ANSWERING, Patience
from jobs.tuning.run import FileIds, Run


def blob_name(digest: str) -> str:
    """The dataset's name in the container: its whole SHA-256."""
    return f"{digest}.jsonl"


def file_name(digest: str) -> str:
    """The dataset's name in the account, by which it is found again: the first 32 hex of its SHA-256."""
    return f"{digest[:32]}.jsonl"


def store(
    blobs: Blobs, source: Source, digest: str, patience: Patience, tell: Callable[[int, int], None] | None = None
) -> bool:
    """Keeps the dataset in the stack's storage. True if it was sent now, False if it was there.

    One that was named by reference too, wherever it lies: what a model was trained on is found by the digest alone.
    ``tell`` is told how many bytes of how many are on their way. What is interrupted leaves nothing that can be read.
    """

    def once() -> bool:
        with verified(source, digest, tell) as stream:
            return blobs.put_once(blob_name(digest), stream, size_of(source))

    return patience.within(ANSWERING)(once)


def stored_files(service: FineTuning, patience: Patience) -> list[StoredFile]:
    """The account's files for training that are of use, or may yet be."""
    found = patience.within(ANSWERING)(lambda: list(service.files()))
    return [file for file in found if file.purpose == PURPOSE and of_use(file)]


def file_ids(run: Run, files: list[StoredFile]) -> FileIds:
    """Which of ``files`` hold the run's datasets."""

    def ids(digest: str | None) -> frozenset[str]:
        return frozenset(file.id for file in files if digest and file.filename == file_name(digest))

    return FileIds(ids(run.digests.train), ids(run.digests.validation))


def ensure(
    service: FineTuning,
    source: Source,
    digest: str,
    files: list[StoredFile],
    patience: Patience,
    *,
    steps: Steps | None = None,
    blobs: Blobs | None = None,
) -> tuple[StoredFile, bool]:
    """The account's file with the dataset, processed; and whether it was sent now.

    steps    how far an upload is that somebody began, and who is told how far this one is
    blobs    the container in which the dataset is stored, where the service may fetch it from there

    Raises Unsupported for a file that is too large, RunFailed where the service cannot process it.
    """
    sending = Sending(service, source, digest, file_name(digest), patience, steps or Steps(), blobs, blob_name(digest))
    there = first([file for file in files if sending.files.holds(file)])
    if there is not None and (done := sending.files.settled(there)).status is FileStatus.PROCESSED:
        return done, False
    return sending.send(), True
