"""The data plane's JSON as values of ``jobs.ports``.

Azure and OpenAI differ in what they leave out or answer as null (organisation, result files, errors that are ``{}``):
only what no job can be without is required, its ID and its status. Raises ``KeyError``, ``TypeError`` or ``ValueError``
for what is no such thing at all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jobs.plain import one_line
from jobs.ports import (
    Checkpoint,
    EchoedHyperparameters,
    Event,
    FileStatus,
    Job,
    JobError,
    JobStatus,
    OpenUpload,
    StoredFile,
)

_IDENTITY = re.compile(r"[A-Za-z0-9._:@~+=-]{1,256}")


def job(fields: Mapping[str, Any], *, next_poll: float | None = None, request_id: str | None = None) -> Job:
    return Job(
        id=_identity(fields["id"]),
        status=JobStatus.parse(one_line(_text(fields["status"]))),
        model=_words(fields.get("model")),
        created_at=_moment(fields.get("created_at")) or datetime.fromtimestamp(0, UTC),
        # Azure's specification calls it suffix, OpenAI's user_provided_suffix.
        suffix=_words(fields.get("suffix") or fields.get("user_provided_suffix")) or None,
        training_file=_identity_or_none(fields.get("training_file")),
        validation_file=_identity_or_none(fields.get("validation_file")),
        seed=_count(fields.get("seed")),
        method=_mapping(fields.get("method")).get("type"),
        training_type=_words(fields.get("trainingType")) or None,
        hyperparameters=_hyperparameters(fields),
        finished_at=_moment(fields.get("finished_at")),
        estimated_finish=_moment(fields.get("estimated_finish")),
        fine_tuned_model=_identity_or_none(fields.get("fine_tuned_model")),
        trained_tokens=_count(fields.get("trained_tokens")),
        result_files=tuple(_identity(item) for item in fields.get("result_files") or ()),
        error=_error(_mapping(fields.get("error"))),
        next_poll=next_poll,
        request_id=request_id,
    )


def stored_file(fields: Mapping[str, Any], *, next_poll: float | None = None) -> StoredFile:
    detail = fields.get("status_details") or _mapping(fields.get("error")).get("message")
    return StoredFile(
        id=_identity(fields["id"]),
        filename=_words(fields.get("filename")),
        purpose=_words(fields.get("purpose")),
        size=int(fields.get("bytes") or 0),
        status=FileStatus.parse(str(fields.get("status") or "")),
        detail=_words(detail) or None,
        next_poll=next_poll,
        created_at=_moment(fields.get("created_at")),
    )


def open_upload(fields: Mapping[str, Any]) -> OpenUpload:
    expires_at = _moment(fields.get("expires_at"))
    if expires_at is None:
        raise ValueError("an upload is expected to say when it expires")
    return OpenUpload(_identity(fields["id"]), expires_at)


def part_id(fields: Mapping[str, Any]) -> str:
    return _identity(fields["id"])


def event(fields: Mapping[str, Any]) -> Event:
    return Event(
        id=_identity(fields["id"]),
        at=_moment(fields.get("created_at")) or datetime.fromtimestamp(0, UTC),
        level=_words(fields.get("level")) or "info",
        message=_words(fields.get("message")),
        metrics=_numbers(_mapping(fields.get("data"))),
    )


def checkpoint(fields: Mapping[str, Any]) -> Checkpoint:
    return Checkpoint(
        id=_identity(fields["id"]),
        step=int(fields["step_number"]),
        model_id=_identity(fields["fine_tuned_model_checkpoint"]),
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
        if isinstance(found, str):
            return _words(found) or None
        known = isinstance(found, int | float) and not isinstance(found, bool) and found != -1 and math.isfinite(found)
        return found if known else None

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
    return JobError(_words(code) or None, _words(message) or "no message") if code or message else None


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


def _words(value: Any) -> str:
    """For people: whatever it is, on one line that no terminal obeys. Empty where there is nothing."""
    return one_line(str(value)) if value else ""


def _identity(value: Any) -> str:
    """What names something, and may stand in an address; and leads nowhere else there."""
    found = _text(value)
    if not _IDENTITY.fullmatch(found) or not found.strip("."):
        raise ValueError(f"no ID has this form: {one_line(repr(found))[:80]}")
    return found


def _identity_or_none(value: Any) -> str | None:
    return _identity(value) if value else None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"a text is expected, not {one_line(repr(value))[:80]}")
    return value
