"""A fine-tuning job as it is asked for: the request's body, bound. No models or files are looked at here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.openai import errors, hyperparameters
from simulator.openai.bases import Method, TrainingType
from simulator.openai.graders import shape

TRAINING_TYPES: dict[str, TrainingType] = {
    "standard": "standard",
    "globalstandard": "globalStandard",
    "developertier": "developerTier",
    "developer": "developerTier",
    "0": "standard",
    "1": "globalStandard",
}
"""Spellings that are bound, in lower case. `1` is documented for model-router (microsoft-foundry/fine-tuning)."""
_LARGEST_SEED, _MOST_METADATA = 2**31 - 1, 16
"""OpenAI's API specification (openai/openai-openapi); no document of Azure's names them."""
_SUFFIX = re.compile(r"[A-Za-z0-9_-]{1,40}")
_MEMBERS: Mapping[Method, frozenset[str]] = {
    "supervised": frozenset({"hyperparameters"}),
    "dpo": frozenset({"hyperparameters"}),
    "reinforcement": frozenset({"hyperparameters", "grader", "response_format"}),
}


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
    spelt = body.get("trainingType")
    training_type = TRAINING_TYPES.get("standard" if spelt is None else str(spelt).lower())
    if training_type is None:
        raise errors.body_not_bindable()
    method, method_body, given = _bind_method(body)
    suffix = body.get("suffix")
    if suffix is not None and (not isinstance(suffix, str) or not _SUFFIX.fullmatch(suffix)):
        raise errors.invalid_suffix()
    seed = body.get("seed")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= _LARGEST_SEED):
        raise errors.invalid_field("seed", f"must be an integer from 0 to {_LARGEST_SEED}")
    return Request(
        body["model"],
        body["training_file"],
        body.get("validation_file"),
        training_type,
        method,
        method_body,
        given,
        suffix,
        seed,
        _metadata(body.get("metadata")),
    )


def check(asked: Request) -> None:
    """Refuses what the method lacks, or can't be told."""
    if asked.method == "reinforcement":
        if asked.validation_file is None:
            raise errors.field_missing("validation_file")
        if asked.method_body.get("grader") is None:
            raise errors.field_missing("grader")
        for fault in shape.faults(asked.method_body["grader"]):
            raise errors.invalid_grader(fault)
        _check_response_format(asked.method_body.get("response_format"))
    hyperparameters.check(asked.hyperparameters, asked.method)


def _bind_method(body: dict[str, Any]) -> tuple[Method, dict[str, Any], dict[str, Any]]:
    given = body.get("method")
    if given is None:
        return "supervised", {}, _object(body.get("hyperparameters"))
    method: Method | None = next((m for m in _MEMBERS if isinstance(given, dict) and given.get("type") == m), None)
    if method is None:
        raise errors.body_not_bindable()
    for name in given:
        if name not in ("type", method) and given[name] is not None:
            raise errors.invalid_field(f"method.{name}", f"does not belong to the {method} method")
    details = _object(given.get(method))
    for name in details:
        if name not in _MEMBERS[method]:
            raise errors.invalid_field(f"method.{method}.{name}", f"does not belong to the {method} method")
    return method, details, _object(details.get("hyperparameters")) or _object(body.get("hyperparameters"))


def _metadata(value: object) -> dict[str, str] | None:
    if value is None:
        return None
    if (
        not isinstance(value, dict)
        or len(value) > _MOST_METADATA
        or not all(isinstance(v, str) for v in value.values())
    ):
        raise errors.invalid_field("metadata", f"must be an object of at most {_MOST_METADATA} texts")
    return value


def _object(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise errors.body_not_bindable()
    return value


def _check_response_format(given: object) -> None:
    """Text, or JSON by a schema, which stands in it flat (as Azure's page has it) or nested (as in chat)."""
    if given is None or given == {"type": "text"}:
        return
    nested = given.get("json_schema", given) if isinstance(given, dict) else None
    whole = isinstance(nested, dict) and isinstance(nested.get("schema"), dict) and isinstance(nested.get("name"), str)
    if not isinstance(given, dict) or given.get("type") != "json_schema" or not whole:
        raise errors.invalid_field("response_format", "must be text, or json_schema with a name and a schema")
