"""The journal of a run: what was meant, and how far it is, written before and after each step. Pure.

It lies in the stack's storage, container ``runs``, as ``<run key>.json`` (the plan beside it, ``<run key>/plan.json``),
so that another machine goes on where the first one stopped. It helps to finish: whether a result is recorded, the stack
file alone decides.

Shape, ``schemaVersion`` 1. Any change to what is written is a new version, and a reader of this one stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from contract.faults import of_validation
from contract.hyperparameters import HyperparameterSpec
from contract.release import Digests, Method, TrainingType
from contract.shape import ResourceId, Sha256, Shape, Text, Timestamp
from jobs.errors import Unreadable

_ENDING = ".json"
_NAME = re.compile(rf"[0-9a-f]{{64}}{re.escape(_ENDING)}")


_MENDING = (
    "Put an older version of that blob in its place, or delete it (container runs): without it the account and the "
    "stack file tell what there is of the run."
)


class Step(Enum):
    """How far an attempt is. The value is what people are told."""

    INTENDED = "begun, nothing sent yet"
    SENDING = "datasets on their way"
    SUBMITTING = "being submitted"
    SUBMITTED = "submitted"
    MADE = "its model is made"
    RECORDED = "recorded"


class Swept(Shape):
    """Which point of a sweep a run is: as in its record."""

    point: int = Field(ge=1)
    points: int = Field(ge=1)
    tried: dict[str, int | float | Text]


class Intent(Shape):
    """What is wanted, by whom, since when: all that a record of it needs, whatever becomes of the checkout."""

    at: Timestamp
    by: Text
    stack: Text
    account: Text
    """Its name in the stack."""
    account_id: ResourceId
    parent_model_id: Text
    suffix: Text
    method: Method
    training_type: TrainingType
    seed: int
    hyperparameters: HyperparameterSpec
    """As they were asked for."""
    digests: Digests
    system_message: str | None = None
    """What all training examples share."""
    examples: int | None = None
    """In the training file."""
    estimated: float | None = None
    """US dollars."""
    anew: bool = False
    """Whether somebody wanted the same once more (`--new`)."""
    sweep: Swept | None = None


class SentFile(Shape):
    """A dataset that is a file of the account."""

    id: Text
    at: Timestamp


class BegunUpload(Shape):
    """A dataset on its way into the account, as long as nobody knows what came of it.

    id          of an upload in parts, which takes them until it ``expires``
    parts       IDs of those that are there, in their order; all but the last have ``part_size`` bytes
    """

    at: Timestamp
    id: Text | None = None
    expires: Timestamp | None = None
    part_size: int | None = Field(default=None, ge=1)
    parts: Annotated[tuple[Text, ...], Field(strict=False)] = ()


class KnownJob(Shape):
    """``adopted``: somebody else, or another machine, had submitted it."""

    id: Text
    at: Timestamp
    how: Literal["submitted", "adopted"]


class SeenStatus(Shape):
    """The service's word, and when it was first seen."""

    text: Text
    at: Timestamp


class Result(Shape):
    model_id: Text
    trained_tokens: int | None = None
    at: Timestamp


class Entry(Shape):
    """That the result stands in the stack file, or stood there."""

    role: Text
    at: Timestamp
    by: Text


class Attempt(Shape):
    """One training of the run; ``--new`` begins another.

    before       jobs that did the same when this was begun: none of them is its own
    stored       when each dataset was in the stack's storage
    uploads      datasets of which it is not known yet whether they are files of the account
    submitting   when the service was asked for the job, as long as it is not known what came of it
    """

    intent: Intent
    before: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    stored: dict[str, Timestamp] = Field(default_factory=dict)
    uploads: dict[str, BegunUpload] = Field(default_factory=dict)
    files: dict[str, SentFile] = Field(default_factory=dict)
    submitting: Annotated[tuple[Timestamp, ...], Field(strict=False)] = ()
    job: KnownJob | None = None
    status: SeenStatus | None = None
    result: Result | None = None
    recorded: Entry | None = None

    @property
    def step(self) -> Step:
        if self.recorded is not None:
            return Step.RECORDED
        if self.result is not None:
            return Step.MADE
        if self.job is not None:
            return Step.SUBMITTED
        if self.submitting:
            return Step.SUBMITTING
        return Step.SENDING if self.stored or self.files else Step.INTENDED

    @property
    def unsettled(self) -> bool:
        """Whether there may be a job that nobody knows."""
        return self.job is None and bool(self.submitting)


class Lease(Shape):
    """Who works on the run. It counts for ``seconds`` since the journal was last written, by the storage's clock."""

    holder: Text
    """A person and a machine."""
    token: Text
    """Of this one command."""
    process: str | None = None
    """Where it runs, so that the same machine knows when it has died."""
    seconds: int = Field(ge=0, le=3600)
    until: Timestamp
    """By the holder's clock; for people."""


class Journal(Shape):
    """``attempts``: the newest last; there is one at least."""

    schema_version: Literal[1] = 1
    run_key: Sha256
    model: Text
    attempts: Annotated[tuple[Attempt, ...], Field(strict=False, min_length=1)]
    lease: Lease | None = None

    @property
    def last(self) -> Attempt:
        return self.attempts[-1]

    def job_ids(self) -> tuple[str, ...]:
        """Of all attempts, the oldest first."""
        return tuple(attempt.job.id for attempt in self.attempts if attempt.job is not None)

    def with_last(self, change: Callable[[Attempt], Attempt]) -> Journal:
        return self.model_copy(update={"attempts": (*self.attempts[:-1], change(self.last))})

    def with_attempt(self, attempt: Attempt) -> Journal:
        return self.model_copy(update={"attempts": (*self.attempts, attempt)})

    def of_job(self, job_id: str) -> int | None:
        """Which attempt made that job."""
        return next((i for i, each in enumerate(self.attempts) if each.job is not None and each.job.id == job_id), None)

    def content(self) -> bytes:
        """As it is stored: what is not known yet is left out."""
        return self.model_dump_json(by_alias=True, indent=2, exclude_none=True).encode() + b"\n"


def blob_name(run_key: str) -> str:
    return f"{run_key}{_ENDING}"


def is_journal(name: str) -> bool:
    """Whether a blob of that name is one."""
    return _NAME.fullmatch(name) is not None


def read_journal(content: bytes, name: str) -> Journal:
    """``content`` of the blob ``name``. Raises Unreadable, with all faults."""
    try:
        found = Journal.model_validate_json(content)
    except ValidationError as error:
        faults = of_validation(error, Journal)
    else:
        if is_journal(name) and name != blob_name(found.run_key):
            raise Unreadable(f"{name} in the stack's storage is the journal of another run, {found.run_key}")
        return found
    newer = [fault for fault in faults if fault.key == "schemaVersion"]
    problem = "was written by another version of jobs: use a newer one" if newer else "is no journal of a run"
    mend = [] if newer else [_MENDING]
    raise Unreadable(
        f"{name} in the stack's storage {problem}", details=[*(str(fault) for fault in newer or faults), *mend]
    )
