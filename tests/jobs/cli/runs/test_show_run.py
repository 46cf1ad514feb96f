"""`jobs show`: what was meant, each step with its time, what came of it, and what to type next."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from contract.release import Releases
from jobs.errors import NetworkRefused
from jobs.ports import Checkpoint, Event, JobError
from jobs.stacks.stack_file import update_releases
from jobs.tuning.journals.journal import Entry, SentFile
from tests.jobs.cli.conftest import Project
from tests.jobs.cli.runs.test_list_runs import SUFFIX, keep
from tests.jobs.doubles import START
from tests.jobs.journals import KEY, attempt, job, job_id, journal, lease, model_id, record
from tests.jobs.specimens import BASE

SHOW = ("show", "clippy", "-s", "dev")
MADE = model_id(1, SUFFIX)


def whole(project: Project) -> None:
    """A run with everything: it has ended, and is the candidate."""
    told = attempt(
        1,
        "succeeded",
        made=MADE,
        stored={"train": "2026-11-20T09:00:01Z"},
        files={"train": SentFile(id="file-1", at="2026-11-20T09:00:02Z")},
        submitting=("2026-11-20T09:00:03Z",),
        recorded=Entry(role="candidate", at="2026-11-20T10:00:00Z", by="Ada"),
        system_message="You are brief.\nVery.",
    )
    keep(project, journal(told))
    # The double adds tokens, and what it has chosen.
    project.service.all_jobs, project.service.script = [job(1, "succeeded", SUFFIX)], ["succeeded"]
    update_releases(project.stack_file, lambda found: found | {"clippy": Releases(candidate=record(1))})


@pytest.fixture
def kept(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A checkpoint lies in the account."""
    at_60 = Checkpoint("ftchkpt-1", 60, f"{MADE}:ckpt-step-60", {"step": 60.0, "full_valid_loss": 1.25})
    monkeypatch.setattr(project.service, "checkpoints", lambda _: [at_60])
    return project


def test_of_a_run_that_is_done_everything_is_told(kept: Project) -> None:
    whole(kept)
    done = kept.jobs(*SHOW)

    assert (done.code, done.err) == (0, "")
    for words in (
        "clippy 66dd61a1: succeeded",
        KEY,
        f"{BASE}, supervised, GlobalStandard, seed 42",
        "epochs 3, batch size 1, learning rate multiplier 2.0",
        f"sha256 {'a' * 64}",
        "2026-11-20T09:00:02Z  train is file-1 of the account",
        "2026-11-20T10:00:00Z  recorded as candidate by Ada",
        f"{MADE} · candidate",
        # 4,200 tokens at the $5 per 1M of the price list: 2.1 cents.
        "actual $0.02 (4,200 tokens",
        f"step 60: {MADE}:ckpt-step-60 · validation loss, of the whole file 1.25",
        "You are brief. Very.",
    ):
        assert words in done.out
    assert "no answer is known" not in done.out
    assert "Next" not in done.out


def test_steps_stand_in_the_order_of_their_times(kept: Project) -> None:
    whole(kept)
    times = [line[2:22] for line in kept.jobs(*SHOW).out.splitlines() if line[2:7] == "2026-"]

    assert len(times) == 8
    assert times == sorted(times)


def test_for_programs(kept: Project) -> None:
    whole(kept)
    document = json.loads(kept.jobs(*SHOW, "--format", "json").out)

    assert (document["schemaVersion"], document["job"], document["recordedAs"]) == (1, job_id(1), "candidate")
    assert document["journal"]["intent"]["parentModelId"] == BASE
    assert document["record"]["jobId"] == job_id(1)
    assert document["service"]["hyperparameters"] == {"epochs": 3, "batch_size": 1, "learning_rate_multiplier": 2.0}
    assert document["checkpoints"] == [
        {"step": 60, "id": "ftchkpt-1", "modelId": f"{MADE}:ckpt-step-60", "full_valid_loss": 1.25}
    ]
    assert document["cost"]["actual"] == 0.021
    assert document["next"] is None


def test_why_it_failed_and_what_makes_it_anew(project: Project) -> None:
    keep(project, journal(attempt(1, "running")))
    failed = JobError("contentFilter", "The provided training data failed RAI checks.")
    project.service.all_jobs, project.service.script = [replace(job(1, "failed", SUFFIX), error=failed)], ["failed"]
    done = project.jobs(*SHOW)

    assert "The provided training data failed RAI checks. (contentFilter)" in done.out
    assert done.out.splitlines()[-1] == "Next: jobs run clippy -s dev"


def test_where_the_job_does_not_say_why_its_events_do(project: Project) -> None:
    keep(project, journal(attempt(1, "running")))
    project.service.all_jobs, project.service.script = [job(1, "failed", SUFFIX)], ["failed"]
    project.service.told = [
        Event("e2", START, "error", "Job failed.", {}),
        Event("e1", START, "error", "The file is at fault.", {}),
        Event("e0", START, "info", "Job started.", {}),
    ]
    why = [line.split(maxsplit=1)[1] for line in project.jobs(*SHOW).out.splitlines() if line.startswith("  why")]

    assert why == ["The file is at fault.", "Job failed."]


def test_a_run_under_way_is_watched_next(project: Project) -> None:
    keep(project, journal(attempt(1, "running")))
    project.service.all_jobs, project.service.script = [job(1, "running", SUFFIX)], ["running"]

    assert project.jobs(*SHOW).out.splitlines()[-1] == "Next: jobs watch clippy -s dev"


def test_a_paused_run_is_told_with_what_resuming_means(project: Project) -> None:
    keep(project, journal(attempt(1, "running", method="reinforcement")))
    project.service.all_jobs, project.service.script = [job(1, "paused", SUFFIX)], ["paused"]
    done = project.jobs(*SHOW)

    assert "do not say why" in done.out
    assert done.out.splitlines()[-1] == f"Next: jobs resume {job_id(1)} -s dev"


def test_a_run_that_never_got_a_job(project: Project) -> None:
    keep(project, journal(lease=lease(START)))
    done = project.jobs(*SHOW)

    assert done.code == 0
    assert "nobody works on it" in done.out
    assert done.out.splitlines()[-1] == "Next: jobs run clippy -s dev"


def test_a_lost_answer_is_told_as_such(project: Project) -> None:
    keep(project, journal(attempt(submitting=("2026-11-20T09:00:03Z",))))

    assert "09:00:03Z  the account was asked for the job, and no answer is known" in project.jobs(*SHOW).out


def test_a_job_of_others_is_shown_as_far_as_the_service_tells(project: Project) -> None:
    project.service.all_jobs, project.service.script = [job(1, "running", "parrot-01234567")], ["running"]
    done = project.jobs("show", job_id(1), "-s", "dev")

    assert done.code == 0
    assert done.out.startswith(f"{job_id(1)}, not of this stack: running")
    assert BASE in done.out
    assert "Next" not in done.out


def test_a_record_without_a_journal(project: Project) -> None:
    update_releases(project.stack_file, lambda found: found | {"clippy": Releases(live=record(1))})
    done = project.jobs(*SHOW)

    assert done.code == 0
    assert f"{MADE} · live" in done.out
    assert "estimated $1.50; actual not known" in done.out


def test_of_an_account_that_cannot_be_asked_the_journal_is_shown(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(project, journal(attempt(1, "running")))

    def shut_out() -> None:
        raise NetworkRefused("the account's fine-tuning jobs cannot be listed", status=403)

    monkeypatch.setattr(project.service, "jobs", shut_out)
    done = project.jobs(*SHOW)

    assert done.code == 3
    assert "running when it was seen last" in done.out
    assert "begun by Ada" in done.out


def test_attempts_are_told_apart(project: Project) -> None:
    keep(project, journal(attempt(1, "failed"), attempt(2, "running")))
    project.service.all_jobs = [job(1, "failed", SUFFIX), job(2, "running", SUFFIX)]
    project.service.script = ["failed"]
    done = project.jobs("show", job_id(1), "-s", "dev")

    assert "failed (attempt 1 of 2)" in done.out
    assert "Next" not in done.out
