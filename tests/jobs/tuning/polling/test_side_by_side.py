"""Several runs side by side keep to what their accounts take, in order, and none is in the way of another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.errors import CloudFailed, DeadlinePassed, ServiceRefused, Unavailable
from jobs.ports import Job, JobRequest, JobStatus
from jobs.tuning.polling.side_by_side import Entry, Look, SideBySide
from jobs.tuning.run import Run
from tests.jobs.doubles import START, HandClock
from tests.jobs.specimens import BASE, TUNE_YAML, run
from tests.jobs.sweeps import TimedService


def wanted(name: str, training_type: str = "GlobalStandard") -> Run:
    return replace(run(text=f"{TUNE_YAML}trainingType: {training_type}\n"), model=name)


def entries(service: TimedService, *names: str, training_type: str = "GlobalStandard") -> list[Entry]:
    return [Entry(name, "main", wanted(name, training_type), service) for name in names]


def side_by_side(taking_part: list[Entry], hours: float = 24, *, apart: bool = True) -> SideBySide:
    by_name = {id(entry.run): entry for entry in taking_part}
    assert len(by_name) == len(taking_part)
    (clock,) = {id(entry.service.clock): entry.service.clock for entry in taking_part}.values()  # type: ignore[attr-defined]  # Of the double.
    return SideBySide(
        taking_part,
        clock,
        START + timedelta(hours=hours),
        lambda entry: entry.service.submit(entry.run.request("file-1", None)),
        apart=apart,
    )


def names(service: TimedService) -> list[str]:
    return [request.suffix.rpartition("-")[0] for request in service.requests]


def other(number: int, status: str = "running", training_type: str | None = "standard") -> Job:
    return Job(f"ftjob-other{number}", JobStatus.parse(status), BASE, START, training_type=training_type)


def full() -> list[Job]:
    """Others train as many as can be, and as many as may wait."""
    return [other(number, "running" if number < 3 else "pending") for number in range(23)]


def statuses(look: Look) -> list[str]:
    return [each.job.status.text if each.job else "" for each in look.standings]


def test_accounts_and_kinds_of_training_have_each_their_own_room() -> None:
    """3 of Standard and Global, 5 of Developer, of each account: azure-ai-docs, quotas-limits."""
    clock = HandClock()
    first, second = TimedService(clock=clock), TimedService(clock=clock)
    taking_part = [
        *entries(first, "a", "b", "c", "d"),
        *entries(first, "e", "f", "g", "h", "i", "j", training_type="Developer"),
        *entries(second, "k", "l", "m", "n"),
    ]
    next(side_by_side(taking_part).looks())

    assert names(first) == [*"abc", *"efghi"]
    assert names(second) == [*"klm"]


def test_where_others_leave_no_room_one_of_ours_waits_among_theirs() -> None:
    """It would never have its turn else: who leaves is followed by whoever waits in the account."""
    service = TimedService(all_jobs=[other(number) for number in range(3)] + [other(3, "pending")])
    looks = side_by_side(entries(service, "a", "b")).looks()
    next(looks)
    look = next(looks)

    assert names(service) == ["a"]
    assert look.full


def test_unless_twenty_wait_already() -> None:
    service = TimedService(all_jobs=full())
    look = next(side_by_side(entries(service, "a")).looks())

    assert names(service) == []
    assert look.full


def test_room_that_comes_is_noticed_within_a_minute() -> None:
    service = TimedService(all_jobs=full())
    looks = side_by_side(entries(service, "a")).looks()
    next(looks)
    service.clock.moment += timedelta(minutes=10)
    service.all_jobs = []
    freed = service.clock.now()
    for _ in looks:
        if service.requests:
            break

    assert service.clock.now() - freed <= timedelta(minutes=1)


def test_a_list_that_lags_behind_counts_for_less_than_what_is_known() -> None:
    class Lagging(TimedService):
        """Its list never shows what was submitted."""

        def jobs(self) -> Iterator[Job]:
            return iter([])

        def job(self, job_id: str) -> Job:
            return next(job for job in TimedService.jobs(self) if job.id == job_id)

        def submit(self, request: JobRequest) -> Job:
            job = TimedService.submit(self, request)
            self.at_once = max(self.at_once, sum(not each.status.ended for each in TimedService.jobs(self)))
            return job

    service = Lagging()
    last = list(side_by_side(entries(service, *"abcde")).looks())[-1]

    assert names(service) == [*"abcde"]
    assert service.at_once == 3
    assert statuses(last) == ["succeeded"] * 5


def test_what_somebody_else_submits_meanwhile_is_taken_up() -> None:
    service = TimedService(all_jobs=full())
    taking_part = entries(service, "a")
    looks = side_by_side(taking_part).looks()
    next(looks)
    service.all_jobs = []
    theirs = service.submit(taking_part[0].run.request("file-1", None))
    last = list(looks)[-1]

    assert len(service.requests) == 1
    assert last.standings[0].job is not None
    assert last.standings[0].job.id == theirs.id


@pytest.mark.parametrize("fault", [ServiceRefused("no", status=400), CloudFailed("nobody knows")])
def test_one_that_cannot_be_submitted_leaves_the_others_to_go_on(fault: CloudFailed) -> None:
    class Picky(TimedService):
        def submit(self, request: JobRequest) -> Job:
            if request.suffix.startswith("b"):
                raise fault
            return super().submit(request)

    service = Picky()
    last = list(side_by_side(entries(service, *"abcd")).looks())[-1]

    assert statuses(last) == ["succeeded", "", "succeeded", "succeeded"]
    assert [each.fault for each in last.standings] == [None, fault, None, None]
    with pytest.raises(type(fault)):
        list(side_by_side(entries(Picky(), *"abcd"), apart=False).looks())


def test_one_that_the_service_no_longer_shows_leaves_the_others_to_go_on() -> None:
    class Forgetful(TimedService):
        def job(self, job_id: str) -> Job:
            if job_id == self.all_jobs[0].id:
                raise ServiceRefused("gone", status=404)
            return super().job(job_id)

    service = Forgetful()
    last = list(side_by_side(entries(service, *"ab")).looks())[-1]

    assert [each.fault is None for each in last.standings] == [False, True]


def test_an_account_that_does_not_answer_keeps_nobody_in_another_waiting() -> None:
    class Shut(TimedService):
        def jobs(self) -> Iterator[Job]:
            raise Unavailable("busy")

    clock = HandClock()
    shut, service = Shut(clock=clock), TimedService(clock=clock)
    looks = side_by_side([*entries(shut, "a"), *entries(service, "b")], hours=1).looks()
    for look in looks:
        assert look.trouble is not None
        if look.standings[1].over:
            break

    assert clock.now() - START < timedelta(minutes=4)
    with pytest.raises(DeadlinePassed, match="1 of 2 runs has not ended") as caught:
        list(looks)
    assert "1 of them was not submitted." in str(caught.value)
    assert clock.now() == START + timedelta(hours=1)


def test_while_data_of_one_are_sent_for_long_the_others_are_looked_at_in_between() -> None:
    service = TimedService(takes=100)
    ended: list[int] = []

    def submit(entry: Entry) -> Job:
        ended.append(sum(each.over for each in runs.standings))
        service.clock.moment += timedelta(minutes=10)
        return service.submit(entry.run.request("file-1", None))

    runs = SideBySide(entries(service, *"abc"), service.clock, START + timedelta(hours=24), submit, apart=True)
    next(runs.looks())

    assert ended == [0, 0, 1]


def test_an_account_is_asked_for_room_no_more_than_once_a_minute() -> None:
    asked: list[float] = []

    class Counting(TimedService):
        def jobs(self) -> Iterator[Job]:
            asked.append((self.clock.now() - START).total_seconds())
            return super().jobs()

        def job(self, job_id: str) -> Job:
            return next(job for job in TimedService.jobs(self) if job.id == job_id)

    service = Counting(takes=1800)
    list(side_by_side(entries(service, *"abcd")).looks())
    asked_by_us = [at for at in asked if at < 1700]

    assert len(asked_by_us) <= 1700 / 50 + 4 + 3


@settings(max_examples=12)
@given(
    st.lists(st.sampled_from(["GlobalStandard", "Standard", "Developer"]), min_size=1, max_size=9),
    st.lists(st.tuples(st.sampled_from(["running", "pending", "paused"]), st.booleans()), max_size=6),
    st.floats(20, 900),
)
def test_whoever_is_there_no_more_of_ours_run_than_there_is_room_for(
    kinds: list[str], others: list[tuple[str, bool]], takes: float
) -> None:
    service = TimedService(
        takes=takes,
        all_jobs=[
            other(number, status, "developerTier" if developer else "globalStandard")
            for number, (status, developer) in enumerate(others)
        ],
    )
    taking_part = [Entry(f"m{n}", "main", wanted(f"m{n}", kind), service) for n, kind in enumerate(kinds)]
    for look in side_by_side(taking_part, hours=24 * 7).looks():
        for developer, most in ((True, 5), (False, 3)):
            ours = [
                each
                for each in look.standings
                if each.busy and (each.entry.run.spec.training_type == "Developer") == developer
            ]
            theirs = sum(each == developer and status != "paused" for status, each in others)
            assert len(ours) <= max(1, most - theirs)

    assert all(each.over for each in look.standings)
    for developer in (True, False):
        mine = [f"m{n}" for n, kind in enumerate(kinds) if (kind == "Developer") == developer]
        assert [name for name in names(service) if name in mine] == mine
