"""Journals and jobs as a stack has them, for tests of what lists and names runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from contract.hyperparameters import HyperparameterSpec
from contract.naming import job_suffix
from contract.release import Cost, Digests, Hyperparameters, ReleaseRecord
from jobs.ports import Job, JobStatus
from jobs.tuning.journals.journal import Attempt, Intent, Journal, KnownJob, Lease, Result, SeenStatus
from jobs.tuning.recording import timestamp
from tests.jobs.doubles import START
from tests.jobs.specimens import BASE

ACCOUNT_ID = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/tuned-models-dev/providers"
    "/Microsoft.CognitiveServices/accounts/contoso-dev"
)
KEY = "66dd61a1" + "0" * 56
OTHER_KEY = "66ee0000" + "1" * 56


def job_id(number: int) -> str:
    return f"ftjob-{number:08x}{0:024x}"


def job(number: int, status: str = "running", suffix: str | None = None, **more: Any) -> Job:
    """Created so many minutes after the start."""
    return Job(job_id(number), JobStatus.parse(status), BASE, START + timedelta(minutes=number), suffix=suffix, **more)


def model_id(number: int, suffix: str) -> str:
    return f"{BASE}.ft-{job_id(number).removeprefix('ftjob-')}-{suffix}"


def intent(key: str = KEY, model: str = "clippy", at: datetime = START, **more: Any) -> Intent:
    told: dict[str, Any] = {
        "at": timestamp(at),
        "by": "Ada",
        "stack": "dev",
        "account": "main",
        "account_id": ACCOUNT_ID,
        "parent_model_id": BASE,
        "suffix": job_suffix(model, key),
        "method": "supervised",
        "training_type": "GlobalStandard",
        "seed": 42,
        "hyperparameters": HyperparameterSpec(epochs=2),
        "digests": Digests(train="a" * 64, validation="b" * 64, tune_yaml="d" * 64),
        "examples": 60,
        "estimated": 1.5,
    }
    return Intent(**(told | more))


def attempt(number: int | None = None, status: str | None = None, *, made: str | None = None, **more: Any) -> Attempt:
    """With the job of that number, as it was seen; ``more`` is of the attempt, or of its intent."""
    own = {key: more.pop(key) for key in list(more) if key in Attempt.model_fields}
    at = timestamp(START)
    told: dict[str, Any] = {"intent": intent(**more)}
    if number is not None:
        told["job"] = KnownJob(id=job_id(number), at=at, how="submitted")
    if status is not None:
        told["status"] = SeenStatus(text=status, at=at)
    if made is not None:
        told["result"] = Result(model_id=made, trained_tokens=4200, at=at)
    return Attempt(**(told | own))


def journal(*attempts: Attempt, key: str = KEY, model: str = "clippy", lease: Lease | None = None) -> Journal:
    return Journal(run_key=key, model=model, attempts=attempts or (attempt(key=key, model=model),), lease=lease)


def lease(until: datetime) -> Lease:
    return Lease(holder="ada@desk", token="t", seconds=120, until=timestamp(until))


def record(number: int, model: str = "clippy", key: str = KEY) -> ReleaseRecord:
    """Of the job of that number."""
    return ReleaseRecord(
        model_id=model_id(number, job_suffix(model, key)),
        parent_model_id=BASE,
        job_id=job_id(number),
        run_key=key,
        method="supervised",
        training_type="GlobalStandard",
        seed=42,
        hyperparameters=Hyperparameters(epochs=2),
        digests=Digests(train="a" * 64, validation="b" * 64, tune_yaml="d" * 64),
        trained_tokens=4200,
        cost=Cost(estimated=1.5),
        trained_at=timestamp(START + timedelta(hours=1)),
        trained_in="main",
    )
