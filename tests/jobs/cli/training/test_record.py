"""`jobs record`: what a run has made reaches the stack file by journal and account alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from jobs.errors import ServiceRefused
from jobs.ports import Event, Job, JobStatus
from jobs.tuning.journals.holder import this_process
from jobs.tuning.journals.journal import Journal, Lease, SeenStatus, read_journal
from jobs.tuning.journals.keeping import journals
from jobs.tuning.patience import Patience
from tests.jobs.cli.conftest import TUNE_YAML, Project
from tests.jobs.doubles import START

RUN = ("run", "clippy", "-s", "dev", "--yes")
RECORD = ("record", "clippy", "-s", "dev")
ALL = ("record", "--all", "-s", "dev")


def journal(project: Project) -> Journal:
    shelf = journals(project.kept_runs, Patience(project.clock, START + timedelta(days=9), lambda *_: None))
    return shelf.journals[0]


def ended(project: Project, text: str = "succeeded") -> None:
    """Time passes, and the account's jobs end."""
    project.service.script = [text]
    for job in list(project.service.all_jobs):
        project.service.job(job.id)


def test_it_writes_what_the_run_itself_would_have_written(project: Project) -> None:
    before = project.stack_file.read_bytes()
    project.jobs(*RUN)
    undisturbed = project.stack_file.read_bytes()
    # The pull request with it was closed, and the checkout it was begun from is gone.
    project.stack_file.write_bytes(before)
    shutil.rmtree(project.folder / "models")
    done = project.jobs(*RECORD)

    assert (done.code, done.err) == (0, "")
    assert project.stack_file.read_bytes() == undisturbed


def test_what_ci_submitted_without_waiting_is_recorded_by_the_nightly_look(project: Project) -> None:
    project.jobs(*RUN, "--no-wait")
    early = project.jobs(*ALL)
    assert (early.code, project.releases().candidate) == (0, None)
    assert "once it has ended this records it" in early.out

    ended(project)
    done = project.jobs(*ALL)
    candidate = project.releases().candidate
    assert done.code == 0
    assert candidate is not None
    assert candidate.model_id == project.service.all_jobs[0].fine_tuned_model
    assert "Next: pulumi up -s dev" in done.out
    recorded = journal(project).last.recorded
    assert recorded is not None
    assert (recorded.role, recorded.by.partition("@")[0]) == ("candidate", "Ada")

    again = project.jobs(*ALL)
    assert (again.code, again.out) == (0, "")


def test_what_to_type_next_stands_last_and_older_runs_are_not_told_one_by_one(project: Project) -> None:
    for seed in (1, 2):
        project.tune_yaml(f"{TUNE_YAML}seed: {seed}\n")
        project.jobs(*RUN)
        project.clock.sleep(600)
    first, second = project.service.all_jobs
    project.tune_yaml(f"{TUNE_YAML}seed: 3\n")
    project.jobs(*RUN, "--no-wait")
    ended(project)
    done = project.jobs(*RECORD)

    assert done.out.splitlines()[-1] == "Next: pulumi up -s dev"
    assert f"{first.id}: " not in done.out
    again = project.jobs(*RECORD)
    assert again.out == f"clippy: {project.service.all_jobs[2].id}: its model is recorded\n"
    assert second.id not in again.out


def test_only_the_stack_file_says_what_is_recorded(project: Project) -> None:
    """The journal says so too, and is not believed."""
    before = project.stack_file.read_bytes()
    project.jobs(*RUN)
    assert journal(project).last.recorded is not None
    project.stack_file.write_bytes(before)
    project.jobs(*RECORD)

    assert project.releases().candidate is not None


def test_what_was_withdrawn_stays_withdrawn(project: Project) -> None:
    project.jobs(*RUN)
    project.jobs("withdraw", "clippy", "-s", "dev")
    after = project.stack_file.read_bytes()
    done = project.jobs(*RECORD)

    assert (done.code, project.stack_file.read_bytes()) == (0, after)
    assert "its model is recorded" in done.out


def test_an_older_run_that_ends_later_does_not_displace_the_candidate(project: Project) -> None:
    project.jobs(*RUN, "--no-wait")
    first = project.service.all_jobs[0]
    project.clock.sleep(600)
    project.tune_yaml(f"{TUNE_YAML}seed: 7\n")
    project.service.script = ["succeeded"]
    project.jobs(*RUN)
    candidate = project.releases().candidate
    assert candidate is not None
    assert candidate.job_id != first.id
    ended(project)
    done = project.jobs(*RECORD)

    assert project.releases().candidate == candidate
    assert done.code == 0


def test_a_job_whose_answer_was_lost_is_found_and_recorded(project: Project) -> None:
    project.jobs(*RUN, "--no-wait")
    (name,) = [each for each in project.kept_runs.blobs if "/" not in each]
    known = journal(project)
    lost = known.with_last(lambda last: last.model_copy(update={"job": None, "status": None, "result": None}))
    project.kept_runs.put(name, lost.content())
    ended(project)
    done = project.jobs(*RECORD)

    assert done.code == 0
    assert project.releases().candidate is not None
    assert journal(project).job_ids() == (project.service.all_jobs[0].id,)


def test_the_journal_of_a_recorded_run_whose_answer_was_lost_learns_of_its_job(project: Project) -> None:
    project.jobs(*RUN)
    (name,) = [each for each in project.kept_runs.blobs if "/" not in each]
    known = journal(project)
    project.kept_runs.put(name, known.with_last(lambda last: last.model_copy(update={"job": None})).content())
    done = project.jobs(*ALL)

    assert (done.code, done.out) == (0, "")
    assert journal(project).job_ids() == known.job_ids()


class TestWhatAPersonHasToKnow:
    def test_a_failure_is_an_error_once_and_then_a_line(self, project: Project) -> None:
        project.service.failure = ("invalidPayload", "The file is no good.")
        project.jobs(*RUN, "--no-wait")
        ended(project, "failed")
        first, second, named = project.jobs(*ALL), project.jobs(*ALL), project.jobs(*RECORD)

        assert (first.code, second.code, named.code) == (3, 0, 3)
        assert "The file is no good." in first.err
        assert "Next: jobs run clippy -s dev" in first.err
        assert "as was told before" in second.out

    def test_a_failure_that_a_recorded_run_has_followed_is_nobody_s_concern(self, project: Project) -> None:
        project.service.script = ["failed"]
        project.jobs(*RUN)
        project.clock.sleep(600)
        project.tune_yaml(f"{TUNE_YAML}seed: 7\n")
        project.service.script = ["succeeded"]
        project.jobs(*RUN)
        named, nightly = project.jobs(*RECORD), project.jobs(*ALL)

        assert (named.code, named.err) == (0, "")
        assert (nightly.code, nightly.out) == (0, "")

    def test_a_job_that_is_gone_is_told_until_a_later_run_is_recorded(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")
        (gone,) = project.service.all_jobs
        project.service.all_jobs.clear()
        done = project.jobs(*ALL)
        assert done.code == 0
        assert f"{gone.id} is in no account of the stack any more, and is not recorded" in done.out

        project.clock.sleep(600)
        project.tune_yaml(f"{TUNE_YAML}seed: 7\n")
        project.jobs(*RUN)
        assert project.jobs(*ALL).out == ""

    def test_an_account_that_has_left_the_stack_is_missed_only_for_what_may_be_recorded(self, project: Project) -> None:
        """Of runs of another account, as journals have them: one that failed, and one that went on."""
        project.jobs(*RUN, "--no-wait")
        (name,) = [each for each in project.kept_runs.blobs if "/" not in each]
        text = journal(project).content().replace(b'"account": "main"', b'"account": "gone"')
        left = read_journal(text, name)
        failed = SeenStatus(text="failed", at="2026-11-20T09:00:00Z")
        project.service.all_jobs.clear()

        project.kept_runs.put(name, left.content())
        done = project.jobs(*ALL)
        assert done.code == 1
        assert "account gone, which trained" in done.err
        assert "is no longer in the stack" in done.err
        project.kept_runs.put(name, left.with_last(lambda last: last.model_copy(update={"status": failed})).content())
        assert project.jobs(*ALL).code == 0

    def test_an_account_that_cannot_be_asked_is_told_with_its_reason(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused() -> Iterator[Job]:
            raise ServiceRefused("the jobs cannot be listed", details=["No such role."], status=403)

        project.jobs(*RUN, "--no-wait")
        monkeypatch.setattr(project.service, "jobs", refused)
        done = project.jobs(*ALL)

        assert done.code == 3
        assert "account main could not be asked" in done.err
        assert "No such role." in done.err

        # Nor is it said of a run whose answer was lost that it has no job.
        (name,) = [each for each in project.kept_runs.blobs if "/" not in each]
        lost = journal(project).with_last(lambda last: last.model_copy(update={"job": None, "status": None}))
        project.kept_runs.put(name, lost.content())
        done = project.jobs(*ALL)
        assert (done.code, done.out) == (3, "")
        assert f"could not be asked for {lost.last.intent.suffix}" in done.err

    def test_a_paused_run_waits_for_a_person_each_time(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")
        ended(project, "paused")

        for _ in range(2):
            done = project.jobs(*ALL)
            assert done.code == 1
            assert "the run is paused and waits" in done.err

    def test_a_preempted_run_goes_on(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")
        ended(project, "paused")
        project.service.told = [Event("e1", START, "info", "Job preempted.", {})]
        done = project.jobs(*ALL)

        assert done.code == 0
        assert "was preempted, and goes on by itself when there is room; once it has ended" in done.out

    def test_the_others_are_recorded_all_the_same(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")
        project.clock.sleep(600)
        project.tune_yaml(f"{TUNE_YAML}seed: 7\n")
        project.jobs(*RUN, "--no-wait")
        good, bad = project.service.all_jobs
        project.service.script = ["succeeded"]
        project.service.job(good.id)
        project.service.all_jobs[1] = replace(bad, status=JobStatus.parse("paused"))
        done = project.jobs(*ALL)

        assert done.code == 1
        candidate = project.releases().candidate
        assert candidate is not None
        assert candidate.job_id == good.id

    def test_a_run_that_was_begun_and_never_submitted_is_told(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")
        (name,) = [each for each in project.kept_runs.blobs if "/" not in each]
        begun = journal(project).with_last(
            lambda last: last.model_copy(update={"job": None, "submitting": (), "status": None})
        )
        project.kept_runs.put(name, begun.content())
        project.service.all_jobs.clear()
        done = project.jobs(*ALL)

        assert done.code == 0
        assert "begun by Ada" in done.out
        assert "Next: jobs run clippy -s dev" in done.out

    def test_a_journal_of_another_version_is_named_and_the_rest_is_done(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")
        project.kept_runs.put("f" * 64 + ".json", b'{"schemaVersion": 2}')
        ended(project)
        done = project.jobs(*ALL)

        assert project.releases().candidate is not None
        assert f"{'f' * 64}.json" in done.err
        # It may be the journal of a result that nobody has recorded.
        assert done.code == 1
        assert project.jobs(*RECORD).code == 0

    def test_each_has_its_next_command_and_the_worst_decides(self, project: Project) -> None:
        """The failed one is the elder, and told last."""
        project.jobs(*RUN, "--no-wait")
        project.clock.sleep(600)
        project.tune_yaml(f"{TUNE_YAML}seed: 7\n")
        project.jobs(*RUN, "--no-wait")
        failed, paused = project.service.all_jobs
        project.service.all_jobs[0] = replace(failed, status=JobStatus.parse("failed"))
        project.service.all_jobs[1] = replace(paused, status=JobStatus.parse("paused"))
        done = project.jobs(*ALL)

        assert done.code == 3
        assert "the run is paused and waits" in done.err
        assert f"Next: jobs show {paused.id} -s dev" in done.err.splitlines()
        assert done.err.splitlines()[-1] == "Next: jobs run clippy -s dev"

    def test_an_attempt_that_came_to_nothing_is_not_told_for_ever(self, project: Project) -> None:
        """Once a later run is recorded; where its model is named it still is."""
        project.jobs(*RUN, "--no-wait")
        (name,) = [each for each in project.kept_runs.blobs if "/" not in each]
        begun = journal(project).with_last(lambda last: last.model_copy(update={"job": None, "submitting": ()}))
        project.kept_runs.put(name, begun.content())
        project.service.all_jobs.clear()
        project.clock.sleep(600)
        project.tune_yaml(f"{TUNE_YAML}seed: 7\n")
        project.jobs(*RUN)

        assert project.jobs(*ALL).out == ""
        assert "begun by Ada" in project.jobs(*RECORD).out

    def test_who_works_on_a_run_just_now_is_named(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")
        (name,) = [each for each in project.kept_runs.blobs if "/" not in each]
        lease = Lease(holder="Bob@build", token="another", until="2099-01-01T00:00:00Z", seconds=120)
        begun = journal(project).with_last(lambda last: last.model_copy(update={"job": None, "submitting": ()}))
        project.kept_runs.put(name, begun.model_copy(update={"lease": lease}).content())
        project.service.all_jobs.clear()
        done = project.jobs(*ALL)

        assert "Bob@build works on it" in done.out
        assert "Next" not in done.out

        process = f"{(this_process() or '').rpartition('/')[0]}/{2**22 + 1}"  # No Linux has so high an ID.
        dead = begun.model_copy(update={"lease": lease.model_copy(update={"process": process})})
        project.kept_runs.put(name, dead.content())
        done = project.jobs(*ALL)

        assert "works on it" not in done.out
        assert done.out.splitlines()[-1] == "Next: jobs run clippy -s dev"


class TestWhatIsAskedFor:
    def test_a_model_or_all_of_them(self, project: Project) -> None:
        assert project.jobs("record", "-s", "dev").code == 2
        assert project.jobs("record", "clippy", "--all", "-s", "dev").code == 2

    def test_a_model_that_was_never_trained(self, project: Project) -> None:
        done = project.jobs(*RECORD)

        assert done.code == 1
        assert "there is no run of clippy yet" in done.err
        assert "Next: jobs run clippy -s dev" in done.err

    def test_a_model_that_there_is_not(self, project: Project) -> None:
        done = project.jobs("record", "clipy", "-s", "dev")

        assert done.code == 2
        assert "clippy" in done.err

    def test_a_stack_without_runs_has_nothing_to_record(self, project: Project) -> None:
        done = project.jobs(*ALL)

        assert (done.code, done.out) == (0, "Stack dev has no runs.\n")
