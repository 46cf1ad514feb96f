"""Whether two values of JSON are the same: ``1`` and ``1.0`` are, ``1`` and ``true`` are not; keys have no order."""

from __future__ import annotations

from typing import Any


def same(one: Any, other: Any) -> bool:
    """Of what is nested too deeply to be compared: False."""
    try:
        return _same(one, other)
    except RecursionError:
        return False


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(each, others) for each, others in zip(one, other, strict=True))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)
