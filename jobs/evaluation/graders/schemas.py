"""Answers that are JSON: whether they fit a schema, and have in some keys what is expected.

Addresses that a schema refers to are never fetched, and its patterns have an end to their trying.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contract.evaluation_graders import JsonSchema
from contract.reference_path import at
from jobs.data.formats.parameters import dialect, misfit_words, parameters
from jobs.errors import Refused
from jobs.evaluation.graders.graded import Graded
from jobs.evaluation.graders.json_values import same
from jobs.evaluation.graders.namespaces import parsed
from jobs.evaluation.graders.patterns import TooSlow, search

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

_MOST_BYTES = 1024 * 1024
"""Of a schema's file."""
_ABSENT = object()


def fitting(grader: JsonSchema, given: str, wanted: str | None, folder: Path | None) -> Graded:
    """``wanted`` is looked at where the grader names keys that have to be equal. Raises Refused for a schema that is
    none, or cannot be read."""
    value = parsed(given, _ABSENT)
    if value is _ABSENT:
        return Graded(0.0, "the answer is no JSON")
    if (schema := _schema_text(grader, folder)) is not None and (wrong := _misfit(schema, value)) is not None:
        return Graded(0.0, wrong)
    if not grader.equal:
        return Graded(1.0)
    expected = parsed(wanted, _ABSENT) if wanted is not None else _ABSENT
    if expected is _ABSENT:
        return Graded(0.0, "what is expected is no JSON")
    other = [key for key in grader.equal if not _equal(at(value, key, _ABSENT), at(expected, key, _ABSENT))]
    return Graded(0.0, f"other than expected: {', '.join(other)}") if other else Graded(1.0)


def _equal(found: Any, expected: Any) -> bool:
    """What the expected JSON lacks the answer has to lack too."""
    if found is _ABSENT or expected is _ABSENT:
        return found is expected
    return same(found, expected)


def _schema_text(grader: JsonSchema, folder: Path | None) -> str | None:
    if grader.schema_ is not None:
        return json.dumps(grader.schema_, sort_keys=True)
    if grader.schema_file is None:
        return None
    if folder is None:
        raise ValueError("a grader with a file needs the model's folder")
    return _read(folder / grader.schema_file)


@lru_cache(maxsize=16)
def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"{path}, a grader's schema, cannot be read: {error.strerror}") from error
    if len(content) > _MOST_BYTES or not isinstance(parsed(text := content.decode(errors="replace")), dict):
        raise Refused(f"{path}, a grader's schema, is no JSON object of at most 1 MiB")
    return text


def _misfit(schema: str, value: Any) -> str | None:
    """Where the value does not fit; None where it does."""
    validator = _validator(schema)
    try:
        wrong = next(validator.iter_errors(value), None)
    except RecursionError:
        return "the answer is nested too deeply"
    except TooSlow as slow:
        return str(slow)
    except Exception as error:  # jsonschema lets through what its parts raise, such as referencing.
        words = " ".join(str(error).split())[:100]
        raise Refused(f"a grader's schema cannot be used: {words or type(error).__name__}") from error
    return None if wrong is None else misfit_words(wrong)


@lru_cache(maxsize=16)
def _validator(text: str) -> Validator:
    """Raises Refused where the schema is none."""
    import jsonschema_specifications  # type: ignore[import-untyped]  # It has no types, and is a mapping to us.
    from jsonschema.validators import extend

    schema: Mapping[str, Any] = json.loads(text)
    if (fault := parameters(schema).fault) is not None:
        raise Refused(f"a grader's schema is no JSON Schema: {fault}")
    kind: type[Validator] = extend(dialect(schema.get("$schema")), {"pattern": _pattern})  # type: ignore[no-untyped-call]  # As in parameters.
    return kind(schema, registry=jsonschema_specifications.REGISTRY)


def _pattern(validator: Any, pattern: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """Raises TooSlow. Patterns are ECMAScript's: one that cannot be read here is not held against anybody."""
    del schema
    import regex
    from jsonschema.exceptions import ValidationError

    try:
        fits = not validator.is_type(instance, "string") or search(pattern, instance)
    except regex.error:
        return
    if not fits:
        yield ValidationError("does not match")
