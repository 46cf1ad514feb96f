"""`jobs clean`: shows, deletes when told to, looks again before it does, and goes on where it was interrupted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from jobs.doctor_ports import StandingDeployment
from jobs.errors import CloudFailed, ServiceRefused
from jobs.ports import JobStatus
from tests.contract.specimens import record
from tests.jobs.cli.conftest import STACK_FILE, Project
from tests.jobs.doubles import HandClock
from tests.jobs.specimens import outputs_mapping

RUN = ("run", "clippy", "-s", "dev", "--yes")
CLEAN = ("clean", "-s", "dev")


@pytest.fixture
def failed(project: Project) -> Project:
    """A run that failed 200 days ago, by all clocks."""
    project.service.script = ["failed"]
    assert project.jobs(*RUN).code == 3
    grow_old(project)
    return project


def grow_old(project: Project) -> None:
    begun = project.clock.now()
    project.service.stored = [replace(each, created_at=begun) for each in project.service.stored]
    project.clock.moment += timedelta(days=200)
    project.kept_runs.clock = project.clock


def kept(project: Project) -> tuple[int, int, int]:
    return len(project.service.stored), len(project.blobs.blobs), len(project.kept_runs.blobs)


def test_without_yes_nothing_goes_and_the_command_that_deletes_is_said(failed: Project) -> None:
    before = kept(failed)
    done = failed.jobs(*CLEAN)

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("dev: 6 things older than 90 days that nothing refers to")
    assert "Left in the account, since no released API deletes jobs or tuned models" in done.out
    assert done.out.splitlines()[-1] == "Next: jobs clean -s dev --yes"
    assert kept(failed) == before == (2, 2, 2)


def test_with_yes_it_goes_after_the_same_list_and_a_second_time_there_is_nothing(failed: Project) -> None:
    shown = failed.jobs(*CLEAN).out.splitlines()[:-1]
    done = failed.jobs(*CLEAN, "--yes")

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[: len(shown)] == shown
    assert done.out.splitlines()[-1] == "6 of 6 deleted."
    assert kept(failed) == (0, 0, 0)
    assert failed.jobs(*CLEAN, "--yes").out == (
        "dev: nothing older than 90 days that nothing refers to.\n"
        "There is no git here: no files but those of this folder were looked at for what is needed.\n"
    )


def test_what_is_younger_stays_unless_an_age_is_given(failed: Project) -> None:
    assert "nothing older than 201 days" in failed.jobs(*CLEAN, "--older-than", "201d").out
    assert "things older than 5 minutes" in failed.jobs(*CLEAN, "--older-than", "5m").out
    assert "Next: jobs clean -s dev --older-than 199d --yes" in failed.jobs(*CLEAN, "--older-than", "199d").out


def test_a_machine_whose_clock_is_ahead_takes_nothing_for_old(failed: Project) -> None:
    """The storage says when it is."""
    failed.kept_runs.clock = HandClock(failed.clock.now() - timedelta(days=199))

    assert "nothing older than 90 days" in failed.jobs(*CLEAN, "--yes").out
    assert kept(failed) == (2, 2, 2)


def test_a_recorded_run_stays_whatever_its_age(project: Project) -> None:
    project.jobs(*RUN)
    grow_old(project)
    done = project.jobs(*CLEAN, "--yes")

    assert done.code == 0
    assert "nothing older than" in done.out
    assert "a stack file records it" in done.out
    assert kept(project)[:2] == (2, 2)


def test_so_does_one_whose_model_an_account_of_another_stack_deploys(project: Project) -> None:
    project.jobs(*RUN)
    candidate = project.releases().candidate
    assert candidate is not None
    project.stack_file.write_text(STACK_FILE)
    (project.folder / "environments" / "Pulumi.prod.yaml").write_text(STACK_FILE)
    (project.folder / "outputs" / "prod.json").write_text((project.folder / "outputs" / "dev.json").read_text())
    project.plane.standing = [StandingDeployment("c", candidate.model_id, "Standard", 1)]
    grow_old(project)

    assert "or an account deploys it" in project.jobs(*CLEAN, "--yes").out
    project.plane.silent = ServiceRefused("the deployments cannot be read", code="AuthorizationFailed")
    assert "could not be seen: stack " in project.jobs(*CLEAN, "--yes").out
    assert kept(project)[:2] == (2, 2)


@pytest.mark.parametrize("outputs", [None, '{"schemaVersion": 99}', "{"])
def test_what_a_stack_deploys_is_not_known_without_outputs_that_can_be_read(
    project: Project, outputs: str | None
) -> None:
    """It may be up all the same: by another version of the program, or with outputs that lie elsewhere."""
    project.jobs(*RUN)
    project.stack_file.write_text(STACK_FILE)
    recorded = f"  tuned-models:releases:\n    {json.dumps({'clippy': {'live': record('f' * 32)}})}\n"
    (project.folder / "environments" / "Pulumi.prod.yaml").write_text(
        STACK_FILE + (recorded if outputs is None else "")
    )
    if outputs is not None:
        (project.folder / "outputs" / "prod.json").write_text(outputs)
    grow_old(project)
    done = project.jobs(*CLEAN, "--yes")

    assert "could not be seen: stack prod: " in done.out
    assert kept(project)[2] == 2


def test_a_run_that_begins_meanwhile_keeps_what_it_takes_up(failed: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody submits the same again after the list was shown."""
    from jobs.cleaning import deleting

    real = deleting.delete

    def later(*words: object, **more: object) -> object:
        failed.service.script = ["running"]
        assert failed.jobs(*RUN, "--new", "--no-wait").code == 0
        return real(*words, **more)  # type: ignore[arg-type] # As they came.

    monkeypatch.setattr("jobs.cli.releases.clean.delete", later)
    done = failed.jobs(*CLEAN, "--yes")

    assert done.code == 0
    assert "0 of 6 deleted, 6 spared" in done.out
    assert kept(failed) == (2, 2, 2)


def test_what_was_interrupted_is_gone_on_with(failed: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    real = failed.blobs.delete

    def refused(name: str, etag: str) -> bool:
        raise CloudFailed("the storage is unwell")

    monkeypatch.setattr(failed.blobs, "delete", refused)
    broken = failed.jobs(*CLEAN, "--yes")
    assert broken.code == 3
    assert broken.err.splitlines()[-1] == "Next: jobs clean -s dev --yes"
    assert kept(failed) == (0, 2, 2)

    monkeypatch.setattr(failed.blobs, "delete", real)
    assert failed.jobs(*CLEAN, "--yes").out.splitlines()[-1] == "4 of 4 deleted."
    assert kept(failed) == (0, 0, 0)


def test_a_file_that_a_job_of_others_uses_stays(failed: Project) -> None:
    (job,) = failed.service.all_jobs
    theirs = replace(job, id=f"ftjob-{'9' * 32}", suffix="theirs", status=JobStatus.parse("running"))
    failed.service.all_jobs.append(theirs)
    failed.jobs(*CLEAN, "--yes")

    assert {file.id for file in failed.service.stored} == {job.training_file, job.validation_file}
    assert failed.blobs.blobs == {}


def test_answers_of_a_base_that_is_deployed_stay_though_no_file_names_its_whole_id(project: Project) -> None:
    """A stack file has model and version apart; a judge's answers are under the ID that both make."""
    mapping = outputs_mapping()
    base = {"account": "main", "model": "gpt-5-mini", "version": "2025-08-07"}
    mapping["baseDeployments"] = {"judge": base | {"sku": {"name": "GlobalStandard", "capacity": 1}}}
    (project.folder / "outputs" / "dev.json").write_text(json.dumps(mapping))
    name = f"answers/clippy/{sha256(b'gpt-5-mini-2025-08-07').hexdigest()[:16]}/1.jsonl"
    project.kept_runs.put(name, b"{}")
    grow_old(project)

    assert "1 of answers" in project.jobs(*CLEAN, "--yes").out
    assert name in project.kept_runs.blobs
