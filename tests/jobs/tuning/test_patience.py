"""Patience asks again what may help, within its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from jobs.cli.trouble import say_trouble
from jobs.errors import ServiceRefused, Unavailable
from jobs.tuning.patience import Patience, pause_after
from tests.jobs.doubles import START, HandClock


def patience(clock: HandClock, told: list[float], limit: timedelta = timedelta(minutes=5)) -> Patience:
    return Patience(clock, START + limit, lambda _, wait: told.append(wait))


def test_an_answer_is_passed_on() -> None:
    assert patience(HandClock(), [])(lambda: 7) == 7


def test_unavailable_is_asked_again_and_told_each_time() -> None:
    clock, told, left = HandClock(), list[float](), [3]

    def call() -> str:
        left[0] -= 1
        if left[0]:
            raise Unavailable("busy")
        return "done"

    assert patience(clock, told)(call) == "done"
    assert told == clock.slept == [2, 4]


def test_it_ends_before_the_deadline_with_the_last_error() -> None:
    clock = HandClock()

    def call() -> str:
        raise Unavailable("busy")

    with pytest.raises(Unavailable, match="busy") as ended:
        patience(clock, [], timedelta(seconds=20))(call)
    assert clock.now() <= START + timedelta(seconds=20)
    assert ended.value.details == ("It was asked 4 times, and there is no time left for another.",)


def test_a_refusal_is_raised_at_once() -> None:
    clock = HandClock()

    def call() -> str:
        raise ServiceRefused("no")

    with pytest.raises(ServiceRefused, match="no"):
        patience(clock, [])(call)
    assert clock.slept == []


def test_a_tighter_limit_never_reaches_past_the_deadline() -> None:
    whole = patience(HandClock(), [])

    assert whole.within(timedelta(minutes=1)).deadline == START + timedelta(minutes=1)
    assert whole.within(timedelta(hours=1)).deadline == whole.deadline


def busy(retry_after: float | None = None) -> Unavailable:
    error = Unavailable("busy")
    error.retry_after = retry_after
    return error


def failing(*errors: Unavailable) -> tuple[Callable[[], str], list[Unavailable]]:
    """A call that fails with each of them, and then answers; and those that are left."""
    left = list(errors)

    def call() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return call, left


def test_without_a_wish_the_pause_is_twice_as_long_each_time_up_to_a_minute() -> None:
    assert [pause_after(busy(), attempt) for attempt in (1, 2, 3, 5, 6, 7)] == [2, 4, 8, 32, 60, 60]


def test_a_service_that_is_away_for_a_day_is_asked_once_a_minute() -> None:
    """2 to the 1024 is no number of seconds any more."""
    assert pause_after(busy(), 5000) == 60


@pytest.mark.parametrize(("wish", "pause"), [(0.25, 0.25), (17.5, 17.5), (3600.0, 3600.0), (86_400.0, 3600.0)])
def test_the_services_wish_is_followed_for_an_hour_at_most(wish: float, pause: float) -> None:
    assert pause_after(busy(wish), 1) == pause


def test_one_that_wishes_to_be_asked_at_once_is_left_a_second_by_and_by() -> None:
    assert [pause_after(busy(0.0), attempt) for attempt in (1, 5, 10, 500)] == [0.1, 0.5, 1.0, 1.0]


def test_a_service_that_names_the_time_is_waited_for_though_it_is_later_than_the_limit() -> None:
    """Azure/azqr#34: "Please try again after '372' seconds"."""
    clock, told = HandClock(), list[float]()
    call, _ = failing(busy(372.0), busy(372.0))
    whole = patience(clock, told, timedelta(hours=24))

    assert whole.within(timedelta(minutes=5))(call) == "done"
    assert told == clock.slept == [372, 372]


def test_such_a_service_is_waited_for_within_an_hour_in_all() -> None:
    clock = HandClock()
    call, left = failing(*[busy(600.0)] * 20)

    with pytest.raises(Unavailable, match="busy") as caught:
        patience(clock, [], timedelta(hours=24)).within(timedelta(minutes=5))(call)
    assert clock.now() == START + timedelta(hours=1)
    assert len(left) == 20 - 7
    assert "asked 7 times" in str(caught.value)


def test_no_wish_reaches_past_the_deadline() -> None:
    clock = HandClock()
    call, _ = failing(*[busy(600.0)] * 20)

    with pytest.raises(Unavailable, match="busy"):
        patience(clock, [], timedelta(minutes=25)).within(timedelta(minutes=5)).within(timedelta(minutes=1))(call)
    assert clock.now() == START + timedelta(minutes=20)


def test_a_wish_that_is_not_followed_to_its_end_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    say_trouble(busy(86_400.0), 3600.0)
    say_trouble(busy(7.0), 7.0)

    assert capsys.readouterr().err.splitlines() == [
        "no answer (busy), asking again in 3600 s (it asks for 86400 s)",
        "no answer (busy), asking again in 7 s",
    ]
