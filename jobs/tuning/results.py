"""results.csv, in which the service says how a training went, step by step. Pure.

Columns: azure-ai-docs, fine-tuning.md (``valid_loss``, ``full_valid_loss``); of reinforcement: Microsoft Learn,
"Reinforcement fine-tuning", has ``valid_reward_mean``, microsoft/azure-skills ``valid_mean_reward``. They are read by
their headings, in whatever order. OpenAI's own service gives the file in base64 (OpenAI cookbook); that Azure's does is
not known.
"""

from __future__ import annotations

import base64
import binascii
import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass

MEASURES: Mapping[str, tuple[str, ...]] = {
    "full_valid_loss": ("full_valid_loss", "full_validation_loss"),
    "valid_loss": ("valid_loss", "validation_loss"),
    "valid_reward": ("valid_reward_mean", "valid_mean_reward", "valid_reward"),
}
"""What a training is measured by, and the names that the service has for it."""


@dataclass(frozen=True)
class Results:
    """By measure, the last value that there is: that of the model as it was left."""

    last: Mapping[str, float]

    @classmethod
    def of(cls, metrics: Mapping[str, float]) -> Results:
        """From numbers that are named as in the file."""
        found = {
            measure: metrics[name]
            for measure, names in MEASURES.items()
            for name in reversed(names)
            if name in metrics and math.isfinite(metrics[name])
        }
        return cls(found)


def read_results(content: bytes) -> Results:
    """Total: what is no such file, or has no such column, measures nothing."""
    text = _text(content)
    last: dict[str, float] = {}
    try:
        for row in csv.DictReader(text.splitlines()):
            for name, cell in row.items():
                # A row with too many cells has them in a list, under None.
                value = _number(cell) if isinstance(name, str) and isinstance(cell, str) else None
                if value is not None:
                    last[name.strip().lower()] = value
    except csv.Error:
        return Results({})
    return Results.of(last)


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
