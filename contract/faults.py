"""Faults: everything that is wrong with an input, found in one pass and reported together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from contract import naming, shape

_ONE_WORD = re.compile(r" is not one of '(\w+)'$")
_PASSWORD = re.compile(r"(?<=://)[^\s/?#'\"]*@")
_QUERY = re.compile(r"(://[^\s'\"?]*\?|\bsig=)[^\s'\"]+")
PATTERNS = {**naming.RULES, **shape.RULES}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the key it stands under (``models.clippy.skus.live``) and what is wrong with it."""

    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.key}: {self.message}" if self.key else self.message


class Faults(Exception):
    """All faults of one input. ``str()`` is one line per fault, sorted as they were found."""

    def __init__(self, subject: str, faults: Sequence[Fault]) -> None:
        self.subject = subject
        self.faults = tuple(faults)
        super().__init__(subject, self.faults)

    def __str__(self) -> str:
        count = len(self.faults)
        head = f"{self.subject}: {count} fault{'' if count == 1 else 's'}"
        return "\n".join([head, *(f"  {fault}" for fault in self.faults)])


def of_validation(error: ValidationError, model: type[BaseModel], prefix: str = "") -> list[Fault]:
    """pydantic's errors in this project's words: the key as written in the file, a suggestion for unknown keys."""
    words: dict[str, list[str]] = {}
    for item in error.errors(include_url=False):
        if _is_of_others(item):
            continue
        fault = _fault(item, model, prefix)
        words.setdefault(_unsigned(fault.key), []).append(_unsigned(fault.message))
    # A value that fits no branch of a union has one error per branch.
    return [Fault(key, _any_of(messages)) for key, messages in words.items()]


def _is_of_others(item: Mapping[str, Any]) -> bool:
    """Whether it only follows from another fault: a default that was not computed, or a list that is too short by the
    entries that have faults."""
    if item["type"] == "default_factory_not_called":
        return True
    given = item["input"]
    return item["type"] == "too_short" and isinstance(given, list | tuple) and len(given) >= item["ctx"]["min_length"]


def _unsigned(words: str) -> str:
    """``words``, which may show what somebody wrote in the wrong place, without what lets into storage."""
    return _QUERY.sub(r"\1…", _PASSWORD.sub("…@", words))


def _any_of(branches: Sequence[str]) -> str:
    """What every branch of a union has against a value; of a branch that is one word, only the word."""
    *others, last = branches
    word = _ONE_WORD.search(last)
    return f"{'; or: '.join(others)}, or {word[1]}" if others and word else "; or: ".join(branches)


def joined(parts: Iterable[str | int]) -> str:
    """``("models", "clippy", 0)`` as people write it: ``models.clippy[0]``."""
    key = ""
    for part in parts:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
    return key


def suggestion(unknown: str, known: Iterable[str]) -> str:
    """``; did you mean …?`` where one of ``known`` is close to ``unknown``, else what may stand there."""
    names = sorted(known)
    close = difflib.get_close_matches(unknown, names, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known here: {', '.join(names)}" if names else ""


def _fault(item: Mapping[str, Any], model: type[BaseModel], prefix: str) -> Fault:
    location = tuple(part for part in item["loc"] if not _is_branch(part))
    key = joined((prefix, *location) if prefix else location)
    kind, given = item["type"], item["input"]
    if kind == "extra_forbidden":
        known = _known_keys(model, location[:-1])
        return Fault(key, f"unknown key{suggestion(str(location[-1]), known)}")
    if kind == "missing":
        return Fault(key, "is missing")
    if kind == "string_type" and isinstance(given, bool | int | float):
        return Fault(key, f'{given!r} is a {_yaml_word(given)}, a text is expected: write it in quotes, "…"')
    if kind in _SHAPES:
        return Fault(key, f"{_short(given)} stands where {_SHAPES[kind]}")
    if kind in _OUT_OF_BOUNDS:
        return Fault(key, _out_of_bounds(kind, item["ctx"], given))
    if kind in ("int_type", "float_type", "finite_number"):
        if isinstance(given, str) and given.replace(".", "", 1).isdecimal():
            return Fault(key, f"{given!r} is a text, a number is expected: write it without quotes")
        return Fault(key, f"{_short(given)} is not a {'whole ' if kind == 'int_type' else ''}number")
    if kind == "bool_type":
        return Fault(key, f"{_short(given)} is neither true nor false")
    if kind == "literal_error":
        expected = str(item["ctx"]["expected"])
        return Fault(key, f"{_short(given)} is not one of {expected}")
    if kind == "value_error":
        return Fault(key, str(item["ctx"]["error"]))
    if kind == "string_pattern_mismatch" and item["ctx"]["pattern"] in PATTERNS:
        return Fault(key, f"{given!r} is not {PATTERNS[item['ctx']['pattern']]}")
    message = str(item["msg"])
    return Fault(key, f"{message[:1].lower()}{message[1:]} (found {_short(given)})")


def _is_branch(part: str | int) -> bool:
    """Whether pydantic added this part to a location: the branch of a union, or its mark for a mapping's key."""
    return isinstance(part, str) and (part in _BRANCHES or "[" in part)


_BRANCHES = frozenset(
    {"str", "int", "float", "bool", "DataReference", "ContentPart"}
    | {"constrained-str", "constrained-int", "constrained-float"}
)


def _known_keys(model: type[BaseModel], location: tuple[Any, ...]) -> list[str]:
    """The keys that ``model`` knows at ``location``."""
    schema = _schema(model)
    definitions = schema.get("$defs", {})
    here: dict[str, Any] = schema
    for part in location:
        here = _resolved(here, definitions)
        properties = here.get("properties", {})
        if isinstance(part, int):
            here = here.get("items", {})
        elif part in properties:
            here = properties[part]
        else:
            values = [here.get("additionalProperties", {}), *here.get("patternProperties", {}).values()]
            here = next((value for value in values if isinstance(value, dict) and value), {})
    return sorted(_resolved(here, definitions).get("properties", {}))


@lru_cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True)


def _resolved(node: dict[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    for choice in node.get("anyOf", ()):
        if choice.get("type") != "null":
            return _resolved(choice, definitions)
    if "oneOf" in node:
        # Which of them is meant is not told here: the keys of all.
        branches = [_resolved(choice, definitions) for choice in node["oneOf"]]
        return {"properties": {key: value for each in branches for key, value in each.get("properties", {}).items()}}
    if "$ref" in node:
        found: dict[str, Any] = definitions[node["$ref"].rsplit("/", 1)[1]]
        return found
    return node


_SHAPES = {
    "string_type": "a text is expected",
    "model_type": "a mapping of keys is expected",
    "dict_type": "a mapping of keys is expected",
    "tuple_type": "a list is expected: begin each entry with '- '",
}
_OUT_OF_BOUNDS = {
    "greater_than": "is too little: more than {gt}",
    "greater_than_equal": "is too little: at least {ge}",
    "less_than_equal": "is too much: at most {le}",
    "too_short": "has {count} entries, at least {min_length} are needed",
    "too_long": "has {count} entries, at most {max_length} are allowed",
    "string_too_short": "has {count} characters, at least {min_length} are needed",
    "string_too_long": "has {count} characters, at most {max_length} are allowed",
}


def _out_of_bounds(kind: str, limits: Mapping[str, Any], given: Any) -> str:
    count = 0 if isinstance(given, int | float) else len(given)
    if kind.endswith("short") and not count:
        return f"is empty, at least {limits['min_length']} is needed" if kind == "too_short" else "is empty"
    bounds = {
        name: f"{limit:.10f}".rstrip("0").rstrip(".") if isinstance(limit, float) else limit
        for name, limit in limits.items()
    }
    return f"{_short(given)} {_OUT_OF_BOUNDS[kind].format(count=count, **bounds)}"


def _short(value: object) -> str:
    """As it is written in YAML, where Python writes it otherwise."""
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else str(value).lower()
    # What is read as JSON is given as its bytes where it is none.
    text = repr(value.decode(errors="replace") if isinstance(value, bytes) else value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _yaml_word(value: bool | float) -> str:
    return "boolean" if isinstance(value, bool) else "number"
