"""Why a job is paused, and what resuming it comes to, as far as its events tell. Pure.

A job is paused by a person; by the service, when training with a grader has cost what one run may cost, and resuming it
then takes that limit away (azure-ai-docs, reinforcement-fine-tuning.md); or because it was preempted, as Developer
training may be, and then it goes on by itself (azure-ai-docs, fine-tuning.md). No document has the words of the events
that say so: what is looked for in them is memory, and what isn't found is said to be unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from jobs.ports import Event, JobStatus


class Cause(Enum):
    """The value is for programs."""

    PERSON = "person"
    LIMIT = "spendingLimit"
    PREEMPTION = "preemption"
    UNKNOWN = "unknown"


_SAID = (
    (Cause.PREEMPTION, re.compile(r"(?i)\bpre-?empt|\bevict")),
    (
        Cause.LIMIT,
        re.compile(r"(?i)\b(?:cost|spend|spending|budget)\b.*\blimit\b|\blimit\b.*(?:\bUSD\b|\$|\bspen[dt])"),
    ),
    (
        Cause.PERSON,
        re.compile(r"(?i)\b(?:by|of) (?:a |the )?(?:user|person|customer)\b|\buser[- ](?:request|initiated)"),
    ),
)
_LIFTED = "takes it away: the run then goes on to its end, whatever that costs."
_GOES_ON = "Resuming goes on from where it stopped, and costs what is left of it."
_PAUSED = re.compile(r"\bpaus(?:e|ed|ing)\b|\bpre-?empt", re.IGNORECASE)
_RAN = re.compile(r"\bresum(?:ed|ing)\b|\bjob started\b|^step \d", re.IGNORECASE)
"""What a job says while it runs: what was said before that is about an earlier pause."""


@dataclass(frozen=True)
class Pause:
    """``since`` is when the pausing began, and ``said`` the event that gives the reason; None where none does."""

    cause: Cause = Cause.UNKNOWN
    since: datetime | None = None
    said: str | None = None

    @property
    def waits(self) -> bool:
        """Whether it waits for a person, and doesn't go on by itself."""
        return self.cause is not Cause.PREEMPTION


def standing(status: JobStatus, *, preempted: bool) -> str:
    """How a job stands, in words; ``preempted``: whether it is paused and goes on by itself."""
    return f"{status} (preempted: goes on by itself)" if preempted else str(status)


def read_pause(events: Sequence[Event]) -> Pause:
    """The pause that the job is in. ``events``: its newest, newest first."""
    told = list(_of_this_pause(events))
    since = min((event.at for event in told if _PAUSED.search(event.message)), default=None)
    for cause, words in _SAID:
        said = next((event.message for event in told if words.search(event.message)), None)
        if said is not None:
            return Pause(cause, since, said)
    return Pause(Cause.UNKNOWN, since)


def _of_this_pause(events: Sequence[Event]) -> Iterator[Event]:
    """Those since the job ran last."""
    paused = False
    for event in events:
        if _RAN.search(event.message) and paused:
            return
        paused = paused or _PAUSED.search(event.message) is not None
        yield event


def lifts_a_limit(pause: Pause, method: str | None) -> bool:
    """Whether resuming takes a spending limit away, or may do so: only training with a grader has one, and where the
    reason isn't told it may have been that."""
    return pause.cause is Cause.LIMIT or (pause.cause is Cause.UNKNOWN and method in ("reinforcement", None))


def reasons(pause: Pause, method: str | None) -> tuple[str, ...]:
    """Why it is paused, and what resuming means for the limit: a sentence or two each."""
    told = (f"The service says: {pause.said}",) if pause.said is not None else ()
    match pause.cause:
        case Cause.PERSON:
            return (*told, "Somebody paused it.", _GOES_ON)
        case Cause.LIMIT:
            return (*told, "It has reached the service's spending limit for one run.", f"Resuming {_LIFTED}")
        case Cause.PREEMPTION:
            return (*told, "It was preempted, as Developer training may be, and goes on by itself when there is room.")
        case Cause.UNKNOWN if lifts_a_limit(pause, method):
            return (
                "Its events do not say why: somebody paused it, or it has reached the service's spending limit.",
                f"If it was that limit, resuming {_LIFTED}",
            )
        case Cause.UNKNOWN:
            return ("Its events do not say why: somebody paused it, or the service did.", _GOES_ON)
