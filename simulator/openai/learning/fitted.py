"""JSON that fits a schema, filled with the words of a text: what an untaught model makes of structured answers.

Imperfect on purpose, as far as it goes: numbers are taken in their order, names by their capitals, options by likeness.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from simulator.openai.learning import labels
from simulator.openai.learning.style import topic
from simulator.openai.learning.words import content_words, telling

_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w&'’-]*(?:\s+(?:of\s+)?[A-Z][\w&'’-]*)*")
_OPTIONS = re.compile(r"(?:one of|either|valid [a-z]+|values?|options?)\b[^:]*:\s*([^.]+)", re.IGNORECASE)
_KEYS = re.compile(r"\"(\w{1,40})\"\s*:")
_DEEPEST = 5


class _Text:
    """What is left of a text to fill in: each name and number is used once, as long as there are others."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._numbers = _NUMBER.findall(text)
        self._names = [name.removesuffix("'s").removesuffix("’s") for name in _NAME.findall(text)]

    def number(self) -> float | None:
        return float(self._taken(self._numbers)) if self._numbers else None

    def name(self) -> str | None:
        return self._taken(self._names) if self._names else None

    @staticmethod
    def _taken(left: list[str]) -> str:
        return left.pop(0) if len(left) > 1 else left[0]


def fitted(schema: Mapping[str, Any], text: str) -> Any:
    """A value of this JSON Schema."""
    return _value(schema, _Text(text), "", schema, 0)


def keys_named(text: str) -> tuple[str, ...]:
    """The keys of the object that a prompt shows as what it wants."""
    return tuple(dict.fromkeys(_KEYS.findall(text)))


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _value(schema: Mapping[str, Any], text: _Text, name: str, whole: Mapping[str, Any], depth: int) -> Any:
    schema = _resolved(schema, whole)
    if "const" in schema:
        return schema["const"]
    options = schema.get("enum")
    if isinstance(options, list) and options:
        said = labels.likest([str(option) for option in options], text.text, f"{name}|{text.text}")
        return next(option for option in options if str(option) == said)
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if "object" in kinds or "properties" in schema:
        return _object(schema, text, whole, depth)
    if "array" in kinds:
        least = max(int(_figure(schema, "minItems", 0)), min(1, int(_figure(schema, "maxItems", 1))))
        items = schema.get("items")
        inner = items if isinstance(items, dict) and depth < _DEEPEST else {"type": "string"}
        return [_value(inner, text, name, whole, depth + 1) for _ in range(min(least, 20))]
    if "number" in kinds or "integer" in kinds:
        return _number(schema, text, whole="integer" in kinds)
    if "boolean" in kinds:
        return bool(set(telling(name.replace("_", " "))) & set(telling(text.text)))
    if kinds == ["null"]:
        return None
    return _string(schema, text, name)


def _object(schema: Mapping[str, Any], text: _Text, whole: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """What is required; what is optional only where the text names it, or nothing is required at all."""
    properties = schema.get("properties")
    if not isinstance(properties, dict) or depth >= _DEEPEST:
        return {}
    required = schema.get("required")
    wanted = {str(key) for key in required} if isinstance(required, list) else set()
    said = set(telling(text.text))
    return {
        key: _value(value if isinstance(value, dict) else {}, text, key, whole, depth + 1)
        for key, value in properties.items()
        if not wanted or key in wanted or said.intersection(telling(key.replace("_", " ")))
    }


def _number(schema: Mapping[str, Any], text: _Text, *, whole: bool) -> float | int:
    found = text.number()
    low, high = _figure(schema, "minimum", -math.inf), _figure(schema, "maximum", math.inf)
    value = found if found is not None else max(0.0, low) if low > -math.inf else 0.0
    value = min(max(value, low), high)
    return int(value) if whole or value.is_integer() else value


def _figure(schema: Mapping[str, Any], key: str, otherwise: float) -> float:
    value = schema.get(key)
    sound = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if sound and value is not None else otherwise


def _string(schema: Mapping[str, Any], text: _Text, name: str) -> str:
    description = str(schema.get("description") or "")
    options = _OPTIONS.search(description)
    if options and (found := [o for part in options[1].split(",") if (o := part.strip(" \"'`"))]):
        return labels.likest(found, text.text, f"{name}|{text.text}")
    if schema.get("format") in ("date", "date-time") and (date := _DATE.search(text.text)):
        return date[0]
    return (text.name() or topic(text.text))[: max(0, int(_figure(schema, "maxLength", 200)))]


def _resolved(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follows references within the schema, and takes the first of alternatives."""
    for _ in range(_DEEPEST):
        reference = schema.get("$ref")
        choices = next((schema[key] for key in ("anyOf", "oneOf", "allOf") if schema.get(key)), None)
        if isinstance(reference, str) and reference.startswith("#/"):
            found: Any = whole
            for part in reference[2:].split("/"):
                found = found.get(part, {}) if isinstance(found, dict) else {}
            schema = found if isinstance(found, dict) else {}
        elif isinstance(choices, list) and isinstance(choices[0], dict):
            schema = choices[0]
        else:
            break
    return schema


def mentions(text: str, words: str) -> float:
    """How much of these words a text takes up: 0 to 1."""
    own = {word[:5] for word in telling(words)}
    return len(own & {word[:5] for word in content_words(text)}) / max(1, len(own))
