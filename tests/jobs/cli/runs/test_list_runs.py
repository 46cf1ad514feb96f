"""`jobs list`: every run of the stack, how it stands and what it waits for; jobs of others are listed as theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from contract.release import Releases
from jobs.errors import NetworkRefused
from jobs.ports import Event, Job
from jobs.stacks.stack_file import update_releases
from jobs.tuning.journals.journal import Journal, blob_name
from tests.jobs.cli.conftest import Done, Project
from tests.jobs.doubles import START
from tests.jobs.journals import KEY, OTHER_KEY, attempt, job, job_id, journal, lease, model_id, record
from tests.jobs.specimens import model_mapping, outputs_mapping

SUFFIX = "clippy-66dd61a1"
LIST = ("list", "-s", "dev")


def keep(project: Project, *journals: Journal) -> None:
    for each in journals:
        project.kept_runs.create(blob_name(each.run_key), each.content())


def listed(project: Project, *words: str) -> list[dict[str, Any]]:
    """What programs are told of the runs."""
    done = project.jobs(*LIST, "--format", "json", *words)
    assert (done.code, done.err) == (0, "")
    runs: list[dict[str, Any]] = json.loads(done.out)["runs"]
    return runs


def test_nothing_at_all(project: Project) -> None:
    done = project.jobs(*LIST)

    assert (done.code, done.out, done.err) == (0, "There are no runs of stack dev.\n", "")


def test_runs_of_the_stack_and_jobs_of_others(project: Project) -> None:
    keep(project, journal(attempt(1, "running")))
    finish = START + timedelta(hours=2)
    project.service.all_jobs = [
        job(2, "pending", "parrot-01234567"),
        job(1, "running", SUFFIX, estimated_finish=finish),
    ]
    done = project.jobs(*LIST)

    assert (done.code, done.err) == (0, "")
    heading, others, ours = done.out.splitlines()
    assert heading.split() == ["MODEL", "RUN", "JOB", "STATUS", "CREATED", "ENDED", "ACCOUNT", "RESULT"]
    assert ours.split()[:4] == ["clippy", "66dd61a1", job_id(1), "running"]
    assert "about 2026-11-20 11:00Z" in ours
    assert others.split()[:4] == ["-", "parrot-01234567", job_id(2), "pending"]
    assert others.endswith("not of this stack")


def test_of_others_those_that_have_ended_and_of_runs_earlier_attempts_are_shown_on_demand(project: Project) -> None:
    keep(project, journal(attempt(1, "failed"), attempt(2, "running")))
    project.service.all_jobs = [job(1, "failed", SUFFIX), job(2, "running", SUFFIX), job(3, "failed", SUFFIX)]

    done = project.jobs(*LIST)
    assert "2 not shown" in done.out
    assert "(attempt 2 of 2)" in done.out
    assert [each["job"] for each in listed(project)] == [job_id(2)]
    assert {each["job"]: each["ofThisStack"] for each in listed(project, "--all")} == {
        job_id(1): True,
        job_id(2): True,
        job_id(3): False,
    }


def test_a_model_that_is_not_recorded_is_told_with_the_command(project: Project) -> None:
    keep(project, journal(attempt(1, "running")))
    made = model_id(1, SUFFIX)
    project.service.all_jobs = [job(1, "succeeded", SUFFIX, fine_tuned_model=made)]

    done = project.jobs(*LIST)
    assert f"not recorded · {made}" in done.out
    assert done.out.splitlines()[-1] == "Next: jobs record clippy -s dev"

    update_releases(project.stack_file, lambda found: found | {"clippy": Releases(live=record(1))})
    done = project.jobs(*LIST)
    assert f"live · {made}" in done.out
    assert "Next" not in done.out


def test_a_model_that_a_later_run_has_overtaken_waits_for_nobody(project: Project) -> None:
    """`jobs record` would not displace what is newer."""
    older = attempt(1, "succeeded", key=OTHER_KEY, at=START - timedelta(days=1))
    keep(project, journal(older, key=OTHER_KEY), journal(attempt(2, "succeeded")))
    project.service.all_jobs = [
        job(number, "succeeded", suffix, fine_tuned_model=model_id(number, suffix))
        for number, suffix in ((1, "clippy-66ee0000"), (2, SUFFIX))
    ]
    update_releases(project.stack_file, lambda found: found | {"clippy": Releases(live=record(2))})
    done = project.jobs(*LIST)

    assert "not recorded: a later run is" in done.out
    assert "Next" not in done.out


def test_a_run_that_never_got_a_job_is_told_with_who_works_on_it(project: Project) -> None:
    keep(project, journal(lease=lease(START + timedelta(minutes=2))))

    held = project.jobs(*LIST)
    assert "ada@desk works on it until 2026-11-20T09:02:00Z" in held.out
    assert "Next" not in held.out

    project.clock.moment += timedelta(minutes=5)
    free = project.jobs(*LIST)
    assert "nobody works on it" in free.out
    assert free.out.splitlines()[-1] == "Next: jobs run clippy -s dev"


def test_a_paused_run_is_told_with_the_reason_and_what_resuming_means(project: Project) -> None:
    keep(project, journal(attempt(1, "running", method="reinforcement")))
    project.service.all_jobs = [job(1, "paused", SUFFIX)]
    project.service.told = [
        Event("e2", START, "warn", "Job is pausing: its cost has reached the limit of 5000 USD.", {})
    ]

    done = project.jobs(*LIST)
    assert "reached the service's spending limit" in done.out
    assert "Resuming takes it away" in done.out
    assert done.out.splitlines()[-1] == f"Next: jobs resume {job_id(1)} -s dev"
    (told,) = listed(project)
    assert (told["pause"]["cause"], told["pause"]["resumingMayLiftLimit"]) == ("spendingLimit", True)


def test_a_run_that_is_still_being_paused_cannot_be_resumed_yet(project: Project) -> None:
    keep(project, journal(attempt(1, "running")))
    project.service.all_jobs = [job(1, "pausing", SUFFIX)]
    done = project.jobs(*LIST)

    assert "clippy 66dd61a1 is pausing." in done.out
    assert "Next" not in done.out


def test_a_preempted_run_waits_for_nobody(project: Project) -> None:
    keep(project, journal(attempt(1, "running")))
    project.service.all_jobs = [job(1, "paused", SUFFIX)]
    project.service.told = [Event("e2", START, "info", "Job preempted.", {})]
    done = project.jobs(*LIST)

    assert "goes on by itself" in done.out
    assert "Next" not in done.out


def test_a_job_that_the_account_has_no_more(project: Project) -> None:
    keep(project, journal(attempt(1, "running")))

    assert "no longer in the account, was running" in project.jobs(*LIST).out


def test_a_list_that_lags_hides_no_run(project: Project) -> None:
    keep(project, journal(attempt(1, "pending")))
    project.service.all_jobs = [job(1, "running", SUFFIX)]
    project.service.unlisted = {job_id(1)}
    project.service.script = ["running"]

    assert [each["standing"] for each in listed(project)] == ["running"]


def test_a_journal_that_cannot_be_read_is_named_and_the_rest_is_listed(project: Project) -> None:
    keep(project, journal(attempt(1, "running")))
    project.kept_runs.create(blob_name(OTHER_KEY), b"{")
    project.service.all_jobs = [job(1, "running", SUFFIX)]
    done = project.jobs(*LIST)

    assert done.code == 0
    assert job_id(1) in done.out
    assert blob_name(OTHER_KEY) in done.err
    assert "as if they were not of this stack" in done.err


def test_one_model(project: Project) -> None:
    project.has_outputs(clippy=model_mapping(), parrot=model_mapping())
    keep(project, journal(attempt(1)), journal(attempt(2, key=OTHER_KEY), key=OTHER_KEY, model="parrot"))
    project.service.all_jobs = [job(1), job(2), job(3)]

    assert [each["model"] for each in listed(project, "parrot")] == ["parrot"]
    wrong = project.jobs("list", "parot", "-s", "dev")
    assert wrong.code == 2
    assert "did you mean 'parrot'" in wrong.err


def test_an_account_that_cannot_be_asked(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the journals know is told; and that it isn't everything."""
    keep(project, journal(attempt(1, "running")))

    def shut_out() -> Iterator[Job]:
        raise NetworkRefused("the account's fine-tuning jobs cannot be listed", status=403)

    monkeypatch.setattr(project.service, "jobs", shut_out)
    done = project.jobs(*LIST)

    assert done.code == 3
    assert "running when it was seen last" in done.out
    assert "cannot be listed" in done.err


def test_several_accounts(project: Project) -> None:
    outputs = outputs_mapping(clippy=model_mapping(), parrot=model_mapping(trainIn="west"))
    outputs["accounts"]["west"] = outputs["accounts"]["main"] | {"name": "contoso-west"}
    # Nothing is trained in it.
    outputs["accounts"]["east"] = outputs["accounts"]["main"] | {"name": "contoso-east"}
    (project.folder / "outputs" / "dev.json").write_text(json.dumps(outputs))
    project.service.all_jobs = [job(1)]

    # The double stands behind each of them.
    assert sorted(each["account"] for each in listed(project)) == ["main", "west"]


def test_an_account_that_has_another_name_in_the_stack_by_now_is_asked(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = outputs_mapping()
    outputs["accounts"]["west"] = outputs["accounts"]["main"]
    outputs["accounts"]["main"] = outputs["accounts"]["main"] | {"id": outputs["accounts"]["main"]["id"] + "-new"}
    (project.folder / "outputs" / "dev.json").write_text(json.dumps(outputs))
    keep(project, journal(attempt(1)))
    answers = [[], [job(1)]]
    monkeypatch.setattr(project.service, "jobs", lambda: iter(answers.pop(0)))

    assert [(each["account"], each["standing"]) for each in listed(project)] == [("west", "running")]


@pytest.mark.parametrize("columns", ["40", "110", "400"])
def test_on_a_terminal_of_any_width(project: Project, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    keep(project, journal(attempt(1)))
    project.service.all_jobs = [job(1, "succeeded", SUFFIX, fine_tuned_model=model_id(1, SUFFIX))]
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("jobs.cli.columns.sys", SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True)))
    first = project.jobs(*LIST).out.splitlines()[0]

    assert first == "clippy 66dd61a1" if columns == "40" else first.startswith("MODEL ")


def test_what_a_journal_says_orders_no_terminal_about(project: Project) -> None:
    told = journal(lease=lease(START + timedelta(minutes=2)).model_copy(update={"holder": "ada\x1b[2J@desk"}))
    keep(project, told)
    done: Done = project.jobs(*LIST)

    assert "\x1b" not in done.out + done.err
    assert KEY[:8] in done.out + done.err
