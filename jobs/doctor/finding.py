"""The result of one check."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from jobs.errors import JobsError


class State(enum.Enum):
    OK = "ok"
    WARN = "warn"
    """A run goes on without it, or part of it could not be seen."""
    BLOCKER = "blocker"
    """A run, or the up after it, would fail."""
    UNCHECKED = "-"
    """Another check has to pass first, or this identity may not look."""


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do about it: lines to type or to write into the stack file."""

    what: str
    state: State
    words: str
    mend: tuple[str, ...] = ()


def ok(what: str, words: str) -> Finding:
    return Finding(what, State.OK, words)


def warn(what: str, words: str, *mend: str) -> Finding:
    return Finding(what, State.WARN, words, mend)


def blocker(what: str, words: str, *mend: str) -> Finding:
    return Finding(what, State.BLOCKER, words, mend)


def unchecked(what: str, why: str, *mend: str) -> Finding:
    return Finding(what, State.UNCHECKED, f"not checked: {why}", mend)


def of_error(what: str, error: JobsError, *mend: str) -> Finding:
    """A blocker in the error's own words; its next command is the last mend."""
    lines = str(error).splitlines()
    following = (error.next_command,) if error.next_command else ()
    return blocker(what, lines[0], *(line.strip() for line in lines[1:]), *mend, *following)
