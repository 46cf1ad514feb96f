"""`jobs logs`: events with their times, as lines or for programs."""

from __future__ import annotations

import json
import math
from datetime import timedelta

import pytest

from jobs.ports import Event
from tests.jobs.cli.conftest import Project
from tests.jobs.cli.runs.test_list_runs import SUFFIX, keep
from tests.jobs.doubles import START
from tests.jobs.journals import attempt, job, job_id, journal

LOGS = ("logs", "clippy", "-s", "dev")


def said(project: Project, status: str, *script: str) -> None:
    keep(project, journal(attempt(1, "running")))
    project.service.all_jobs = [job(1, status, SUFFIX)]
    project.service.script = [status, *script]
    project.service.told = [
        Event("e2", START + timedelta(seconds=61), "warn", "Job cancelled.", {}),
        Event("e1", START, "info", "Step 1: training loss=2.1", {"step": 1.0, "train_loss": math.nan}),
    ]


def test_a_line_each_oldest_first(project: Project) -> None:
    said(project, "cancelled")
    done = project.jobs(*LOGS)

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "2026-11-20T09:00:00Z  Step 1: training loss=2.1",
        "2026-11-20T09:01:01Z  warn: Job cancelled.",
    ]


def test_for_programs_an_object_each(project: Project) -> None:
    """What is no number is left out: JSON has none such."""
    said(project, "cancelled")
    first, _ = (json.loads(line) for line in project.jobs(*LOGS, "--format", "json").out.splitlines())

    assert first == {
        "id": "e1",
        "at": "2026-11-20T09:00:00Z",
        "level": "info",
        "message": "Step 1: training loss=2.1",
        "metrics": {"step": 1.0},
    }


def test_following_ends_with_the_run(project: Project) -> None:
    said(project, "running", "running", "paused", "succeeded")
    done = project.jobs(*LOGS, "--follow")

    assert done.code == 0
    assert len(done.out.splitlines()) == 2
    assert done.err.splitlines()[-1] == f"{job_id(1)} is succeeded."


@pytest.mark.parametrize(("words", "waits"), [("Job preempted.", False), ("Job paused.", True)])
def test_following_says_whether_a_paused_run_waits_for_somebody(project: Project, words: str, *, waits: bool) -> None:
    said(project, "running", "running", "paused", "succeeded")
    project.service.told.insert(0, Event("e9", START, "info", words, {}))
    done = project.jobs(*LOGS, "--follow")

    assert ("is paused and waits" in done.err) == waits


def test_following_to_the_deadline(project: Project) -> None:
    said(project, "running")
    done = project.jobs(*LOGS, "-f", "--deadline", "5m")

    assert done.code == 3
    assert done.err.splitlines()[-1] == "Next: jobs logs clippy -s dev --follow --deadline 5m"


def test_a_job_of_others_may_be_read(project: Project) -> None:
    said(project, "running")
    project.service.all_jobs.append(job(2, "running", "parrot-01234567"))

    assert project.jobs("logs", job_id(2), "-s", "dev").code == 0


def test_a_run_without_a_job_has_said_nothing(project: Project) -> None:
    keep(project, journal())
    done = project.jobs(*LOGS)

    assert done.code == 1
    assert "no job yet" in done.err
