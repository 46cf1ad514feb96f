"""The release record, and the three pointers of a model: candidate, live, previous.

Records stand in the stack file, under ``tuned-models:releases``. They are written by jobs, read by both sides, and kept
by teams in git for years: each carries ``schemaVersion``, and a reader of every older version stays.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from contract.evaluation import Evaluation
from contract.shape import ResourceId, Sha256, Shape, Text, Timestamp, in_a_line

Method = Literal["supervised", "dpo", "reinforcement"]
TrainingType = Literal["Standard", "GlobalStandard", "Developer"]


class Sku(Shape):
    """A deployment's SKU: its name, and its capacity in units of 1,000 tokens per minute (or in PTU)."""

    name: Literal[
        "Standard",
        "GlobalStandard",
        "DataZoneStandard",
        "ProvisionedManaged",
        "GlobalProvisionedManaged",
        "DataZoneProvisionedManaged",
        "DeveloperTier",
    ] = Field(description="Where and how calls are served and billed; DeveloperTier is for tuned models only.")
    capacity: int = Field(ge=1, le=1_000_000, description="Units of 1,000 tokens per minute, or PTU.")

    @property
    def provisioned(self) -> bool:
        """Whether throughput is reserved."""
        return self.name in PROVISIONED


PROVISIONED = ("ProvisionedManaged", "GlobalProvisionedManaged", "DataZoneProvisionedManaged")
"""SKUs of reserved throughput, in PTU; the others are billed by tokens."""


class Digests(Shape):
    """SHA-256 of each file that a run was made from; hex."""

    train: Sha256
    validation: Sha256 | None = None
    holdout: Sha256 | None = None
    tune_yaml: Sha256


class Hyperparameters(Shape):
    """As the service echoed them after the run; a value it does not tell is null, or is left out for one that only
    dpo or reinforcement has."""

    epochs: int | Text | None = None
    batch_size: int | Text | None = None
    learning_rate_multiplier: float | Text | None = None
    beta: float | Text | None = None
    l2_multiplier: float | Text | None = None
    eval_interval: int | Text | None = None
    eval_samples: int | Text | None = None
    compute_multiplier: float | Text | None = None
    reasoning_effort: Text | None = None

    @model_serializer(mode="wrap")
    def _without_those_of_other_methods(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """So that records of supervised runs stay as they were written before there were others."""
        fields: dict[str, Any] = written(self)
        return {key: value for key, value in fields.items() if value is not None or key in _OF_EVERY_RECORD}


_OF_EVERY_RECORD = frozenset(
    {"epochs", "batchSize", "batch_size", "learningRateMultiplier", "learning_rate_multiplier"}
)


class Cost(Shape):
    """US dollars; null while it is not known."""

    estimated: float | None = None
    actual: float | None = None


class Signed(Shape):
    """A person's decision: who, when and why."""

    by: Text
    at: Timestamp
    reason: Text

    @property
    def in_a_line(self) -> str:
        """All three, on one line."""
        return in_a_line(f"{self.by}, {self.at}: {self.reason}")


class SweptPoint(Shape):
    """Which point of a sweep a model is, and why it was taken."""

    point: int = Field(ge=1)
    """In the order of the grid, of ``points``."""
    points: int = Field(ge=1)
    tried: dict[str, int | float | Text]
    """What the grid said here; what the service made of it stands in ``hyperparameters``."""
    measure: Text | None = None
    """What the runs were ranked by, such as ``full_valid_loss``; null where the service told no such number of it."""
    value: float | None = None
    rank: int | None = Field(default=None, ge=1)
    picked: bool = False
    """Whether somebody chose it, in the place of the best."""
    at: Timestamp
    """When it was chosen: the sweep's other runs are older, whenever they ended."""


class Withdrawal(Signed):
    """Why a record stands in ``previous`` and is not to be live again, and mostly not to be deployed."""

    kind: Literal["withdrawn", "superseded", "rolledBack"]
    """``rolledBack``: it was live, and another was put back; deployed as keepPrevious says, like others."""

    @property
    def words(self) -> str:
        """``kind`` as people say it."""
        return "rolled back" if self.kind == "rolledBack" else self.kind


class ReleaseRecord(Shape):
    """Everything that made one tuned model. Written once, when its run has succeeded."""

    schema_version: Literal[1] = 1
    model_id: Text
    """The service's name of the tuned model; what a deployment deploys."""
    parent_model_id: Text
    """The base model, or the tuned model that was tuned further."""
    checkpoint: Text | None = None
    job_id: Text
    run_key: Sha256
    method: Method
    training_type: TrainingType
    seed: int = Field(ge=0, le=2**31 - 1)
    hyperparameters: Hyperparameters
    digests: Digests
    system_message: str | None = None
    """What it was trained with, and must be sent with every call."""
    trained_tokens: int | None = Field(default=None, ge=0)
    cost: Cost = Cost()
    trained_at: Timestamp
    trained_in: Text
    """The account it was trained in, by its name in the stack that trained it."""
    source: ResourceId | None = None
    """The resource ID of the account it was trained in, where another stack serves it."""
    evaluation: Evaluation | None = None
    override: Signed | None = None
    served_with: Sku | None = None
    """The SKU it was live with; null until it has been live."""
    withdrawal: Withdrawal | None = None
    sweep: SweptPoint | None = None
    """Left out where the run was no point of a sweep."""

    @property
    def is_put_aside(self) -> bool:
        """Whether it is never deployed again; what was rolled back may be."""
        return self.withdrawal is not None and self.withdrawal.kind != "rolledBack"

    @model_serializer(mode="wrap")
    def _without_a_sweep_that_was_none(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """So that records of other runs stay as they were written before there were sweeps."""
        fields: dict[str, Any] = written(self)
        return {key: value for key, value in fields.items() if key != "sweep" or value is not None}


class Releases(Shape):
    """One model's pointers. ``previous`` has the newest first."""

    candidate: ReleaseRecord | None = None
    live: ReleaseRecord | None = None
    previous: Annotated[tuple[ReleaseRecord, ...], Field(strict=False)] = ()

    def records(self) -> tuple[ReleaseRecord, ...]:
        """All records: candidate, live, then previous."""
        return tuple(record for _, record in self.places())

    def places(self) -> tuple[tuple[str, ReleaseRecord], ...]:
        """All records, each with the key it stands under: ``candidate``, ``live``, ``previous[0]``."""
        heads = (("candidate", self.candidate), ("live", self.live))
        former = tuple((f"previous[{index}]", record) for index, record in enumerate(self.previous))
        return tuple((place, record) for place, record in heads if record is not None) + former
