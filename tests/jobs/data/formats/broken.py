"""The rules that one example breaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract.release import Method
from jobs.data.expected import Expected
from jobs.data.formats import example_faults


def rules(example: Mapping[str, Any], method: Method = "supervised", **expected: Any) -> list[str]:
    """In the order in which they are told."""
    return [rule for rule, _ in faults(example, method, **expected)]


def words(example: Mapping[str, Any], method: Method = "supervised", **expected: Any) -> str:
    """What is said of the only fault there is."""
    ((_, said),) = faults(example, method, **expected)
    return said


def faults(example: Mapping[str, Any], method: Method, **expected: Any) -> list[tuple[str, str]]:
    return list(example_faults(example, Expected(method=method, **expected)))
