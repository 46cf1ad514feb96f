"""The parameters that a tool declares, as JSON Schema, and whether the arguments of a call fit them.

jsonschema is imported at the first tool that declares parameters. What a schema comes to is kept: a file declares the
same few tools on every line.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jobs.data.reading.json_line import shortened, type_word

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

_KEPT_SCHEMAS = 256
_KEPT_CHARACTERS = 64 * 1024
_EXPECTED_WORDS = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class Parameters:
    """``fault``: why the declaration is no JSON Schema; None where it is one."""

    fault: str | None
    _validator: Validator | None = None

    def misfit(self, arguments: Any) -> str | None:
        """Where ``arguments`` don't fit, without the values that stand there; None where they do, or none can say."""
        if self._validator is None:
            return None
        try:
            errors = list(self._validator.iter_errors(arguments))
        except Exception:  # noqa: BLE001  # jsonschema lets through what its parts raise on odd schemas: re, referencing, recursion.
            return None
        return "; ".join(misfit_words(error) for error in errors[:3]) or None


_NONE = Parameters(None)


def parameters(schema: Mapping[str, Any]) -> Parameters:
    """What a schema comes to. Total: any JSON object can be asked about."""
    if not schema:
        return _NONE
    text = json.dumps(schema, sort_keys=True)
    return _kept(text) if len(text) <= _KEPT_CHARACTERS else _compiled(text)


def _compiled(text: str) -> Parameters:
    import jsonschema_specifications  # type: ignore[import-untyped]  # It has no types, and is a mapping to us.
    from jsonschema import FormatChecker
    from jsonschema.exceptions import SchemaError

    schema = json.loads(text)
    try:
        kind = dialect(schema.get("$schema"))
        # No formats: whether a pattern is one, only ECMAScript can say.
        kind.check_schema(schema, format_checker=FormatChecker(formats=()))  # type: ignore[call-arg]  # Its protocol has no such argument, its classes have.
        # The registry of the dialects alone: a reference to an address is never fetched.
        return Parameters(None, kind(schema, registry=jsonschema_specifications.REGISTRY))
    except SchemaError as error:
        return Parameters(f"{_place(error.absolute_path)}: {shortened(error.message, 120)}")
    except Exception as error:  # noqa: BLE001  # As in misfit.
        return Parameters(f"it cannot be read as one ({type(error).__name__})")


_kept = lru_cache(maxsize=_KEPT_SCHEMAS)(_compiled)


def dialect(name: object) -> type[Validator]:
    """The validator of the dialect that a schema names; of 2020-12 where it names none, or one that nobody knows."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend, validator_for

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        named = {"$schema": name} if isinstance(name, str) else {}
        found = validator_for(named, default=Draft202012Validator)
    own: type[Validator] = extend(found, {"multipleOf": _multiple_of, "pattern": _pattern})  # type: ignore[no-untyped-call]  # Its stubs leave it out.
    return own


def _multiple_of(validator: Any, divisor: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """As the numbers are written: as binary fractions 19.99 would be no multiple of 0.01."""
    del schema
    from jsonschema.exceptions import ValidationError

    if validator.is_type(instance, "number") and Fraction(str(instance)) % Fraction(str(divisor)):
        yield ValidationError("is no multiple")


def _pattern(validator: Any, pattern: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """Patterns are ECMAScript's: one that Python can't read is not held against anybody."""
    del schema
    from jsonschema.exceptions import ValidationError

    try:
        fits = not validator.is_type(instance, "string") or re.search(pattern, instance)
    except re.error:
        return
    if not fits:
        yield ValidationError("does not match")


def misfit_words(error: ValidationError) -> str:
    """Where it does not fit, without the value that stands there."""
    place = _place(error.absolute_path)
    wanted = error.validator_value
    if error.validator == "required" and isinstance(wanted, list) and isinstance(error.instance, dict):
        missing = ", ".join(shortened(str(name)) for name in wanted if name not in error.instance)
        return f"{place} lacks {missing}"
    if error.validator == "type":
        kinds = wanted if isinstance(wanted, list) else [wanted]
        expected = " or ".join(_EXPECTED_WORDS.get(str(kind), str(kind)) for kind in kinds)
        return f"{place} is {type_word(error.instance)}, {expected} is expected"
    if error.validator in ("enum", "const"):
        return f"{place} is not {'one of ' if error.validator == 'enum' else ''}{shortened(json.dumps(wanted), 80)}"
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        more = ", ".join(shortened(name) for name in error.instance if name not in known)
        return f"{place} has {more}, and no more is allowed than is declared"
    return f"{place} breaks {error.validator} {shortened(json.dumps(wanted), 80)}"


def _place(path: Any) -> str:
    """``symbol``, ``orders[0].price``; what has no place is the whole."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
    return shortened(steps, 80) if steps else "the object"
