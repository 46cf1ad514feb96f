"""What ``jobs`` needs from outside, in its own terms: the ports and the values that pass through them.

Adapters (``jobs.azure``, ``jobs.stacks``) keep these promises; tests keep them with doubles. Every method may raise a
``jobs.errors.CloudFailed``; ``Unavailable`` where asking again may help. Moments are aware and in UTC.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from contract.graders import AnyGrader, ResponseFormat
from contract.hyperparameters import HyperparameterSpec
from contract.outputs import StackOutputs
from contract.release import Method, Releases, TrainingType


class JobState(enum.Enum):
    """Where a fine-tuning job stands.

    Values: Azure's (Azure OpenAI specification 2025-04-01-preview) and, where they differ, OpenAI's own.
    """

    CREATED = "created"
    VALIDATING_FILES = "validating_files"
    PENDING = "pending"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    RESUMING = "resuming"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = ""


@dataclass(frozen=True)
class JobStatus:
    """A state, and the word the service used for it: an unknown one is shown as it came, and waited out."""

    state: JobState
    text: str

    @classmethod
    def parse(cls, text: str) -> JobStatus:
        """Case, ``-`` and blanks don't count; one ``l`` in ``canceled`` is let pass."""
        word = text.strip().lower().replace("-", "_").replace(" ", "_").replace("canceled", "cancelled")
        try:
            return cls(JobState(word), text) if word else cls(JobState.UNKNOWN, "unknown")
        except ValueError:
            return cls(JobState.UNKNOWN, text)

    @property
    def ended(self) -> bool:
        return self.state in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)

    @property
    def usable(self) -> bool:
        """Whether the job has made a model, or still may."""
        return self.state not in (JobState.FAILED, JobState.CANCELLED)

    def __str__(self) -> str:
        return self.text


class FileStatus(enum.Enum):
    """Where an uploaded file stands. Values: Azure OpenAI specification 2024-10-21."""

    UPLOADED = "uploaded"
    PENDING = "pending"
    RUNNING = "running"
    PROCESSED = "processed"
    ERROR = "error"
    DELETING = "deleting"
    DELETED = "deleted"
    UNKNOWN = ""

    @classmethod
    def parse(cls, text: str) -> FileStatus:
        try:
            return cls(text.strip().lower())
        except ValueError:
            return cls.UNKNOWN

    @property
    def coming(self) -> bool:
        """Whether the file may yet become ``processed``."""
        return self in (FileStatus.UPLOADED, FileStatus.PENDING, FileStatus.RUNNING, FileStatus.UNKNOWN)


@dataclass(frozen=True)
class StoredFile:
    """A file of an account. ``size`` in bytes, 0 where the service does not tell it; ``next_poll`` as in ``Job``."""

    id: str
    filename: str
    purpose: str
    size: int
    status: FileStatus
    detail: str | None = None
    next_poll: float | None = None
    created_at: datetime | None = None


@dataclass(frozen=True)
class Secret:
    """A text that is for one recipient, and is shown to nobody else."""

    value: str = field(repr=False)

    def kept_from(self, text: str) -> str:
        """``text`` without it, and without what follows its question mark: that is what an address is signed with."""
        for part in (self.value, self.value.partition("?")[2]):
            text = text.replace(part, "(left out)") if part else text
        return text


@dataclass(frozen=True)
class OpenUpload:
    """A file that is sent in parts. After ``expires_at`` it takes no more."""

    id: str
    expires_at: datetime


@dataclass(frozen=True)
class JobError:
    """Why a job failed, in the service's words."""

    code: str | None
    message: str


@dataclass(frozen=True)
class EchoedHyperparameters:
    """As the service tells them: a number, ``auto``, or None where it does not tell (it may answer -1 or null)."""

    epochs: int | str | None = None
    batch_size: int | str | None = None
    learning_rate_multiplier: float | str | None = None
    beta: float | str | None = None
    l2_multiplier: float | str | None = None
    eval_interval: int | str | None = None
    eval_samples: int | str | None = None
    compute_multiplier: float | str | None = None
    reasoning_effort: str | None = None


@dataclass(frozen=True)
class Job:
    """A fine-tuning job.

    model        what it trains: a base model's ID or a tuned model's
    suffix       None where the service does not tell it
    training_type   in the service's spelling, such as ``globalStandard``; None where it does not tell it
    next_poll    seconds after which the service asks to be asked again, where it says so
    request_id   of the answer this was read from
    """

    id: str
    status: JobStatus
    model: str
    created_at: datetime
    suffix: str | None = None
    training_file: str | None = None
    validation_file: str | None = None
    seed: int | None = None
    method: str | None = None
    training_type: str | None = None
    hyperparameters: EchoedHyperparameters = EchoedHyperparameters()
    finished_at: datetime | None = None
    estimated_finish: datetime | None = None
    fine_tuned_model: str | None = None
    trained_tokens: int | None = None
    result_files: tuple[str, ...] = ()
    error: JobError | None = None
    next_poll: float | None = None
    request_id: str | None = None


@dataclass(frozen=True)
class Event:
    """Something a job said. ``metrics`` are the numbers that came with it: ``step``, ``train_loss`` and the like."""

    id: str
    at: datetime
    level: str
    message: str
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Checkpoint:
    """A state of the model that was kept."""

    id: str
    step: int
    model_id: str
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class JobRequest:
    """What a run asks the service for. ``grader`` and ``response_format`` are of reinforcement."""

    model: str
    training_file: str
    validation_file: str | None
    suffix: str
    seed: int
    method: Method
    training_type: TrainingType
    hyperparameters: HyperparameterSpec = field(default_factory=HyperparameterSpec)
    grader: AnyGrader | None = None
    response_format: ResponseFormat | None = None


class FineTuning(Protocol):
    """Files and fine-tuning jobs of one account."""

    def files(self) -> Iterator[StoredFile]:
        """All files of the account."""
        ...

    def file(self, file_id: str) -> StoredFile: ...

    def upload(self, stream: BinaryIO, filename: str) -> StoredFile:
        """Sends what ``stream``, which can be wound, holds as a file of that name, once and piece by piece.
        ``Unsettled`` where the answer was lost."""
        ...

    def import_blob(self, address: Secret, filename: str) -> StoredFile:
        """Lets the service fetch what lies at ``address``, a blob's with what it is signed with, as a file of that
        name; asked once. ``Unsettled`` where the answer was lost, ``ServiceRefused`` with 404, 405 or 501 where it has
        no such request. No error shows the signature."""
        ...

    def open_upload(self, filename: str, size: int) -> OpenUpload:
        """Begins a file of ``size`` bytes that comes in parts. Nothing is left of one that is not completed.
        ``ServiceRefused`` with 404, 405 or 501 where the service has no such request."""
        ...

    def add_part(self, upload_id: str, content: bytes) -> str:
        """The ID of the part. One that is sent twice counts once: ``complete_upload`` names those that count."""
        ...

    def complete_upload(self, upload_id: str, part_ids: Sequence[str], md5: str) -> StoredFile:
        """Makes the file of these parts, in that order; ``md5`` of all of it in hex. An upload becomes one file and no
        other. ``Unsettled`` where the answer was lost, ``ServiceRefused`` where it is not open any more."""
        ...

    def jobs(self) -> Iterator[Job]:
        """All jobs of the account."""
        ...

    def job(self, job_id: str) -> Job: ...

    def validate_grader(self, grader: AnyGrader) -> bool:
        """Whether the service has looked at the grader, and found it good: False where it has no such request.
        ``ServiceRefused`` where it finds fault with it."""
        ...

    def submit(self, request: JobRequest) -> Job:
        """Creates the job; never sent twice. ``Unsettled`` where the answer was lost."""
        ...

    def pause(self, job_id: str) -> Job:
        """Asks for the job to be paused, once; where it stands then. ``Unsettled`` where the answer was lost, and
        ``ServiceRefused`` where it cannot be in the state it is in. So ``resume`` and ``cancel``."""
        ...

    def resume(self, job_id: str) -> Job: ...

    def cancel(self, job_id: str) -> Job: ...

    def events(self, job_id: str, limit: int) -> list[Event]:
        """The job's ``limit`` newest events, newest first; asked for page by page where they are many."""
        ...

    def checkpoints(self, job_id: str) -> list[Checkpoint]: ...

    def content(self, file_id: str) -> bytes:
        """The bytes of a file, such as a result file."""
        ...

    def delete_file(self, file_id: str) -> None:
        """Takes the file away; one that is gone already is no error."""
        ...


@dataclass(frozen=True)
class StoredBlob:
    """What lies under a name. ``age``: since it was last written, by the storage's own clock."""

    content: bytes
    etag: str
    age: timedelta


@dataclass(frozen=True)
class ListedBlob:
    """A blob, without its content. ``size`` in bytes; ``written_at`` by the storage's own clock."""

    name: str
    etag: str
    size: int
    written_at: datetime


class Blobs(Protocol):
    """One container of the stack's storage."""

    def put_once(self, name: str, stream: BinaryIO, size: int) -> bool:
        """Stores ``size`` bytes of ``stream`` under ``name`` unless that exists. True if they were stored now."""
        ...

    def put(self, name: str, content: bytes) -> None:
        """Stores ``content`` under ``name``, in place of what is there; the storage keeps that as a version."""
        ...

    def get(self, name: str, *, largest: int = ...) -> bytes | None:
        """What is stored under ``name``; None where nothing is. Unreadable where it has more than ``largest`` bytes:
        those of a journal unless given."""
        ...

    def read(self, name: str) -> StoredBlob | None:
        """As ``get``, with what ``replace`` needs."""
        ...

    def create(self, name: str, content: bytes) -> str | None:
        """Stores ``content`` under a name that is free; its ETag. None where it is not."""
        ...

    def replace(self, name: str, content: bytes, etag: str) -> str | None:
        """Stores ``content`` in place of what had that ETag; the new one. None where it is another by now, or gone."""
        ...

    def names(self, prefix: str = "") -> Iterator[str]:
        """Of all blobs whose names begin so, sorted."""
        ...

    def listed(self) -> Iterator[ListedBlob]:
        """All of them, sorted by name."""
        ...

    def delete(self, name: str, etag: str) -> bool:
        """Takes away the blob that had that ETag. False where it is another by now, or gone."""
        ...

    def signed_address(self, name: str, lifetime: timedelta) -> Secret:
        """An address by which anybody may read that one blob, and do nothing else, until ``lifetime`` is over."""
        ...

    def look(self) -> None:
        """Asks for the first of the blobs, to see whether it may."""
        ...


@dataclass(frozen=True)
class BlobVersion:
    """One content of a blob. ``size`` in bytes."""

    etag: str
    size: int


class RemoteBlob(Protocol):
    """A blob that is read where it lies, piece by piece."""

    def version(self) -> BlobVersion:
        """As it is now."""
        ...

    def read(self, offset: int, length: int, etag: str) -> bytes:
        """Up to ``length`` bytes of that content, at least one. ``ServiceRefused`` with 412 where it is another now."""
        ...


class Stack(Protocol):
    """What a stack has (its outputs), and what is recorded for it (the stack file)."""

    @property
    def name(self) -> str:
        """As it was given: ``dev`` or ``org/project/dev``."""
        ...

    @property
    def file(self) -> Path:
        """The stack file."""
        ...

    def outputs(self) -> StackOutputs: ...

    def releases(self) -> dict[str, Releases]:
        """By model, as the stack file has them."""
        ...

    def record(self, model: str, change: Callable[[Releases], Releases]) -> bool:
        """Writes what ``change`` makes of the model's releases into the stack file; every other byte of it stays.

        Whether the file changed: never where a patch of it was asked for. ``change`` is pure, and may be asked more
        than once.
        """
        ...

    def obstacle(self) -> str | None:
        """Why nothing could be recorded as things stand, in words. Raises Refused where a commit was asked for that
        can't be made."""
        ...


class Clock(Protocol):
    """Time, as a parameter."""

    def now(self) -> datetime: ...

    def sleep(self, seconds: float) -> None: ...
