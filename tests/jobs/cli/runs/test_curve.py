"""`jobs curve`: from the results file once there is one, from what was said before."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from jobs.errors import ServiceRefused
from jobs.ports import Checkpoint, Event
from tests.jobs.cli.conftest import Project
from tests.jobs.cli.runs.test_list_runs import SUFFIX, keep
from tests.jobs.doubles import START
from tests.jobs.journals import attempt, job, job_id, journal

CURVE = ("curve", "clippy", "-s", "dev")
# Headings: azure-ai-docs, fine-tuning.md.
RESULTS = b"step,train_loss,valid_loss,full_valid_loss\n1,2.1,2.0,\n2,1.4,1.8,1.7\n3,1.1,1.9,\n4,0.9,1.6,1.8\n"
KEPT = [Checkpoint(f"ftchkpt-{step}", step, f"m:ckpt-step-{step}", {}) for step in (2, 4)]


@pytest.fixture
def ended(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    keep(project, journal(attempt(1, "running")))
    project.service.all_jobs = [replace(job(1, "succeeded", SUFFIX), result_files=("file-9",))]
    project.service.script = ["succeeded"]
    monkeypatch.setattr(project.service, "checkpoints", lambda _: KEPT)
    monkeypatch.setattr(project.service, "content", lambda _: RESULTS)
    return project


def test_of_a_run_that_has_ended(ended: Project) -> None:
    done = ended.jobs(*CURVE)

    assert (done.code, done.err) == (0, "")
    assert "step 4, by its results.csv" in done.out
    assert "best by the validation loss, of the whole file: step 2, 1.7" in done.out
    assert "a checkpoint was kept there: m:ckpt-step-2" in done.out


def test_its_figures_as_csv(ended: Project) -> None:
    rows = list(csv.DictReader(io.StringIO(ended.jobs(*CURVE, "--format", "csv").out)))

    assert rows[1] == {
        "step": "2",
        "train_loss": "1.4",
        "valid_loss": "1.8",
        "full_valid_loss": "1.7",
        "checkpoint": "m:ckpt-step-2",
    }
    assert [row["full_valid_loss"] for row in rows] == ["", "1.7", "", "1.8"]


def test_and_as_json(ended: Project) -> None:
    document = json.loads(ended.jobs(*CURVE, "--format", "json").out)

    assert document["steps"][0] == {"step": 1, "train_loss": 2.1, "valid_loss": 2.0}
    assert document["best"] == {
        "step": 2,
        "measure": "full_valid_loss",
        "value": 1.7,
        "checkpoint": "m:ckpt-step-2",
    }
    assert (document["job"], document["schemaVersion"]) == (job_id(1), 1)


def test_of_a_run_under_way(project: Project) -> None:
    keep(project, journal(attempt(1)))
    project.service.all_jobs, project.service.script = [job(1, "running", SUFFIX)], ["running"]
    project.service.told = [
        Event("e2", START, "info", "Step 2: training loss=1.4", {}),
        Event("e1", START, "info", "Step 1: training loss=2.1", {}),
    ]
    done = project.jobs(*CURVE)

    assert done.code == 0
    assert "step 2, by its events" in done.out
    assert "no step is the best" in done.out


def test_a_results_file_that_cannot_be_read_is_told_and_the_events_are(
    ended: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: str) -> bytes:
        raise ServiceRefused("the content of file file-9 cannot be read", status=404)

    monkeypatch.setattr(ended.service, "content", gone)
    ended.service.told = [Event("e1", START, "info", "Step 1: training loss=2.1", {})]
    done = ended.jobs(*CURVE)

    assert done.code == 0
    assert "file-9 cannot be read" in done.err
    assert "by its events" in done.out


def test_before_the_first_step(project: Project) -> None:
    keep(project, journal(attempt(1)))
    project.service.all_jobs, project.service.script = [job(1, "pending", SUFFIX)], ["pending"]
    done = project.jobs(*CURVE)

    assert (done.code, done.out) == (0, f"{job_id(1)} is pending, and has told of no step yet.\n")


@pytest.mark.parametrize("columns", [20, 39, 40, 80])
def test_it_fits_the_terminal(ended: Project, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal = SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True, encoding="ascii"))
    monkeypatch.setattr("jobs.cli.runs.curve.sys", terminal)
    lines = ended.jobs(*CURVE).out.splitlines()
    drawn = lines[: next(number for number, line in enumerate(lines) if line.startswith("clippy:"))]

    assert bool(drawn) is (columns >= 40)
    assert all(len(line) <= columns and line.isascii() for line in drawn)
