"""A quick reader for lines that are plainly good. What it does not accept, the strict one (json_line) judges.

It accepts a line only where the strict reader would give the same object and have nothing against it: orjson takes
strict JSON and UTF-8 only and no half characters; a key that stands twice shows in the number of quotation marks, since
one of the two is not in what was read; numbers other than small integers, and many containers in each other, are left
to the strict reader. A test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from jobs.data.rules import MAX_NESTING

_LARGE = 2**53
_QUOTE = 34


def accepted(data: bytes) -> dict[str, Any] | None:
    """The object on the line; None where it takes a closer look to say whether there is one."""
    (value,) = objects((data,))
    return value if value is not None and _quotes_of(value) == quotes_in(data) else None


def objects(lines: Iterable[bytes]) -> Iterator[dict[str, Any] | None]:
    """The objects on the lines, as far as orjson goes; whether they may be accepted, their quotation marks tell."""
    for data in lines:
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            value = None
        yield value if type(value) is dict else None


def quotes_in(data: bytes) -> int | None:
    """How many quotation marks are written in JSON, of a line or of many. None where some are not seen as such."""
    return None if b"\\u0022" in data else data.count(_QUOTE)


def _quotes_of(value: dict[str, Any]) -> int | None:
    """How many it takes to write the object. None where something is to be left to the strict reader."""
    quotes = 0
    containers: list[Any] = [value]
    for here in containers:
        if type(here) is dict:
            quotes += 2 * len(here) + "".join(here).count('"')
            items = here.values()
        else:
            items = here
        for item in items:
            kind = type(item)
            if kind is str:
                quotes += 2 + item.count('"')
            elif kind is dict or kind is list:
                containers.append(item)
            elif kind is float or (kind is int and not -_LARGE < item < _LARGE):
                return None
        if len(containers) > MAX_NESTING:
            return None
    return quotes
