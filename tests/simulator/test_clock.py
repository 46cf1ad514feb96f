"""Simulated time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from simulator.clock import AS_OF, Clock


class Wall:
    """A wall clock that tests turn."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def wall() -> Wall:
    return Wall()


def test_it_starts_at_the_day_after_which_the_catalogue_counts() -> None:
    assert Clock().now() == datetime(2026, 11, 20, 9, 0, tzinfo=UTC) == AS_OF


def test_by_hand_it_moves_only_when_told(wall: Wall) -> None:
    clock = Clock(wall=wall)
    wall.seconds += 3600
    assert clock.now() == AS_OF
    clock.advance(90)
    assert clock.now() == AS_OF + timedelta(seconds=90)


def test_with_a_rate_an_hour_passes_in_seconds(wall: Wall) -> None:
    clock = Clock(rate=900, wall=wall)
    wall.seconds += 4
    assert clock.now() == AS_OF + timedelta(hours=1)


def test_with_a_rate_it_can_be_advanced_as_well(wall: Wall) -> None:
    clock = Clock(rate=10, wall=wall)
    wall.seconds += 1
    clock.advance(5)
    wall.seconds += 1
    assert clock.now() == AS_OF + timedelta(seconds=25)


def test_timestamps_are_whole_seconds_and_never_early(wall: Wall) -> None:
    clock = Clock(wall=wall)
    clock.advance(0.9)
    assert clock.timestamp() == int(AS_OF.timestamp())


def test_any_time_zone_is_told_in_utc() -> None:
    tokyo = datetime(2026, 11, 20, 18, 0, tzinfo=timezone(timedelta(hours=9)))
    assert Clock(tokyo).now() == AS_OF
    assert Clock(tokyo).now().tzinfo is UTC


def test_a_wait_is_hinted_in_the_callers_own_time(wall: Wall) -> None:
    assert Clock(rate=30, wall=wall).wait_hint(60) == 2.0


def test_by_hand_nobody_is_told_to_wait_and_time_stays(wall: Wall) -> None:
    clock = Clock(wall=wall)
    assert clock.wait_hint(60) == 0.0
    assert clock.now() == AS_OF


def test_a_poll_may_step_the_clock(wall: Wall) -> None:
    clock = Clock(step_on_poll=True, wall=wall)
    assert clock.wait_hint(60) == 0.0
    assert clock.now() == AS_OF + timedelta(seconds=60)


@pytest.mark.parametrize("seconds", [-1, float("inf"), float("nan")])
def test_time_never_goes_back_or_to_the_end_of_days(seconds: float) -> None:
    with pytest.raises(ValueError, match="advances by 0 seconds or more"):
        Clock().advance(seconds)


def test_time_stays_within_the_calendar(wall: Wall) -> None:
    clock = Clock(wall=wall)
    with pytest.raises(ValueError, match="no calendar reaches"):
        clock.advance(1e12)
    assert clock.now() == AS_OF


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clock(datetime(2026, 11, 20))  # noqa: DTZ001 - what is refused.


def test_a_rate_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="rate"):
        Clock(rate=-1)
