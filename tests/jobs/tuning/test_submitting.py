"""The job is asked for once, whatever becomes of the answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from jobs.errors import CloudFailed, DeadlinePassed, ServiceRefused, Unavailable, Unsettled
from jobs.ports import Job, JobRequest, JobStatus
from jobs.tuning.journals.attempts import begun
from jobs.tuning.journals.holder import Holder
from jobs.tuning.journals.journal import Attempt, Journal
from jobs.tuning.journals.keeping import LEASE, HeldClock, Keeper, TakenOver
from jobs.tuning.patience import LISTED, Patience
from jobs.tuning.run import FileIds
from jobs.tuning.submitting import Submitting
from tests.jobs.doubles import START, HandClock, KeptBlobs, ScriptedService
from tests.jobs.specimens import BASE, intent, run

IDS = FileIds(frozenset({"file-t"}), frozenset({"file-v"}))


@dataclass
class Desk:
    """Somebody who submits, with a storage and an account."""

    service: ScriptedService = field(default_factory=ScriptedService)
    clock: HandClock = field(default_factory=HandClock)
    blobs: KeptBlobs = field(default_factory=KeptBlobs)
    before: tuple[str, ...] = ()
    deadline: datetime = START + timedelta(hours=1)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.service.clock = self.blobs.clock = self.clock

    def keeper(self, name: str = "ada@build") -> Keeper:
        patience = Patience(self.clock, self.deadline, lambda *_: None)
        keeper = Keeper(self.blobs, run().key, patience, Holder(name, token=name, process=None))
        attempt = Attempt(intent=intent(), before=self.before)
        keeper.hold(lambda found: begun(found, run(), attempt))
        return keeper

    def submitting(self, keeper: Keeper) -> Submitting:
        patience = replace(keeper.patience, clock=HeldClock(self.clock, keeper))
        return Submitting(run(), self.service, IDS, keeper, patience, self.said.append)

    def submitted(self) -> tuple[Job, bool]:
        return self.submitting(self.keeper()).submit(run().request("file-t", "file-v"))

    def journal(self) -> Journal:
        (content,) = self.blobs.blobs.values()
        return Journal.model_validate_json(content)


def job(identity: str = "ftjob-1", status: str = "running", **changes: Any) -> Job:
    made = Job(identity, JobStatus.parse(status), BASE, START, suffix=run().suffix)
    return replace(made, **changes)


def test_the_request_has_what_the_run_says() -> None:
    desk = Desk()
    desk.submitted()

    (asked,) = desk.service.requests
    assert (asked.model, asked.training_file, asked.validation_file) == (BASE, "file-t", "file-v")
    assert (asked.suffix, asked.seed, asked.training_type) == (run().suffix, 42, "GlobalStandard")
    assert asked.hyperparameters.chosen() == {}


def test_the_journal_knows_of_the_request_before_it_is_sent() -> None:
    desk = Desk()
    written: list[Journal] = []

    class Watched(ScriptedService):
        def submit(self, request: JobRequest) -> Job:
            written.append(desk.journal())
            return super().submit(request)

    desk.service = Watched(clock=desk.clock)
    made, created = desk.submitted()

    assert written[0].last.submitting == ("2026-11-20T09:00:00Z",)
    assert created
    assert desk.journal().last.job is not None
    assert desk.journal().job_ids() == (made.id,)


def test_a_lost_answer_is_found_in_the_account_and_not_sent_again() -> None:
    desk = Desk(ScriptedService(submit_error=Unsettled("lost"), submit_takes_effect=True))

    assert desk.submitted() == (desk.service.all_jobs[0], True)
    assert len(desk.service.calls) == 1


def test_who_waits_for_a_lost_answer_is_told_what_for_and_how_long() -> None:
    lost = Unsettled("lost", details=["ReadError: reset"])
    desk = Desk(ScriptedService(submit_error=lost))
    desk.submitted()

    why, until = desk.said
    assert why == "whether the job was submitted is not known (ReadError: reset)"
    assert "until 09:05 UTC" in until


def test_a_job_that_the_account_lists_late_is_waited_for() -> None:
    service = ScriptedService(submit_error=Unsettled("lost"), submit_takes_effect=True)
    desk = Desk(service)

    def lag() -> None:
        listed = desk.clock.now() - START >= LISTED - timedelta(seconds=20)
        service.unlisted = set() if listed else {each.id for each in service.all_jobs}

    desk.clock.before_sleep = lag
    service.submit_error, lost = None, service.submit

    def submit(request: JobRequest) -> Job:
        made = lost(request)
        service.unlisted = {made.id}
        raise Unsettled("lost")

    service.submit = submit  # type: ignore[method-assign]  # The account forgets to list it.
    desk.submitted()

    assert len(service.all_jobs) == 1


def test_without_any_job_by_then_it_is_asked_for_again() -> None:
    """It is certain that there is none: nothing of it is in the account after so long."""
    desk = Desk(ScriptedService(submit_error=Unsettled("lost")))
    desk.submitted()

    assert len(desk.service.calls) == 2
    assert desk.clock.now() - START >= LISTED
    assert len(desk.service.all_jobs) == 1


def test_it_is_not_asked_for_again_before_the_service_wishes() -> None:
    """A 503 with Retry-After may have been obeyed, and is no leave to ask sooner."""
    lost = Unsettled("lost", status=503)
    lost.retry_after = 600.0
    desk = Desk(ScriptedService(submit_error=lost))
    desk.submitted()

    assert len(desk.service.calls) == 2
    assert desk.clock.now() - START >= timedelta(seconds=600)


def test_a_deadline_that_comes_first_leaves_it_open() -> None:
    desk = Desk(ScriptedService(submit_error=Unsettled("lost")), deadline=START + timedelta(minutes=1))

    with pytest.raises(DeadlinePassed, match="not known yet"):
        desk.submitted()
    assert desk.journal().last.unsettled
    assert len(desk.service.calls) == 1


def test_answers_that_stay_lost_end_without_a_word_that_nothing_was_submitted() -> None:
    class Losing(ScriptedService):
        def submit(self, request: JobRequest) -> Job:
            self.calls.append(f"submit {request.suffix}")
            raise Unsettled("the fine-tuning job was not submitted", details=["Service Unavailable"], status=503)

    desk = Desk(Losing())
    with pytest.raises(Unsettled) as lost:
        desk.submitted()

    assert str(lost.value).splitlines()[0] == "whether the fine-tuning job was submitted is not known"
    assert "Service Unavailable" in str(lost.value)
    assert desk.journal().last.unsettled


def test_what_a_former_holder_asked_for_is_looked_for_before_anything_is_asked_for() -> None:
    """It died between the request and its answer; the storage tells how long ago."""
    desk = Desk()
    dead = desk.keeper("dead@build")
    dead.update(lambda last: last.model_copy(update={"submitting": ("2026-11-20T09:00:00Z",)}))
    desk.clock.sleep(LEASE.total_seconds() + 1)
    began = desk.clock.now()
    desk.submitted()

    assert desk.clock.now() - began >= LISTED - LEASE - timedelta(seconds=2)
    assert len(desk.service.all_jobs) == 1


def test_and_is_adopted_where_it_is_found() -> None:
    desk = Desk()
    dead = desk.keeper("dead@build")
    dead.update(lambda last: last.model_copy(update={"submitting": ("2026-11-20T09:00:00Z",)}))
    desk.clock.sleep(LEASE.total_seconds() + 1)
    desk.service.all_jobs.append(job())

    assert desk.submitted() == (job(), False)
    assert desk.service.calls == []


@pytest.mark.parametrize("refusals", [1, 9])
def test_a_job_that_was_submitted_is_known_though_the_journal_cannot_be_written(refusals: int) -> None:
    """Nor does the journal say then that nothing was asked for: the account's list may lag."""

    class Refusing(KeptBlobs):
        def replace(self, name: str, content: bytes, etag: str) -> str | None:
            nonlocal refusals
            if desk.service.all_jobs and refusals:
                refusals -= 1
                raise ServiceRefused("blob cannot be stored", details=["No role."], status=403)
            return super().replace(name, content, etag)

    desk = Desk(blobs=Refusing())
    made, created = desk.submitted()

    assert created
    assert desk.service.all_jobs == [made]
    assert desk.journal().last.unsettled or desk.journal().job_ids() == (made.id,)
    assert f"{made.id} could not be noted" in desk.said[-1]
    assert "No role." in desk.said[-1]


def test_a_job_that_was_submitted_as_the_journal_vanished_is_not_submitted_again() -> None:
    class Losing(ScriptedService):
        def submit(self, request: JobRequest) -> Job:
            desk.blobs.blobs.clear()
            return super().submit(request)

    desk = Desk(Losing())

    assert desk.submitted() == (desk.service.all_jobs[0], True)
    assert len(desk.service.all_jobs) == 1


def test_an_older_job_of_the_same_run_is_not_taken_for_the_lost_one() -> None:
    old = job(status="succeeded")
    desk = Desk(ScriptedService(submit_error=Unsettled("lost"), all_jobs=[old]), before=(old.id,))
    made, created = desk.submitted()

    assert created
    assert made.id != old.id


def test_what_is_there_by_now_is_taken_up_unless_it_was_there_before() -> None:
    theirs = job()
    assert Desk(ScriptedService(all_jobs=[theirs])).submitted() == (theirs, False)
    assert Desk(ScriptedService(all_jobs=[theirs]), before=(theirs.id,)).submitted()[0] != theirs


def test_being_throttled_is_waited_out() -> None:
    desk = Desk(ScriptedService(submit_error=Unavailable("busy")))
    desk.submitted()

    assert len(desk.service.all_jobs) == 1
    assert desk.clock.slept == [2]


def test_what_was_put_off_and_done_all_the_same_is_not_asked_for_again() -> None:
    """A gateway that throttles may do so with the answer."""
    desk = Desk(ScriptedService(submit_error=Unavailable("busy"), submit_takes_effect=True))

    assert desk.submitted() == (desk.service.all_jobs[0], True)
    assert len(desk.service.calls) == 1


@pytest.mark.parametrize("error", [ServiceRefused("no"), Unavailable("busy", details=["for long"])])
def test_a_refusal_is_passed_on_and_leaves_nothing_to_look_for(error: CloudFailed) -> None:
    class Refusing(ScriptedService):
        def submit(self, request: JobRequest) -> Job:
            self.submit_error = error
            return super().submit(request)

    desk = Desk(Refusing())
    with pytest.raises(type(error), match=error.what):
        desk.submitted()
    assert not desk.journal().last.unsettled


def test_who_was_taken_over_asks_for_nothing() -> None:
    desk = Desk()
    slow = desk.keeper("slow@build")
    desk.clock.sleep(LEASE.total_seconds() + 1)
    desk.keeper("quick@build")

    with pytest.raises(TakenOver, match="quick@build"):
        desk.submitting(slow).submit(run().request("file-t", "file-v"))
    assert desk.service.calls == []
