"""Why a job is paused is said as far as its events tell it, and what resuming it means for the limit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobs.ports import Event
from jobs.tuning.polling.pausing import Cause, Pause, lifts_a_limit, read_pause, reasons
from tests.jobs.doubles import START


def newest_first(*messages: str) -> list[Event]:
    """Said a minute after each other, in this order."""
    told = [Event(f"e{n}", START + timedelta(minutes=n), "info", text, {}) for n, text in enumerate(messages)]
    return told[::-1]


RAN = ("Job enqueued. Waiting for jobs ahead to complete.", "Job started.", "Step 1: training loss=2.1")


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("Job is pausing: its cost has reached the limit of 5000 USD.", Cause.LIMIT),
        ("Spending limit reached, pausing.", Cause.LIMIT),
        ("The job was preempted.", Cause.PREEMPTION),
        ("Job pre-empted: capacity was needed elsewhere.", Cause.PREEMPTION),
        ("Job paused by user.", Cause.PERSON),
        ("Pausing at the request of the user.", Cause.PERSON),
        ("Job is pausing.", Cause.UNKNOWN),
    ],
)
def test_the_reason_is_read_from_the_events(words: str, cause: Cause) -> None:
    pause = read_pause(newest_first(*RAN, words, "Job paused."))

    assert pause == Pause(cause, START + timedelta(minutes=3), words if cause is not Cause.UNKNOWN else None)


def test_an_earlier_pause_says_nothing_about_this_one() -> None:
    told = newest_first(
        *RAN, "Job is pausing: its cost has reached the limit.", "Job paused.", "Job resumed.", "Job is pausing."
    )

    assert read_pause(told) == Pause(Cause.UNKNOWN, START + timedelta(minutes=6))


def test_what_is_said_of_a_limit_before_the_job_ran_is_no_reason() -> None:
    told = newest_first("The spending limit of this job is 5000 USD.", *RAN, "Job is pausing.", "Job paused.")

    assert read_pause(told).cause is Cause.UNKNOWN


def test_without_events_nothing_is_known() -> None:
    assert read_pause([]) == Pause()


@pytest.mark.parametrize(
    ("cause", "method", "lifted"),
    [
        (Cause.LIMIT, "reinforcement", True),
        (Cause.UNKNOWN, "reinforcement", True),
        (Cause.UNKNOWN, None, True),
        # Only training with a grader has the limit (azure-ai-docs, reinforcement-fine-tuning.md).
        (Cause.UNKNOWN, "supervised", False),
        (Cause.PERSON, "reinforcement", False),
        (Cause.PREEMPTION, "supervised", False),
    ],
)
def test_whether_resuming_lifts_the_limit(cause: Cause, method: str | None, lifted: bool) -> None:
    pause = Pause(cause)

    assert lifts_a_limit(pause, method) is lifted
    assert ("takes" in " ".join(reasons(pause, method))) is lifted


def test_an_unknown_reason_is_said_to_be_unknown() -> None:
    assert all("do not say why" in reasons(Pause(), method)[0] for method in ("supervised", "reinforcement"))
