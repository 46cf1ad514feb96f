"""How far the asking is, off a terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from jobs.cli.evaluation.asking_display import AskingDisplay, described
from jobs.evaluation.asking.round import Standing
from tests.jobs.doubles import HandClock


def test_a_standing_says_what_came_from_before_what_was_refused_and_what_is_waited_for() -> None:
    until = datetime(2026, 11, 20, 12, 3, 20, tzinfo=UTC)

    assert described(Standing("live", 1400, 1000, 2, 20, until)) == (
        "live 1,002 of 1,400 (20 kept from before, 2 refused), waits until 12:03:20"
    )
    assert described(Standing("live", 7)) == "live 0 of 7"


def test_a_line_comes_every_half_minute_and_at_the_end() -> None:
    said: list[str] = []
    clock = HandClock()
    with AskingDisplay(said.append, clock.now) as display:
        for answered in range(9):
            display.show([Standing("live", 8, answered)])
            clock.sleep(20)

    assert said == ["live 2 of 8", "live 4 of 8", "live 6 of 8", "live 8 of 8"]


def test_a_wait_is_told_once_however_long_it_is() -> None:
    said: list[str] = []
    clock = HandClock()
    until = clock.now() + timedelta(minutes=3)
    with AskingDisplay(said.append, clock.now) as display:
        for _ in range(8):
            clock.sleep(20)
            display.show([Standing("live", 8, 2, waiting_until=until)])

    assert said == [f"live 2 of 8, waits until {until:%H:%M:%S}"]


def test_where_nobody_is_asked_nothing_is_said() -> None:
    said: list[str] = []
    with AskingDisplay(said.append, HandClock().now) as display:
        display.show([Standing("live", 8, 8, 0, 8)])

    assert said == []
