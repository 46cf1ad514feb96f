"""Paths to a place in JSON, as templates and keys write them: ``truth.date``, ``choices[0].text``, ``['a b']``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]|\[(['\"])(.*?)\3\]")


def steps(path: str) -> list[str | int]:
    """``truth.date`` as two steps, ``choices[0].text`` as three; up to the first that is of another form."""
    return _read(path)[0]


def _read(path: str) -> tuple[list[str | int], bool]:
    """The steps, and whether they are the whole path."""
    found: list[str | int] = []
    place = 0
    while match := _STEP.match(path, place):
        name, index, _, quoted = match.groups()
        found.append(int(index) if index is not None else name.strip() if name is not None else quoted)
        place = match.end()
    return found, place == len(path)


def at(value: Any, path: str, default: object = None) -> Any:
    """What stands at ``path`` in JSON, else ``default``. Arguments of a call are looked into, as the JSON they are."""
    way, whole = _read(path)
    if not whole:
        return default
    last: str | int = ""
    for step in way:
        if isinstance(value, str) and last == "arguments":
            value = _inner(value)
        if isinstance(value, Mapping) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and str(step).isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return default
        last = step
    return value


def _inner(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        return None
