"""The data plane's JSON as values of ``jobs.ports``.

Azure and OpenAI differ in what they leave out or answer as null (organisation, result files, errors that are ``{}``):
only what no job can be without is required, its ID and its status. Raises ``KeyError``, ``TypeError`` or ``ValueError``
for what is no such thing at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jobs.ports import Checkpoint, EchoedHyperparameters, Event, FileStatus, Job, JobError, JobStatus, StoredFile


def job(fields: Mapping[str, Any], *, next_poll: float | None = None, request_id: str | None = None) -> Job:
    return Job(
        id=_text(fields["id"]),
        status=JobStatus.parse(_text(fields["status"])),
        model=str(fields.get("model") or ""),
        created_at=_moment(fields.get("created_at")) or datetime.fromtimestamp(0, UTC),
        # Azure's specification calls it suffix, OpenAI's user_provided_suffix.
        suffix=fields.get("suffix") or fields.get("user_provided_suffix") or None,
        training_file=fields.get("training_file") or None,
        validation_file=fields.get("validation_file") or None,
        seed=_count(fields.get("seed")),
        method=_mapping(fields.get("method")).get("type"),
        training_type=str(fields.get("trainingType") or "") or None,
        hyperparameters=_hyperparameters(fields),
        finished_at=_moment(fields.get("finished_at")),
        estimated_finish=_moment(fields.get("estimated_finish")),
        fine_tuned_model=fields.get("fine_tuned_model") or None,
        trained_tokens=_count(fields.get("trained_tokens")),
        result_files=tuple(str(item) for item in fields.get("result_files") or ()),
        error=_error(_mapping(fields.get("error"))),
        next_poll=next_poll,
        request_id=request_id,
    )


def stored_file(fields: Mapping[str, Any], *, next_poll: float | None = None) -> StoredFile:
    detail = fields.get("status_details") or _mapping(fields.get("error")).get("message")
    return StoredFile(
        id=_text(fields["id"]),
        filename=str(fields.get("filename") or ""),
        purpose=str(fields.get("purpose") or ""),
        size=int(fields.get("bytes") or 0),
        status=FileStatus.parse(str(fields.get("status") or "")),
        detail=str(detail) if detail else None,
        next_poll=next_poll,
    )


def event(fields: Mapping[str, Any]) -> Event:
    return Event(
        id=_text(fields["id"]),
        at=_moment(fields.get("created_at")) or datetime.fromtimestamp(0, UTC),
        level=str(fields.get("level") or "info"),
        message=str(fields.get("message") or ""),
        metrics=_numbers(_mapping(fields.get("data"))),
    )


def checkpoint(fields: Mapping[str, Any]) -> Checkpoint:
    return Checkpoint(
        id=_text(fields["id"]),
        step=int(fields["step_number"]),
        model_id=_text(fields["fine_tuned_model_checkpoint"]),
        metrics=_numbers(_mapping(fields.get("metrics"))),
    )


def _hyperparameters(fields: Mapping[str, Any]) -> EchoedHyperparameters:
    """From ``method``, or from the top level, which is deprecated and may be all there is."""
    method = _mapping(fields.get("method"))
    within = _mapping(_mapping(method.get(str(method.get("type")))).get("hyperparameters"))
    told = {
        **_mapping(fields.get("hyperparameters")),
        **{key: value for key, value in within.items() if value is not None},
    }

    def value(key: str) -> Any:
        found = told.get(key)
        # -1 is what the service answers for "not chosen yet" (azure-ai-docs).
        return None if found in (-1, -1.0) or isinstance(found, bool) else found

    return EchoedHyperparameters(
        epochs=_whole(value("n_epochs")),
        batch_size=_whole(value("batch_size")),
        learning_rate_multiplier=_broken(value("learning_rate_multiplier")),
        beta=_broken(value("beta")),
        l2_multiplier=_broken(value("l2_multiplier")),
        eval_interval=_whole(value("eval_interval")),
        eval_samples=_whole(value("eval_samples")),
        compute_multiplier=_broken(value("compute_multiplier")),
        reasoning_effort=value("reasoning_effort"),
    )


def _broken(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _count(value: Any) -> int | None:
    """A whole number from 0; None for what is none, such as the -1 of a service that has not chosen yet."""
    whole = _whole(value)
    return whole if isinstance(whole, int) and not isinstance(whole, bool) and whole >= 0 else None


def _error(fields: Mapping[str, Any]) -> JobError | None:
    """Null and ``{}`` both mean that there is none."""
    code, message = fields.get("code"), fields.get("message")
    return JobError(str(code) if code else None, str(message or "no message")) if code or message else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _numbers(fields: Mapping[str, Any]) -> dict[str, float]:
    return {
        str(key): float(value)
        for key, value in fields.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _moment(value: Any) -> datetime | None:
    """From seconds since 1970; null, 0 and negative mean not yet."""
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) and value > 0 else None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"a text is expected, not {value!r}")
    return value
