"""A quick reader for lines that are plainly good. What it does not accept, the strict one (json_line) judges.

It accepts a line only where the strict reader would give the same object and have nothing against it: orjson takes
strict JSON and UTF-8 only and no half characters; keys that stand twice show in the number of colons; numbers other
than small integers, and many containers in each other, are left to the strict reader. A test holds both against each
other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from jobs.data.rules import MAX_NESTING

_LARGE = 2**53
_NEVER = -(2**62)
"""No number of keys makes up for it."""


def accepted(data: bytes) -> dict[str, Any] | None:
    """The object on the line; None where it takes a closer look to say whether there is one."""
    (value,) = objects((data,))
    return value if value is not None and counted_keys(value) == keys_in(data) else None


def objects(lines: Iterable[bytes]) -> Iterator[dict[str, Any] | None]:
    """The objects on the lines, as far as orjson goes; whether they may be accepted, their keys tell."""
    for data in lines:
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            value = None
        yield value if type(value) is dict else None


def keys_in(data: bytes) -> int | None:
    """How many keys are written in JSON, of one line or of many; at least, and None where that is hard to say."""
    # A key is followed by `":`; in a text `":` is written `\":`. A blank between would hide a key from being counted.
    if b" :" in data or (b"\t" in data and b"\t:" in data) or (b"\r" in data and b"\r:" in data):
        return None
    in_texts = data.count(b'\\":')
    if in_texts and b'\\\\":' in data:
        # A key may end in a backslash.
        return None
    return data.count(b'":') - in_texts


def counted_keys(value: dict[str, Any]) -> int:
    """How many keys there are in all; less than none where something is to be left to the strict reader."""
    keys = 0
    containers: list[Any] = [value]
    for here in containers:
        if type(here) is dict:
            keys += len(here)
            items = here.values()
        else:
            items = here
        for item in items:
            kind = type(item)
            if kind is str:
                continue
            if kind is dict or kind is list:
                containers.append(item)
            elif kind is float or (kind is int and not -_LARGE < item < _LARGE):
                return _NEVER
        if len(containers) > MAX_NESTING:
            return _NEVER
    return keys
