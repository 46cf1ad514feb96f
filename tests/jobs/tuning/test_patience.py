"""Patience asks again what may help, within its time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobs.errors import ServiceRefused, Unavailable
from jobs.tuning.patience import Patience
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

    with pytest.raises(Unavailable, match="busy"):
        patience(clock, [], timedelta(seconds=20))(call)
    assert clock.now() <= START + timedelta(seconds=20)


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
