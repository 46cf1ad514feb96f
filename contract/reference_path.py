"""Paths to a place in JSON, as templates and keys write them: ``truth.date``, ``choices[0].text``, ``['a b']``."""

from __future__ import annotations

import re

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]|\[(['\"])(.*?)\3\]")


def steps(path: str) -> list[str | int]:
    """``truth.date`` as two steps, ``choices[0].text`` as three; up to the first that is of another form."""
    found: list[str | int] = []
    place = 0
    while match := _STEP.match(path, place):
        name, index, _, quoted = match.groups()
        found.append(int(index) if index is not None else name.strip() if name is not None else quoted)
        place = match.end()
    return found
