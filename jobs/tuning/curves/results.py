"""results.csv, in which the service says how a training went, step by step. Pure.

Its columns are read by their headings, in whatever order; ``measures`` has their names. OpenAI's own service gives the
file in base64 (OpenAI cookbook); that Azure's does is not known.
"""

from __future__ import annotations

import base64
import binascii
import csv
import io
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from jobs.tuning.curves.measures import OF_VALIDATION, measured

MOST_ROWS = 100_000
"""Rows that are kept, one for each step: more than a training has, and no more than memory has room for."""


@dataclass(frozen=True)
class Results:
    """By measure, the last value that there is: that of the model as it was left."""

    last: Mapping[str, float]

    @classmethod
    def of(cls, metrics: Mapping[str, float]) -> Results:
        """From numbers that are named as in the file."""
        found = measured(metrics)
        return cls({measure: found[measure] for measure in OF_VALIDATION if measure in found})


def read_results(content: bytes) -> Results:
    """Total: what is no such file, or has no such column, measures nothing."""
    last: dict[str, float] = {}
    for row in read_rows(content):
        last |= row
    return Results.of(last)


def read_rows(content: bytes) -> list[dict[str, float]]:
    """The file's rows in its order, each with the numbers that it has, by their headings in lower case. Total, too: of
    more than ``MOST_ROWS`` the last ones."""
    rows: deque[dict[str, float]] = deque(maxlen=MOST_ROWS)
    try:
        for row in csv.DictReader(io.StringIO(_text(content), newline=None)):
            # A row with too many cells has them in a list, under None.
            cells = ((name, cell) for name, cell in row.items() if isinstance(name, str) and isinstance(cell, str))
            numbers = ((name.strip().lower(), _number(cell)) for name, cell in cells)
            rows.append({name: value for name, value in numbers if value is not None})
    except csv.Error:
        return []
    return list(rows)


def _text(content: bytes) -> str:
    if b"," not in content:
        try:
            content = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            return ""
    return content.decode("utf-8-sig", "replace")


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
