"""What a person sees of a run."""

from __future__ import annotations

from datetime import timedelta
from math import nan

import pytest

from jobs.cli.training.progress import described, follow
from jobs.errors import Unavailable
from jobs.ports import Job, JobStatus
from jobs.tuning.curves.curve import Curve
from jobs.tuning.polling.watching import Progress
from tests.jobs.doubles import START


def look(status: str = "running", curve: Curve | None = None, seconds: float = 250, **more: object) -> Progress:
    job = Job("ftjob-1", JobStatus.parse(status), "m", START)
    return Progress(job, curve or Curve(), timedelta(seconds=seconds), **more)  # type: ignore[arg-type] # as given


def test_a_line_has_status_step_losses_and_time() -> None:
    assert described(look(curve=Curve(12, 60, 1.2345, 1.31))) == (
        "running · step 12 of 60 · train loss 1.234 · valid loss 1.310 · 0:04:10"
    )


def test_rewards_are_shown_where_there_are_no_losses() -> None:
    assert described(look(curve=Curve(3, 9, train_reward=0.4, valid_reward=0.35))) == (
        "running · step 3 of 9 · train reward 0.400 · valid reward 0.350 · 0:04:10"
    )


def test_what_is_not_told_is_left_out() -> None:
    assert described(look("Distilling")) == "Distilling · 0:04:10"
    assert described(look(curve=Curve(12, None, nan, None))) == "running · step 12 · 0:04:10"


def test_trouble_is_told_with_when_it_is_asked_again() -> None:
    assert described(look(trouble=Unavailable("no route"), wait=8.4)).endswith(
        "no answer (no route), asking again in 8 s"
    )


def test_off_a_terminal_a_line_comes_with_each_status_and_tenth_of_the_steps(
    capsys: pytest.CaptureFixture[str],
) -> None:
    looks = [look("pending"), look("pending")]
    looks += [look(curve=Curve(step, 100, 1.0)) for step in range(100)]
    last = follow("clippy", [*looks, look("succeeded")])
    lines = capsys.readouterr().out.splitlines()

    assert last == look("succeeded")
    assert len(lines) == 1 + 10 + 1
    assert all(line.startswith("clippy: ") for line in lines)


def test_off_a_terminal_a_line_comes_every_five_minutes_though_nothing_changes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    follow("clippy", [look("pending", seconds=60 * minute) for minute in range(31)])

    assert len(capsys.readouterr().out.splitlines()) == 7


def test_nothing_to_see() -> None:
    assert follow("clippy", []) is None
