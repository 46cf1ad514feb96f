"""Which cases are tried: always the same few in `make test`, all of them in `make faults`."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")
COMPLETE = os.environ.get("FAULTS") == "complete"
SEED = 6
PARTS = 4 if COMPLETE else 1
"""A long list of cases is tried by so many tests, which may run side by side."""

parts = pytest.mark.parametrize("part", range(PARTS))


def some(every: Sequence[T], few: int, part: int = 0) -> list[T]:
    """So many of the cases; of all, those of that part."""
    if COMPLETE:
        return list(every[part::PARTS])
    # In their order: what belongs together stays together.
    numbers = sorted(random.Random(SEED).sample(range(len(every)), min(few, len(every))))  # noqa: S311 - no secret
    return [every[number] for number in numbers]
