"""A record holds what the service said of the finished job, and what the run was made from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contract.release import ReleaseRecord
from jobs.errors import RunFailed
from jobs.ports import EchoedHyperparameters, Job, JobStatus
from jobs.tuning.recording import release_record
from jobs.tuning.run import Run
from tests.jobs.doubles import START
from tests.jobs.specimens import BASE, intent, run

MODEL_ID = f"{BASE}.ft-8aad139b19084ebf968c1e58f2dc3326-clippy"
DONE = Job(
    "ftjob-8aad139b19084ebf968c1e58f2dc3326",
    JobStatus.parse("succeeded"),
    BASE,
    START,
    suffix=run().suffix,
    seed=42,
    hyperparameters=EchoedHyperparameters(3, 1, 2.0),
    finished_at=datetime(2026, 11, 20, 10, 2, 3, tzinfo=UTC),
    fine_tuned_model=MODEL_ID,
    trained_tokens=7223000,
)
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def recorded(run: Run, job: Job, system_message: str | None = None) -> ReleaseRecord:
    return release_record(run.key, intent(run, system_message=system_message), job, now=NOW)


def test_record_of_a_finished_job() -> None:
    record = recorded(run(), DONE, "Be kind.")

    assert record.model_dump(by_alias=True, exclude_defaults=True) == {
        "modelId": MODEL_ID,
        "parentModelId": BASE,
        "jobId": "ftjob-8aad139b19084ebf968c1e58f2dc3326",
        "runKey": run().key,
        "method": "supervised",
        "trainingType": "GlobalStandard",
        "seed": 42,
        "hyperparameters": {"epochs": 3, "batchSize": 1, "learningRateMultiplier": 2.0},
        "digests": {"train": "a" * 64, "validation": "b" * 64, "holdout": "c" * 64, "tuneYaml": "d" * 64},
        "systemMessage": "Be kind.",
        "trainedTokens": 7223000,
        "trainedAt": "2026-11-20T10:02:03Z",
        "trainedIn": "main",
    }


def test_what_the_service_does_not_tell_is_null_and_now_stands_in_for_the_end() -> None:
    bare = replace(
        DONE, hyperparameters=EchoedHyperparameters("auto"), finished_at=None, trained_tokens=None, seed=None
    )
    record = recorded(run(), bare)

    assert (record.hyperparameters.epochs, record.hyperparameters.batch_size) == ("auto", None)
    assert (record.trained_tokens, record.trained_at, record.seed) == (None, "2027-01-01T00:00:00Z", 42)


def test_an_adopted_run_keeps_its_own_parent_and_key() -> None:
    """The same training from the base, taken up when continueFrom: live would begin from a tuned model."""
    record = recorded(run(MODEL_ID).trained_as(DONE), DONE)

    assert (record.parent_model_id, record.run_key) == (BASE, run(BASE).key)


def test_success_without_a_model_is_a_failure() -> None:
    with pytest.raises(RunFailed, match="names no tuned model"):
        recorded(run(), replace(DONE, fine_tuned_model=None))
