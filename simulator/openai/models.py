"""What the data plane holds: uploaded files and fine-tuning jobs. No HTTP here.

Moments are seconds since 1970, in simulated time, with fractions; the wire has whole seconds.
Neither files' bytes (see contents.py) nor what was learnt are stored in the state: the latter is a pure function of the
bytes, the hyperparameters and the seed (see learning/). So the state stays small, and a restarted simulator answers as
before.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, PrivateAttr

from simulator.disk import Disk
from simulator.openai.bases import Method, TrainingType
from simulator.openai.contents import Content, Contents
from simulator.openai.upload_state import PartUpload

FileStatus = Literal["pending", "running", "processed", "error"]
JobStatus = Literal["pending", "running", "pausing", "paused", "resuming", "succeeded", "failed", "cancelled"]
TERMINAL: frozenset[JobStatus] = frozenset({"succeeded", "failed", "cancelled"})


class StoredFile(BaseModel):
    """One file of an account.

    account       ARM ID of the account, in lower case
    content       digest of its bytes; None for a results file, which is made when read
    results_of    the job whose results this file is
    running_at, settled_at   when it leaves `pending`, and when `running`
    fault         why it ends in `error` instead of `processed`
    imported      whether the service fetched it itself: its size is told once that is done
    """

    id: str
    account: str
    filename: str
    purpose: str
    size: int
    created_at: float
    running_at: float
    settled_at: float
    content: str | None = None
    results_of: str | None = None
    expires_at: int | None = None
    fault: str | None = None
    imported: bool = False

    def status(self, now: float) -> FileStatus:
        if now < self.running_at:
            return "pending"
        if now < self.settled_at:
            return "running"
        return "processed" if self.fault is None else "error"


class Transition(BaseModel):
    """A job took this status at that moment; `turn`: because of one that was in store for it."""

    at: float
    status: JobStatus
    turn: bool = False


class JobError(BaseModel):
    """`error` of a failed job."""

    code: str
    message: str
    param: str | None = None


class Turn(BaseModel):
    """What the platform does to a job after so many seconds of running: preemption, a fault of its own.

    resumes_after  of `paused`: seconds after which it goes on by itself; None: it waits for somebody
    error          of `failed`
    """

    after: float
    becomes: Literal["paused", "failed", "cancelled"]
    resumes_after: float | None = None
    error: JobError | None = None


class Plan(BaseModel):
    """How much work a job is, in seconds of running: preparing, steps, then evaluation of the model.

    preparing ends with the examples read and screened.
    """

    queueing: float
    preparing: float
    step: float
    finishing: float
    steps: int
    steps_per_epoch: int

    @property
    def total(self) -> float:
        return self.preparing + self.step * self.steps + self.finishing


class Hyperparameters(BaseModel):
    """What the job trains with; `asked` is what the caller sent, "auto" included, as it is echoed at first.

    more   those that only the job's method takes
    """

    n_epochs: int
    batch_size: int
    learning_rate_multiplier: float
    more: dict[str, Any] = Field(default_factory=dict)
    asked: dict[str, Any] = Field(default_factory=dict)


class Job(BaseModel):
    """One fine-tuning job.

    model        the base or tuned model it was asked to train, as the caller wrote it
    base         ID of the base at the root of that
    parent       ID of the tuned model it goes on from, if any
    training, validation   digests of the examples' bytes
    fault        why it fails: when the examples have been read or, if `fault_late`, when the model is evaluated
    turns        what is in store for it, or was, in this order (a fault plan's)
    history      its statuses so far, oldest first; the first one is always `pending`
    """

    id: str
    account: str
    model: str
    base: str
    parent: str | None = None
    training_file: str
    validation_file: str | None = None
    training: str
    validation: str | None = None
    suffix: str | None = None
    seed: int
    method: Method
    method_body: dict[str, Any] = Field(default_factory=dict)
    training_type: TrainingType
    hyperparameters: Hyperparameters
    metadata: dict[str, str] | None = None
    tokens_per_epoch: int
    plan: Plan
    fault: JobError | None = None
    fault_late: bool = False
    turns: list[Turn] = Field(default_factory=list)
    history: list[Transition]

    @property
    def status(self) -> JobStatus:
        return self.history[-1].status

    @property
    def created_at(self) -> float:
        return self.history[0].at

    @property
    def finished_at(self) -> float | None:
        return self.history[-1].at if self.status in TERMINAL else None

    @property
    def turns_taken(self) -> int:
        return sum(transition.turn for transition in self.history)

    @property
    def last_turn(self) -> Turn | None:
        """The turn that led to its status; None where it came there by itself."""
        return self.turns[self.turns_taken - 1] if self.history[-1].turn else None

    @property
    def error(self) -> JobError | None:
        """Why it has failed; None while it hasn't."""
        if self.status != "failed":
            return None
        return self.last_turn.error if self.last_turn is not None else self.fault

    @property
    def hex(self) -> str:
        return self.id.removeprefix("ftjob-")

    @property
    def tuned_id(self) -> str:
        """What the tuned model is called once it exists (microsoft-foundry/fine-tuning, SFT_CNN_DailyMail)."""
        return f"{self.base}.ft-{self.hex}" + (f"-{self.suffix}" if self.suffix else "")

    def checkpoint_id(self, step: int) -> str:
        """A checkpoint's model name. MicrosoftDocs azure-ai-docs, fine-tuning-rest.md; it has no suffix there."""
        return f"{self.base}.ft-{self.hex}:ckpt-step-{step}"


class OpenAiState(BaseModel):
    """Everything the data plane remembers; the bytes of files lie beside it.

    uploads           large files that come in parts
    deleted_results   IDs of results files that were deleted: they are not made again
    """

    files: dict[str, StoredFile] = Field(default_factory=dict)
    jobs: dict[str, Job] = Field(default_factory=dict)
    uploads: dict[str, PartUpload] = Field(default_factory=dict)
    deleted_results: set[str] = Field(default_factory=set)
    serial: int = 0
    settled_at: float = 0.0
    _contents: Contents = PrivateAttr(default_factory=Contents)

    @property
    def contents(self) -> Contents:
        return self._contents

    def keep_contents_in(self, folder: Path, disk: Disk | None = None) -> None:
        """From now on bytes are in that folder; for a state that has none in memory."""
        self._contents = Contents(folder, disk or Disk())

    def keep(self, content: bytes) -> str:
        return self._contents.keep(self._contents.receive(io.BytesIO(content)))

    def content(self, digest: str) -> Content:
        return Content(digest, self._contents)

    def named(self) -> set[str]:
        """Digests that a file, a job or a part of a file refers to."""
        by_jobs = {digest for job in self.jobs.values() for digest in (job.training, job.validation)}
        by_parts = {part.content for upload in self.uploads.values() for part in upload.parts.values()}
        by_files = {file.content for file in self.files.values()}
        return {each for each in by_jobs | by_parts | by_files if each is not None}

    def forget(self, digest: str) -> None:
        """Drops bytes that nothing refers to any more."""
        if digest not in self.named():
            self._contents.drop(digest)

    def new_hex(self, account: str, at: float) -> str:
        """32 hexadecimal digits, never given before; the same in a run that is repeated."""
        self.serial += 1
        return hashlib.sha256(f"{account}|{at}|{self.serial}".encode()).hexdigest()[:32]
