"""A job is paused, resumed and cancelled once: a lost answer is looked up, a done one is not asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jobs.errors import CloudFailed, DeadlinePassed, JobsError, Refused, ServiceRefused, Unavailable, Unsettled
from jobs.ports import Job, JobStatus
from jobs.tuning.known.change import Change, arrived, ask, done, meaning, refuse, wait
from jobs.tuning.patience import Patience
from tests.jobs.doubles import START, HandClock, ScriptedService

JOB = Job("ftjob-1", JobStatus.parse("running"), "gpt-4.1-mini-2025-04-14", START, suffix="clippy-0123abcd")
PAUSE, RESUME, CANCEL = Change.PAUSE, Change.RESUME, Change.CANCEL


def standing(status: str) -> Job:
    return replace(JOB, status=JobStatus.parse(status))


def serving(
    status: str, *script: str | JobsError, error: JobsError | None = None, effect: bool = False
) -> ScriptedService:
    return ScriptedService(
        script=list(script) or [status], all_jobs=[standing(status)], change_error=error, change_takes_effect=effect
    )


def patient(service: ScriptedService, limit: timedelta = timedelta(hours=1)) -> Patience:
    return Patience(service.clock, service.clock.now() + limit, lambda _error, _seconds: None)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (PAUSE, "paused"),
        (PAUSE, "pausing"),
        (RESUME, "running"),
        (RESUME, "resuming"),
        (RESUME, "pending"),
        (CANCEL, "cancelled"),
    ],
)
def test_what_is_done_is_not_asked_again(change: Change, status: str) -> None:
    assert done(change, standing(status))


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        (PAUSE, "pending", "doesn't run yet"),
        (PAUSE, "resuming", "only just"),
        (RESUME, "pausing", "still being paused"),
        *((change, status, "has ended") for change in Change for status in ("succeeded", "failed")),
        (PAUSE, "cancelled", "has ended"),
        (RESUME, "cancelled", "has ended"),
    ],
)
def test_what_cannot_be_as_the_run_stands_is_refused(change: Change, status: str, words: str) -> None:
    assert not done(change, standing(status))
    with pytest.raises(Refused, match=words):
        refuse(change, standing(status))


@pytest.mark.parametrize(
    ("change", "status"),
    [(PAUSE, "running"), (RESUME, "paused"), (CANCEL, "pending"), (CANCEL, "running"), (CANCEL, "paused")]
    + [(change, "of a new kind") for change in Change],
)
def test_what_may_be_is_asked_for_once(change: Change, status: str) -> None:
    service = serving(status)
    job = standing(status)
    assert not done(change, job)
    refuse(change, job)
    after = ask(change, job, service, patient(service))

    assert done(change, after)
    assert service.calls == [f"{change.value} ftjob-1"]


def test_cancelling_is_free_before_it_runs_and_charged_after() -> None:
    """azure-ai-docs, fine-tuning-cost-management.md."""
    assert "free" in " ".join(meaning(CANCEL, standing("pending")))
    assert "charged" in " ".join(meaning(CANCEL, standing("running")))


class TestLostAnswers:
    def test_the_job_is_looked_at_and_not_asked_again(self) -> None:
        service = serving("running", "running", "pausing", error=Unsettled("lost"), effect=True)
        after = ask(PAUSE, JOB, service, patient(service))

        assert after.status.text == "pausing"
        assert service.calls == ["pause ftjob-1"]
        assert service.clock.slept == [2.0]

    def test_where_it_shows_no_effect_nobody_claims_one(self) -> None:
        service = serving("running", error=Unsettled("lost"))

        with pytest.raises(Unsettled, match="is running"):
            ask(CANCEL, JOB, service, patient(service))
        assert service.calls == ["cancel ftjob-1"]

    def test_where_it_has_ended_meanwhile_that_is_the_answer(self) -> None:
        service = serving("running", "succeeded", error=Unsettled("lost"))

        with pytest.raises(Refused, match="has ended"):
            ask(CANCEL, JOB, service, patient(service))

    def test_where_it_can_t_be_looked_at_that_is_said(self) -> None:
        service = serving("running", Unavailable("away"), error=Unsettled("lost"))

        with pytest.raises(Unsettled, match="not known"):
            ask(CANCEL, JOB, service, patient(service))

    def test_what_was_not_sent_is_sent_again(self) -> None:
        service = serving("running", error=Unavailable("throttled"))

        assert ask(PAUSE, JOB, service, patient(service)).status.text == "pausing"
        assert service.calls == ["pause ftjob-1"] * 2


class TestRefusals:
    """The service knows better how the job stands: code and status of its refusal are kept."""

    def refused(self, status: int = 400) -> ServiceRefused:
        return ServiceRefused("x", details=["Not in this state."], status=status, code="unexpectedEntityState")

    @pytest.mark.parametrize("status", [400, 409])
    def test_a_run_without_a_step_can_t_be_paused(self, status: int) -> None:
        service = serving("running", error=self.refused(status))

        with pytest.raises(Refused, match="made a step") as caught:
            ask(PAUSE, JOB, service, patient(service))
        assert caught.value.code == "unexpectedEntityState"
        assert "Not in this state." in caught.value.details

    def test_somebody_else_was_faster(self) -> None:
        service = serving("running", "pausing", error=self.refused(409))

        assert ask(PAUSE, JOB, service, patient(service)).status.text == "pausing"

    def test_it_has_ended_meanwhile(self) -> None:
        service = serving("running", "succeeded", error=self.refused())

        with pytest.raises(Refused, match="is succeeded"):
            ask(CANCEL, JOB, service, patient(service))

    def test_a_service_without_the_request(self) -> None:
        service = serving("running", error=self.refused(405))

        with pytest.raises(Refused, match="doesn't offer"):
            ask(PAUSE, JOB, service, patient(service))

    def test_a_refusal_of_who_asks_stays_the_cloud_s(self) -> None:
        service = serving("running", error=self.refused(403))

        with pytest.raises(CloudFailed):
            ask(PAUSE, JOB, service, patient(service))


class TestWaiting:
    def test_until_it_is_through(self) -> None:
        service = serving("pausing", "pausing", Unavailable("away"), "pausing", "paused")

        assert wait(PAUSE, standing("pausing"), service, patient(service)).status.text == "paused"
        assert len(service.clock.slept) == 4

    def test_an_end_ends_it_too(self) -> None:
        service = serving("pausing", "failed")
        after = wait(PAUSE, standing("pausing"), service, patient(service))

        assert after.status.text == "failed"
        assert arrived(PAUSE, after)

    def test_the_deadline(self) -> None:
        service = serving("pausing")

        with pytest.raises(DeadlinePassed, match="not paused yet"):
            wait(PAUSE, standing("pausing"), service, patient(service, timedelta(minutes=1)))
        assert service.clock.now() == START + timedelta(minutes=1)

    def test_hints_are_followed(self) -> None:
        service = serving("pausing", "paused")
        service.clock = HandClock()
        wait(PAUSE, replace(standing("pausing"), next_poll=3.0), service, patient(service))

        assert service.clock.slept == [3.0]
