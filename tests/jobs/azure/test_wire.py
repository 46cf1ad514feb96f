"""The data plane's JSON is understood in Azure's form, in OpenAI's, and with what either leaves out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.azure import wire
from jobs.ports import EchoedHyperparameters, FileStatus, JobError, JobState, JobStatus

FRESH: dict[str, Any] = {
    # A fresh job in Azure's form: litellm#24687, Azure OpenAI specification 2025-04-01-preview.
    "id": "ftjob-8aad139b19084ebf968c1e58f2dc3326",
    "object": "fine_tuning.job",
    "created_at": 1763629200,
    "model": "gpt-4.1-mini-2025-04-14",
    "status": "pending",
    "training_file": "file-1",
    "validation_file": None,
    "trained_tokens": None,
    "organization_id": None,
    "result_files": None,
    "error": {},
    "hyperparameters": {"n_epochs": -1, "batch_size": -1, "learning_rate_multiplier": -1},
    "trainingType": "globalStandard",
}


def test_a_fresh_job_with_its_nulls() -> None:
    job = wire.job(FRESH)

    assert (job.status, job.created_at) == (
        JobStatus(JobState.PENDING, "pending"),
        datetime(2025, 11, 20, 9, tzinfo=UTC),
    )
    assert (job.error, job.result_files, job.trained_tokens, job.suffix) == (None, (), None, None)
    assert job.hyperparameters == EchoedHyperparameters()


@pytest.mark.parametrize("told", [-1, None, "many", True, 1.5])
def test_what_is_no_number_of_tokens_is_none(told: Any) -> None:
    """A record that cannot be written because of it would cost a trained model."""
    job = wire.job(FRESH | {"trained_tokens": told, "seed": told})

    assert (job.trained_tokens, job.seed) == (None, None)
    assert wire.job(FRESH | {"trained_tokens": 4200.0}).trained_tokens == 4200


def test_a_finished_job() -> None:
    hyperparameters = {"n_epochs": 3, "batch_size": 1, "learning_rate_multiplier": 2}
    job = wire.job(
        FRESH
        | {
            "status": "Succeeded",
            "suffix": "clippy-0123abcd",
            "finished_at": 1763632923,
            "fine_tuned_model": "gpt-4.1-mini-2025-04-14.ft-8aad-clippy",
            "result_files": ["file-2"],
            "method": {"type": "supervised", "supervised": {"hyperparameters": hyperparameters}},
        }
    )

    assert job.status.state is JobState.SUCCEEDED
    assert job.finished_at == datetime(2025, 11, 20, 10, 2, 3, tzinfo=UTC)
    assert job.hyperparameters == EchoedHyperparameters(3, 1, 2.0)
    assert (job.method, job.result_files, job.suffix) == ("supervised", ("file-2",), "clippy-0123abcd")


def test_openais_name_of_the_suffix() -> None:
    assert wire.job(FRESH | {"user_provided_suffix": "x"}).suffix == "x"


def test_the_error_of_a_failed_job() -> None:
    job = wire.job(FRESH | {"status": "failed", "error": {"code": "invalidPayload", "message": "no", "param": None}})

    assert job.error == JobError("invalidPayload", "no")


def test_auto_and_numbers_sent_as_floats() -> None:
    echoed = {"n_epochs": 3.0, "batch_size": "auto", "learning_rate_multiplier": None}

    assert wire.job(FRESH | {"hyperparameters": echoed}).hyperparameters == EchoedHyperparameters(3, "auto", None)


def test_hyperparameters_of_each_method() -> None:
    """Azure's v1 specification, OpenAI.FineTuneReinforcementHyperparameters; l2_multiplier: 2025-04-01-preview."""
    preferences = {"type": "dpo", "dpo": {"hyperparameters": {"n_epochs": -1, "beta": 1, "l2_multiplier": 0.1}}}
    told = {"eval_interval": 5.0, "eval_samples": 2, "compute_multiplier": 2, "reasoning_effort": "medium"}
    graded = {"type": "reinforcement", "reinforcement": {"grader": {}, "hyperparameters": told}}

    assert wire.job(FRESH | {"method": preferences}).hyperparameters == EchoedHyperparameters(
        beta=1.0, l2_multiplier=0.1
    )
    assert wire.job(FRESH | {"method": graded}).hyperparameters == EchoedHyperparameters(
        eval_interval=5, eval_samples=2, compute_multiplier=2.0, reasoning_effort="medium"
    )


@pytest.mark.parametrize("missing", ["id", "status"])
def test_a_job_without_id_or_status_is_none(missing: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        wire.job({key: value for key, value in FRESH.items() if key != missing})


def test_a_file_and_why_it_is_in_error() -> None:
    fields = {"id": "file-1", "filename": "a.jsonl", "purpose": "fine-tune", "bytes": 3, "status": "error"}

    assert wire.stored_file(fields | {"status_details": "bad"}).detail == "bad"
    assert wire.stored_file(fields | {"error": {"message": "worse"}}).detail == "worse"
    assert wire.stored_file(fields | {"status": "Importing"}).status is FileStatus.UNKNOWN


def test_an_events_numbers() -> None:
    event = wire.event({"id": "e", "created_at": 1, "message": "m", "data": {"step": 3, "train_loss": 1.5, "x": None}})

    assert event.metrics == {"step": 3.0, "train_loss": 1.5}


def test_a_checkpoint() -> None:
    checkpoint = wire.checkpoint(
        {"id": "ftchkpt-1", "step_number": 20, "fine_tuned_model_checkpoint": "m:ckpt-step-20", "metrics": None}
    )

    assert (checkpoint.step, checkpoint.model_id, checkpoint.metrics) == (20, "m:ckpt-step-20", {})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WELL_FORMED: dict[Any, dict[str, Any]] = {
    wire.job: FRESH,
    wire.stored_file: {
        "id": "file-1",
        "filename": "t.jsonl",
        "purpose": "fine-tune",
        "bytes": 1,
        "status": "processed",
    },
    wire.event: {"id": "e", "created_at": 1, "level": "info", "message": "m", "data": {"step": 1}},
    wire.checkpoint: {"id": "c", "step_number": 1, "fine_tuned_model_checkpoint": "m", "metrics": {}},
}


@given(st.data())
def test_whatever_comes_is_read_or_refused_and_never_obeyed(data: st.DataObject) -> None:
    read = data.draw(st.sampled_from(list(WELL_FORMED)))
    fields = WELL_FORMED[read]
    keys = st.sampled_from(
        [*fields, "hyperparameters", "method", "fine_tuned_model", "result_files", "suffix", "error"]
    )
    changed = data.draw(st.dictionaries(keys, ANYTHING, max_size=3))
    try:
        found = read({**fields, **changed})
    except (KeyError, TypeError, ValueError, OverflowError):
        return
    assert not any(ord(each) < 32 or 127 <= ord(each) < 160 for each in _texts(found)), found


def _texts(found: Any) -> str:
    if isinstance(found, str):
        return found
    if isinstance(found, tuple):
        return "".join(map(_texts, found))
    # Names of metrics are looked up, and never shown.
    return "".join(_texts(each) for each in vars(found).values()) if hasattr(found, "__dataclass_fields__") else ""


@pytest.mark.parametrize(
    "identity", ["../../files", "a/b", "a?x=1", "a#b", "..", ".", "a%2fb", "a b", "a\nb", "\x1b[2J", "", 7]
)
def test_an_id_that_could_lead_elsewhere_in_an_address_is_none(identity: Any) -> None:
    for field in ("id", "fine_tuned_model", "training_file"):
        if field != "id" and not identity:
            continue
        with pytest.raises(ValueError, match=r"no ID|a text is expected"):
            wire.job(FRESH | {field: identity})
    with pytest.raises(ValueError, match=r"no ID|a text is expected"):
        wire.job(FRESH | {"result_files": [identity]})


def test_what_a_service_says_is_shown_and_not_obeyed() -> None:
    event = wire.event({"id": "e", "message": "done\x1b[2J\n\rjobs: recorded", "level": "info\x1b[0m"})

    assert event.message == "done\\x1b[2J jobs: recorded"
    assert event.level == "info\\x1b[0m"
