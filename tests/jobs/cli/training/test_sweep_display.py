"""A sweep on the screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jobs.cli.training.sweep_display import follow
from jobs.errors import Unavailable
from jobs.ports import Job, JobStatus
from jobs.tuning.curves.curve import Curve
from jobs.tuning.polling.side_by_side import Entry, Look, Standing
from jobs.tuning.sweep import points
from tests.jobs.cli.screen import window
from tests.jobs.doubles import START, ScriptedService
from tests.jobs.specimens import TUNE_YAML, run

FIRST, SECOND = (
    Entry(str(point.number), point.words, point.run, ScriptedService())
    for point in points(run(text=TUNE_YAML + "sweep: {epochs: [1, 2]}\n"))
)
JOB = Job("ftjob-1", JobStatus.parse("running"), "gpt", START)


def look(status: str, step: int, **changes: object) -> Look:
    standing = Standing(FIRST, replace(JOB, status=JobStatus.parse(status)), Curve(step, 10, None, 1.5))
    return replace(Look((standing, Standing(SECOND)), timedelta(seconds=75)), **changes)  # type: ignore[arg-type]  # Of a Look.


def test_off_a_terminal_there_is_a_line_for_each_change(capsys: pytest.CaptureFixture[str]) -> None:
    trouble = Unavailable("busy")
    looks = [
        look("running", 1),
        look("running", 2),
        look("running", 2, full=True),
        look("running", 2, trouble=trouble, wait=2),
        look("running", 2, trouble=trouble, wait=4),
        look("succeeded", 10),
    ]

    assert follow("clippy", looks) == looks[-1]
    assert capsys.readouterr().out.splitlines() == [
        "clippy: point 1 (epochs 1) · running · step 1 of 10 · valid loss 1.5000",
        "clippy: the account has no room: 1 to be submitted as runs end",
        "clippy: no answer (busy), asking again in 2 s",
        "clippy: point 1 (epochs 1) · succeeded · step 10 of 10 · valid loss 1.5000",
    ]


def test_on_a_terminal_it_is_one_table_with_a_row_for_each_point() -> None:
    with window(100) as terminal:
        follow("clippy", [look("pending", 0), look("running", 1, full=True)])

    assert [row.split() for row in terminal.shown.rows] == [
        ["sweep", "of", "clippy"],
        ["POINT", "TRIED", "STATUS", "STEP", "VALIDATION"],
        ["1", "epochs", "1", "running", "step", "1", "of", "10", "valid", "loss", "1.5000"],
        ["2", "epochs", "2", "waits", "for", "room"],
        ["0:01:15", "·", "the", "account", "has", "no", "room:", "1", "to", "be", "submitted", "as", "runs", "end"],
    ]


def test_in_a_narrow_window_it_is_a_paragraph_for_each_point() -> None:
    with window(20) as terminal:
        follow("clippy", [look("running", 1), look("succeeded", 10)])

    assert terminal.shown.rows == [
        "sweep of clippy",
        "1 · epochs 1 ·",
        "succeeded · step 10",
        "of 10 · valid loss",
        "1.5000",
        "2 · epochs 2 · waits",
        "for room",
        "0:01:15",
    ]
