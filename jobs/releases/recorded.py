"""Whether a stack's file records any model, which then may be deployed."""

from __future__ import annotations

from jobs.errors import JobsError
from jobs.ports import Stack


def records_any(stack: Stack) -> bool:
    """Where that can't be told: yes."""
    try:
        return any(releases.records() for releases in stack.releases().values())
    except JobsError:
        return True
