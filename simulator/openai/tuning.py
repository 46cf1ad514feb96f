"""Rules for fine-tuning jobs: what is refused at once, what makes a job fail, what can be done to one. No HTTP here.

Hyperparameters left to the service: three epochs or, for few examples, more; a batch of 0.2 % of the examples;
learning rate multiplier 1 (OpenAI's published defaults for chat models; Azure's are not documented).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.arm.models import Resource
from simulator.openai import errors, files, learned
from simulator.openai.bases import Base, Method, TrainingType, base_by_id
from simulator.openai.learning.examples import FEWEST_EXAMPLES, Examples, holds_json_lines
from simulator.openai.models import (
    TERMINAL,
    Hyperparameters,
    Job,
    JobError,
    JobStatus,
    Transition,
    tuned_model,
)
from simulator.openai.timeline import plan, settle, steps_done

if TYPE_CHECKING:
    from simulator.cloud import Cloud

MOST_QUEUED = 20
TRAINING_TYPES: dict[str, TrainingType] = {
    "standard": "standard",
    "globalstandard": "globalStandard",
    "developertier": "developerTier",
    "developer": "developerTier",
    "0": "standard",
    "1": "globalStandard",
}
"""Spellings that are bound, in lower case. `1` is documented for model-router (microsoft-foundry/fine-tuning)."""
_SUFFIX = re.compile(r"[A-Za-z0-9_-]{1,40}")
_METHODS: tuple[Method, ...] = ("supervised", "dpo", "reinforcement")


@dataclass(frozen=True)
class Request:
    """A job as it was asked for, bound but not yet checked against models and files."""

    model: str
    training_file: str
    validation_file: str | None = None
    training_type: TrainingType = "standard"
    method: Method = "supervised"
    method_body: dict[str, Any] = field(default_factory=dict)
    hyperparameters: dict[str, Any] = field(default_factory=dict)
    suffix: str | None = None
    seed: int | None = None
    metadata: dict[str, str] | None = None


def bind(body: object) -> Request:
    """Reads a request's body; what can't be bound makes the service say that there is no job at all."""
    if not isinstance(body, dict):
        raise errors.body_not_bindable()
    for name in ("model", "training_file"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise errors.field_missing(name)
    training_type = TRAINING_TYPES.get(str(body.get("trainingType") or "standard").lower())
    if training_type is None:
        raise errors.body_not_bindable()
    method, method_body, hyperparameters = _bind_method(body)
    suffix = body.get("suffix")
    if suffix is not None and (not isinstance(suffix, str) or not _SUFFIX.fullmatch(suffix)):
        raise errors.invalid_suffix()
    seed = body.get("seed")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        raise errors.invalid_field("seed", "must be an integer")
    return Request(
        body["model"],
        body["training_file"],
        body.get("validation_file"),
        training_type,
        method,
        method_body,
        hyperparameters,
        suffix,
        seed,
        body.get("metadata"),
    )


def create(cloud: Cloud, account: Resource, asked: Request) -> Job:
    """Takes a job in, `pending`; raises the refusal of what Azure refuses at once."""
    settle(cloud)
    base, parent = _trainable(cloud, account, asked)
    training = _content(cloud, account, asked.training_file, "training_file")
    validation = None
    if asked.validation_file is not None:
        validation = _content(cloud, account, asked.validation_file, "validation_file")
    if asked.method == "reinforcement":
        if asked.validation_file is None:
            raise errors.field_missing("validation_file")
        if not isinstance(asked.method_body.get("grader"), dict):
            raise errors.field_missing("grader")
    _check_hyperparameters(asked.hyperparameters)
    if sum(job.status == "pending" for job in jobs_of(cloud, account.key)) >= MOST_QUEUED:
        raise errors.too_many_jobs(MOST_QUEUED)

    state, now = cloud.state.openai, cloud.clock.now().timestamp()
    examples = _examples(state.bytes_of(training), asked.method)
    held_out = None if validation is None else _examples(state.bytes_of(validation), asked.method)
    chosen = _hyperparameters(asked.hyperparameters, examples.count)
    fault, late = _fault(examples, held_out, state.bytes_of(training))
    job = Job(
        id=f"ftjob-{state.new_hex(account.key, now)}",
        account=account.key,
        model=asked.model,
        base=base.id,
        parent=parent,
        training_file=asked.training_file,
        validation_file=asked.validation_file,
        training=training,
        validation=validation,
        suffix=asked.suffix,
        seed=0,
        method=asked.method,
        method_body=asked.method_body,
        training_type=asked.training_type,
        hyperparameters=chosen,
        metadata=asked.metadata,
        tokens_per_epoch=examples.tokens,
        plan=plan(examples.count, examples.tokens, chosen.n_epochs, chosen.batch_size),
        fault=fault,
        fault_late=late,
        history=[Transition(at=now, status="pending")],
    )
    # A seed that is left out is chosen by the service; here so that a repeated run chooses the same.
    job.seed = asked.seed if asked.seed is not None else int(hashlib.sha256(job.id.encode()).hexdigest()[:8], 16)
    state.jobs[job.id] = job
    cloud.changed()
    return job


def jobs_of(cloud: Cloud, account: str) -> list[Job]:
    """The account's jobs, oldest first."""
    settle(cloud)
    return [job for job in cloud.state.openai.jobs.values() if job.account == account]


def find_job(cloud: Cloud, account: str, job_id: str) -> Job:
    found = next((job for job in jobs_of(cloud, account) if job.id == job_id), None)
    if found is None:
        raise errors.job_absent()
    return found


def cancel(cloud: Cloud, job: Job) -> None:
    """Stops a job for good; its checkpoints stay deployable."""
    if job.status in TERMINAL:
        raise errors.wrong_job_state()
    _become(cloud, job, "cancelled")


def pause(cloud: Cloud, job: Job) -> None:
    """Documented: only while running and after a step (fine-tuning-rest.md, 2026-02)."""
    if job.status != "running" or steps_done(job, cloud.clock.now().timestamp()) < 1:
        raise errors.wrong_job_state()
    _become(cloud, job, "pausing")


def resume(cloud: Cloud, job: Job) -> None:
    if job.status != "paused":
        raise errors.wrong_job_state()
    _become(cloud, job, "resuming")


def _become(cloud: Cloud, job: Job, status: JobStatus) -> None:
    job.history.append(Transition(at=cloud.clock.now().timestamp(), status=status))
    cloud.changed()


def _bind_method(body: dict[str, Any]) -> tuple[Method, dict[str, Any], dict[str, Any]]:
    given = body.get("method")
    if given is None:
        return "supervised", {}, _object(body.get("hyperparameters"))
    if not isinstance(given, dict) or given.get("type") not in _METHODS:
        raise errors.body_not_bindable()
    method: Method = given["type"]
    details = _object(given.get(method))
    return method, details, _object(details.get("hyperparameters")) or _object(body.get("hyperparameters"))


def _object(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise errors.body_not_bindable()
    return value


def _trainable(cloud: Cloud, account: Resource, asked: Request) -> tuple[Base, str | None]:
    """The base to train, and the tuned model to go on from, if one was named."""
    base, parent = base_by_id(asked.model), None
    if base is None:
        tuned = tuned_model(cloud, asked.model)
        if tuned is None or tuned.account_id != account.key or tuned.base.open_weight or tuned.step is not None:
            raise errors.not_tunable()
        base, parent = tuned.base, tuned.id
    if base.training_over(cloud.clock.now()) or account.body.get("kind") not in base.kinds:
        raise errors.not_tunable()
    if not base.trains(asked.training_type, account.location):
        named = asked.training_type[0].upper() + asked.training_type[1:]
        raise errors.training_type_not_offered(base.id, named)
    if asked.method not in base.methods:
        if base.methods == {"reinforcement"}:
            raise errors.reinforcement_needed(base.id)
        raise errors.method_not_offered(base.id, asked.method)
    return base, parent


def _content(cloud: Cloud, account: Resource, file_id: str, param: str) -> str:
    """The key of a referenced file's bytes."""
    now = cloud.clock.now().timestamp()
    file = next((f for f in files.files_of(cloud, account.key) if f.id == file_id), None)
    if file is None:
        raise errors.referenced_file_absent(param)
    if file.purpose != "fine-tune" or file.content is None:
        raise errors.wrong_purpose(param)
    if file.status(now) != "processed":
        raise errors.file_not_imported()
    return file.content


def _check_hyperparameters(given: dict[str, Any]) -> None:
    """Ranges are memory; "auto" is taken for each. Parameters of other methods are let through."""
    for name, most in (("n_epochs", 50), ("batch_size", 256)):
        value = given.get(name, "auto")
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value not in ("auto", -1) and not (whole and 1 <= value <= most):
            raise errors.invalid_hyperparameter(name, f"must be 'auto' or a whole number from 1 to {most}")
    pace = given.get("learning_rate_multiplier", "auto")
    number = isinstance(pace, int | float) and not isinstance(pace, bool)
    if pace not in ("auto", -1) and not (number and 0 < pace <= 10):
        raise errors.invalid_hyperparameter("learning_rate_multiplier", "must be 'auto' or a number above 0, to 10")


def _hyperparameters(asked: dict[str, Any], examples: int) -> Hyperparameters:
    def chosen(name: str, by_service: float) -> float:
        value = asked.get(name, "auto")
        return by_service if value in ("auto", -1) else float(value)

    few = min(25, 100 // max(1, examples)) if examples * 3 < 100 else 3
    return Hyperparameters(
        n_epochs=int(chosen("n_epochs", few)),
        batch_size=int(chosen("batch_size", max(1, round(examples * 0.002)))),
        learning_rate_multiplier=chosen("learning_rate_multiplier", 1.0),
        asked=asked,
    )


def _examples(content: bytes, method: Method) -> Examples:
    return learned.examples(content, method) if holds_json_lines(content) else Examples()


def _fault(training: Examples, held_out: Examples | None, content: bytes) -> tuple[JobError | None, bool]:
    """Why the job will fail, and whether only at the evaluation. Codes are memory, as are words without a source."""
    for examples, param in ((training, "training_file"), (held_out, "validation_file")):
        if examples is not None and examples.faults:
            shown = "; ".join(str(fault) for fault in examples.faults[:5])
            more = len(examples.faults) - 5
            text = f"Validation of jsonl file failed: {shown}" + (f"; and {more} more" if more > 0 else "")
            return JobError(code="jsonlValidationFailed", message=text, param=param), False
    if training.count < FEWEST_EXAMPLES:
        # OpenAI's words; Azure's are not known.
        text = f"Training file has {training.count} example(s), but must have at least {FEWEST_EXAMPLES} examples"
        return JobError(code="invalidPayload", message=text, param="training_file"), False
    if training.harms:
        # Words: MicrosoftDocs azure-ai-docs, how-to-fine-tuning-safety-evaluation-content.md.
        text = (
            f"The provided training data failed RAI checks for harm types: [{', '.join(training.harms)}]. "
            "Please fix the data and try again."
        )
        return JobError(code="contentFilter", message=text, param="training_file"), False
    if b"SIMULATED-UNSAFE-MODEL" in content:
        # Words: the same page. The mark stands in for a model whose evaluation goes badly.
        text = (
            "This model is unable to be deployed. Model evaluation identified that this fine tuned model scores above "
            "acceptable thresholds for [Violence, Self Harm]. Please review your training data set and resubmit the "
            "job."
        )
        return JobError(code="contentFilter", message=text), True
    return None, False
