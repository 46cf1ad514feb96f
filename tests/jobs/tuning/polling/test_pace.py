"""Jobs are asked about seldom, and their end is noticed within a minute."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.errors import RunFailed, ServiceRefused, Unavailable
from jobs.ports import Clock, Event, FineTuning, Job, JobStatus
from jobs.tuning.polling.pace import Pace
from jobs.tuning.polling.watching import Progress, Watcher, watch
from tests.jobs.doubles import START, HandClock
from tests.jobs.tuning.histories import JOB, SimulatedService, ToldService

HOUR = 3600.0
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def waits(*looks: Job) -> list[float]:
    """Seconds until the next look, after each of these."""
    pace, now, found = Pace(START), START, []
    for job in looks:
        pace = pace.after(job, now)
        found.append(pace.left(now))
        now += timedelta(seconds=pace.left(now))
    return found


def told(status: str = "running", **more: object) -> Job:
    return replace(JOB, status=JobStatus.parse(status), **more)  # type: ignore[arg-type]  # Of a Job.


def test_a_job_in_training_is_asked_about_after_10_seconds_then_less_often_within_a_minute() -> None:
    seconds = waits(*[told()] * 20)

    assert seconds[0] == 10
    assert seconds == sorted(seconds)
    assert 50 <= seconds[-1] < 60


@pytest.mark.parametrize("status", ["created", "validating_files", "pending", "queued"])
def test_one_that_waits_for_its_turn_is_asked_about_as_seldom_as_may_be_at_once(status: str) -> None:
    assert waits(*[told(status)] * 3) == [10, 55, 55]


def test_a_change_of_status_is_looked_at_closely_again() -> None:
    assert waits(told("pending"), told("pending"), told())[-1] == 10


def test_about_the_estimated_end_it_is_asked_about_more_often() -> None:
    """Shortly after it, then each 15 seconds for a while; an estimate that is long past is none."""
    ended = START + timedelta(hours=1)
    pace = Pace(START, told().status.state, 55.0, 40, 55.0)

    def wait(before: timedelta) -> float:
        return pace.after(told(estimated_finish=ended), ended - before).wait

    assert wait(timedelta(minutes=10)) == 55
    assert wait(timedelta(seconds=30)) == 35
    assert wait(timedelta(seconds=2)) == 15
    assert wait(timedelta(minutes=-2)) == 15
    assert wait(timedelta(hours=-2)) == 55


@pytest.mark.parametrize(("hint", "wait"), [(30.0, 30.0), (1.0, 1.0), (300.0, 55.0), (86_400.0, 55.0)])
def test_the_services_hints_are_followed_within_a_minute(hint: float, wait: float) -> None:
    assert waits(told(next_poll=hint)) == [wait]


def test_hints_of_no_time_at_all_are_followed_a_thousand_times_and_no_more() -> None:
    seconds = waits(*[told(next_poll=0.0)] * 1100)

    assert seconds[:1000] == [0.0] * 1000
    assert min(seconds[1000:]) >= 10


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=1)])
def test_a_clock_that_jumps_makes_nobody_wait_for_longer(jump: timedelta) -> None:
    """Put back, or on, as after a night in sleep: the job is looked at now."""
    pace = Pace(START).after(told(), START)

    assert pace.left(START + jump) == 0


def test_a_clock_that_is_put_back_while_a_job_is_watched_keeps_nobody_from_its_end() -> None:
    clock = HandClock()
    service = ToldService(history=[("running", 2 * HOUR), ("succeeded", 0)], clock=clock)
    seen = watch(JOB, service, clock, START + timedelta(hours=24))
    next(seen)
    clock.moment -= timedelta(minutes=30)
    for look in seen:
        assert look.wait <= 55
        assert look.elapsed >= timedelta(0)

    assert clock.now() - service.ends <= timedelta(minutes=1)


def test_after_a_night_in_sleep_past_the_deadline_it_is_seen_that_the_job_has_ended() -> None:
    clock = HandClock()
    service = ToldService(history=[("running", 2 * HOUR), ("succeeded", 0)], clock=clock)
    looks = watch(JOB, service, clock, START + timedelta(hours=3))
    next(looks)
    clock.moment += timedelta(hours=10)

    assert [look.job.status.text for look in looks] == ["succeeded"]


def moments(reach: float) -> st.SearchStrategy[timedelta]:
    return st.floats(-reach, reach).map(lambda seconds: timedelta(seconds=seconds))


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from(["pending", "queued", "running", "Distilling"]), st.floats(0, 2 * HOUR)),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["succeeded", "failed", "cancelled"]),
    st.none() | moments(2 * HOUR),
    st.none() | st.floats(0, 2 * HOUR),
)
def test_whatever_a_job_goes_through_and_tells_its_end_is_noticed_within_a_minute(
    history: list[tuple[str, float]], end: str, wrong_by: timedelta | None, hint: float | None
) -> None:
    clock = HandClock()
    service = ToldService(history=[*history, (end, 0.0)], hint=lambda _: hint, clock=clock)
    service.estimate = lambda _: None if wrong_by is None else service.ends + wrong_by
    noticed = end_of(watch(JOB, service, clock, START + WEEK), clock)

    assert noticed - service.ends <= timedelta(minutes=1)
    if hint is None:
        # So many looks that follow on a change come sooner.
        fixed = (noticed - START).total_seconds() / 10
        assert 3 * sum(service.asked.values()) <= fixed + 3 * 30 * (len(history) + 1)


def end_of(looks: Iterator[Progress], clock: Clock) -> datetime:
    try:
        for _ in looks:
            pass
    except RunFailed:
        pass
    return clock.now()


@pytest.mark.parametrize("hints", [True, False])
def test_eight_hours_take_a_third_of_the_requests_of_a_fixed_poll_at_most(hints: bool) -> None:
    """Each 10 seconds; not even its questions for events are counted. Against the simulator, in this process."""
    service = SimulatedService(8 * HOUR, hints=hints)
    began = service.time.now()
    looks = list(watch(service.as_told(), service, service.time, began + timedelta(hours=24)))

    assert looks[-1].job.fine_tuned_model
    assert looks[-1].curve.step == 100
    assert service.time.now() - service.finished_at <= timedelta(minutes=1)
    fixed = (service.finished_at - began).total_seconds() / 10
    assert 3 * sum(service.asked.values()) <= fixed


def test_days_of_waiting_take_no_more_memory_than_one() -> None:
    """Counted in blocks of the interpreter's: whatever is kept of a look takes at least one."""
    clock = HandClock()
    service = ToldService(history=[("pending", 3 * DAY.total_seconds()), ("succeeded", 0)], clock=clock)
    blocks: list[int] = []
    for _ in watch(JOB, service, clock, START + WEEK):
        clock.slept.clear()
        if len(blocks) < 3 and clock.now() - START >= timedelta(days=len(blocks) + 1):
            gc.collect()
            blocks.append(sys.getallocatedblocks())

    assert service.asked["job"] > 4_000
    assert len(blocks) == 3
    assert blocks[-1] - blocks[0] < 1000


class TestSeveralAtOnce:
    """One watcher looks at them all."""

    def test_each_at_its_own_pace(self) -> None:
        clock = HandClock()
        slow = ToldService(history=[("pending", 2 * HOUR)], clock=clock)
        quick = ToldService(history=[("running", 1000), ("succeeded", 0)], hint=lambda _: 20.0, clock=clock)
        watcher = watching(clock, {"slow": slow, "quick": quick})
        while not watcher["quick"].over:
            watcher.look()
            clock.sleep(watcher.wait())

        assert slow.asked["job"] == pytest.approx(1000 / 55, abs=2)
        assert quick.asked["job"] == pytest.approx(1000 / 20, abs=2)

    def test_an_account_that_does_not_answer_keeps_nobody_from_the_other(self) -> None:
        clock = HandClock()
        busy = Unavailable("busy")
        busy.retry_after = 600.0
        shut = ShutService(clock=clock, why=busy)
        other = ToldService(history=[("running", 300), ("succeeded", 0)], clock=clock)
        watcher = watching(clock, {"one": shut, "two": shut, "other": other})
        while clock.now() < other.ends:
            clock.sleep(watcher.wait())
            watcher.look()
            assert watcher.trouble is busy

        assert watcher["other"].over
        assert shut.tried == 1
        assert clock.now() - other.ends <= timedelta(minutes=1)

    def test_one_that_the_service_does_not_show_any_more_is_left(self) -> None:
        clock = HandClock()
        gone = ShutService(clock=clock, why=ServiceRefused("gone", status=404))
        watcher = watching(clock, {"gone": gone})
        watcher.look()

        assert watcher["gone"].over
        assert not watcher.busy
        assert watcher["gone"].fault is gone.why


class ShutService(ToldService):
    """It shows no job, and says why."""

    def __init__(self, *, clock: HandClock, why: Exception) -> None:
        super().__init__(clock=clock)
        self.why = why
        self.tried = 0

    def job(self, job_id: str) -> Job:  # noqa: ARG002 - of the port
        self.tried += 1
        raise self.why


def watching(clock: HandClock, services: dict[str, FineTuning]) -> Watcher:
    watcher = Watcher(clock)
    for name, service in services.items():
        watcher.add(replace(JOB, id=name), service)
    return watcher


def test_events_are_read_with_each_third_look_and_at_each_change() -> None:
    clock = HandClock()
    asked: list[int] = []

    class Counting(ToldService):
        def events(self, job_id: str, limit: int) -> list[Event]:
            asked.append(self.asked["job"])
            return super().events(job_id, limit)

    service = Counting(history=[("pending", 100), ("running", 250), ("succeeded", 0)], clock=clock)
    list(watch(JOB, service, clock, START + WEEK))

    assert asked == [4, 7, 10, 13, 14][: len(asked)]
    assert asked[-1] == service.asked["job"]
