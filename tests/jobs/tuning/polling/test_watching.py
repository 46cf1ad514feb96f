"""Watching follows a job until it ends, whatever the service says in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from jobs.errors import DeadlinePassed, JobsError, RunFailed, RunPaused, ServiceRefused, Unavailable
from jobs.ports import Event, Job, JobStatus
from jobs.tuning.curves.curve import Curve
from jobs.tuning.polling.watching import Progress, watch
from tests.jobs.doubles import START, HandClock, ScriptedService

JOB = Job("ftjob-1", JobStatus.parse("pending"), "gpt-4.1-mini-2025-04-14", START, suffix="clippy-0123abcd")
DAY = timedelta(hours=24)


def looks(
    script: Sequence[str | JobsError], *, hints: list[float | None] | None = None, deadline: timedelta = DAY
) -> tuple[list[Progress], HandClock]:
    """What was seen, to the end, of a job that goes through ``script``."""
    clock = HandClock()
    service = ScriptedService(script=list(script), hints=hints or [], all_jobs=[JOB], clock=clock)
    return list(watch(JOB, service, clock, START + deadline)), clock


def test_ends_with_the_job_succeeded() -> None:
    seen, _ = looks(["pending", "running", "succeeded"])

    assert [str(progress.job.status) for progress in seen] == ["pending", "running", "succeeded"]
    assert seen[-1].wait == 0


def test_events_that_cannot_be_read_keep_no_job_from_ending() -> None:
    """The losses are only shown; the job's own status tells when it is over."""

    class Eventless(ScriptedService):
        def events(self, job_id: str, limit: int) -> list[Event]:
            raise Unavailable(f"no {limit} events of {job_id}")

    clock = HandClock()
    service = Eventless(script=["running", "succeeded"], all_jobs=[JOB], clock=clock)
    seen = list(watch(JOB, service, clock, START + DAY))

    assert [str(progress.job.status) for progress in seen] == ["running", "succeeded"]
    assert seen[-1].curve == Curve()


@pytest.mark.parametrize("text", ["Running", "RUNNING", "validating_files", "queued", "created", "resuming", "pausing"])
def test_every_known_status_that_is_no_end_is_waited_out(text: str) -> None:
    seen, _ = looks([text, "succeeded"])

    assert str(seen[0].job.status) == text


def test_an_unknown_status_is_shown_as_it_came_and_waited_out() -> None:
    seen, _ = looks(["Distilling", "", "Succeeded"])

    assert [str(progress.job.status) for progress in seen] == ["Distilling", "unknown", "Succeeded"]


def test_trouble_is_shown_and_waited_out_twice_as_long_each_time() -> None:
    seen, clock = looks([Unavailable("busy"), Unavailable("busy"), Unavailable("busy"), "succeeded"])

    assert [progress.trouble is not None for progress in seen] == [True, True, True, False]
    assert clock.slept == [2, 4, 8]


def test_the_services_wish_after_trouble_is_followed() -> None:
    busy = Unavailable("busy")
    busy.retry_after = 17.5
    _, clock = looks([busy, "succeeded"])

    assert clock.slept == [17.5]


def test_a_refusal_is_no_trouble_and_ends_the_watching() -> None:
    with pytest.raises(ServiceRefused, match="gone"):
        looks([ServiceRefused("gone")])


def test_a_failed_run_is_raised_with_the_services_words_after_it_was_shown() -> None:
    service = ScriptedService(script=["failed"], failure=("invalidPayload", "line 3 is no JSON"), all_jobs=[JOB])
    watching = watch(JOB, service, HandClock(), START + DAY)

    assert str(next(watching).job.status) == "failed"
    with pytest.raises(RunFailed) as caught:
        next(watching)
    assert (caught.value.run, caught.value.code, caught.value.request_id) == ("ftjob-1", "invalidPayload", "request-1")
    assert caught.value.details == ("line 3 is no JSON",)


def test_a_cancelled_run_is_a_failed_one_in_either_spelling() -> None:
    for text in ("cancelled", "Canceled"):
        with pytest.raises(RunFailed, match="was cancelled"):
            looks([text])


def test_a_paused_run_is_surfaced_and_not_waited_for() -> None:
    with pytest.raises(RunPaused) as caught:
        looks(["running", "paused"])

    assert "spending limit" in str(caught.value)


PREEMPTED = [Event("e2", START, "info", "Job preempted.", {}), Event("e1", START, "info", "Step 1.", {})]


def test_a_preempted_run_is_waited_for_and_shown_as_one() -> None:
    clock = HandClock()
    service = ScriptedService(script=["running", *["paused"] * 9, "succeeded"], all_jobs=[JOB], clock=clock)
    service.told = PREEMPTED
    seen = list(watch(JOB, service, clock, START + DAY))

    assert [look.preempted for look in seen] == [False, *[True] * 9, False]


def test_why_a_run_is_paused_is_asked_again_where_its_events_cannot_be_read() -> None:
    class Unwell(ScriptedService):
        asked = 0

        def events(self, job_id: str, limit: int) -> list[Event]:
            self.asked += 1
            if self.asked < 3:
                raise Unavailable("busy")
            return super().events(job_id, limit)

    clock = HandClock()
    service = Unwell(script=["paused", "paused", "paused", "succeeded"], all_jobs=[JOB], told=PREEMPTED, clock=clock)
    seen = list(watch(JOB, service, clock, START + DAY))

    assert [look.trouble is not None for look in seen] == [True, True, False, False]
    assert str(seen[-1].job.status) == "succeeded"


def test_a_run_that_somebody_pauses_after_a_preemption_is_surfaced() -> None:
    class Telling(ScriptedService):
        def events(self, job_id: str, limit: int) -> list[Event]:
            if self.clock.now() > START + timedelta(hours=2):
                self.told = [
                    Event("e4", START, "info", "Job paused by the user.", {}),
                    Event("e3", START, "info", "Job resumed.", {}),
                    *PREEMPTED,
                ]
            return super().events(job_id, limit)

    clock = HandClock()
    service = Telling(script=["paused"], all_jobs=[JOB], told=PREEMPTED, clock=clock)
    with pytest.raises(RunPaused):
        list(watch(JOB, service, clock, START + DAY))
    assert START + timedelta(hours=2) < clock.now() < START + timedelta(hours=2, minutes=5)


def test_the_deadline_ends_the_watching_on_time_and_names_the_status() -> None:
    clock = HandClock()
    service = ScriptedService(script=["running"], all_jobs=[JOB], clock=clock)
    with pytest.raises(DeadlinePassed, match="running"):
        list(watch(JOB, service, clock, START + timedelta(seconds=25)))

    assert clock.now() == START + timedelta(seconds=25)


def test_the_deadline_also_bounds_trouble() -> None:
    clock = HandClock()
    service = ScriptedService(script=[Unavailable("busy")], all_jobs=[JOB], clock=clock)
    with pytest.raises(DeadlinePassed, match="busy"):
        list(watch(JOB, service, clock, START + timedelta(minutes=10)))

    assert clock.now() == START + timedelta(minutes=10)
