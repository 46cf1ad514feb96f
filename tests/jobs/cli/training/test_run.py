"""`jobs run` and `jobs watch`: one job, one record, whatever happens in between."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contract.release import Releases
from jobs.errors import ServiceRefused, Unavailable, Unsettled
from jobs.ports import Event, JobStatus
from jobs.tuning.journals.journal import is_journal, read_journal
from tests.jobs.cli.conftest import STACK_FILE, SYSTEM, Project
from tests.jobs.doubles import START, KeptBlobs
from tests.jobs.specimens import BASE

RUN = ("run", "clippy", "-s", "dev", "--yes")
WATCH = ("watch", "clippy", "-s", "dev")


class TestRun:
    def test_trains_and_records_the_candidate_and_says_which_up_follows(self, project: Project) -> None:
        done = project.jobs(*RUN)

        assert (done.code, done.err) == (0, "")
        assert done.out.splitlines()[-1] == "Next: pulumi up -s dev"
        candidate = project.releases().candidate
        assert candidate is not None
        assert candidate.model_id == project.service.all_jobs[0].fine_tuned_model
        assert candidate.system_message == SYSTEM
        assert candidate.trained_in == "main"
        train = (project.folder / "models/clippy/t.jsonl").read_bytes()
        assert candidate.digests.train == hashlib.sha256(train).hexdigest()

    def test_leaves_every_other_byte_of_the_stack_file(self, project: Project) -> None:
        project.jobs(*RUN)

        assert project.stack_file.read_text().startswith(STACK_FILE)

    def test_sends_each_dataset_once_to_the_storage_and_to_the_account(self, project: Project) -> None:
        project.jobs(*RUN)
        digests = [
            hashlib.sha256((project.folder / "models/clippy" / name).read_bytes()).hexdigest()
            for name in ("v.jsonl", "t.jsonl")
        ]

        assert list(project.blobs.blobs) == [f"{digest}.jsonl" for digest in digests]
        assert project.service.calls[:2] == [f"upload {digest[:32]}.jsonl" for digest in digests]
        (asked,) = project.service.requests
        assert (asked.model, asked.seed) == (BASE, 42)
        assert asked.suffix == f"clippy-{project.releases().candidate.run_key[:8]}"  # type: ignore[union-attr] # recorded

    def test_twice_there_is_no_second_job_and_the_file_is_the_same_byte_for_byte(self, project: Project) -> None:
        project.jobs(*RUN)
        before, calls = project.stack_file.read_bytes(), list(project.service.calls)
        done = project.jobs(*RUN)

        assert done.code == 0
        assert "nothing to do" in done.out
        assert (project.stack_file.read_bytes(), project.service.calls) == (before, calls)

    def test_a_run_that_was_submitted_elsewhere_is_taken_up(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")
        done = project.jobs(*RUN)

        assert done.code == 0
        assert "taking up" in done.out
        assert len(project.service.all_jobs) == 1
        assert project.releases().candidate is not None

    def test_what_somebody_else_submits_while_the_data_are_sent_is_taken_up(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        project.jobs(*RUN, "--no-wait")
        (theirs,), project.service.all_jobs = project.service.all_jobs, []
        project.kept_runs.blobs.clear()
        put_once = KeptBlobs.put_once

        def meanwhile(*arguments: Any) -> bool:
            project.service.all_jobs = [theirs]
            return put_once(*arguments)

        monkeypatch.setattr(KeptBlobs, "put_once", meanwhile)
        done = project.jobs(*RUN)

        assert done.code == 0
        assert f"taking up {theirs.id}, which was submitted meanwhile" in done.out
        assert [job.id for job in project.service.all_jobs] == [theirs.id]

    def test_a_job_that_the_journal_knows_and_the_account_has_no_more_is_not_trained_again_unasked(
        self, project: Project
    ) -> None:
        project.jobs(*RUN, "--no-wait")
        (gone,), project.service.all_jobs = project.service.all_jobs, []
        done = project.jobs(*RUN)

        assert done.code == 1
        assert f"the run's journal has {gone.id}" in done.err
        assert "Next: jobs run clippy -s dev --new" in done.err
        assert project.service.all_jobs == []

    def test_new_trains_again_and_displaces_the_candidate(self, project: Project) -> None:
        project.jobs(*RUN)
        project.service.script = ["succeeded"]
        done = project.jobs(*RUN, "--new")

        assert done.code == 0
        assert len(project.service.all_jobs) == 2
        releases = project.releases()
        assert releases.candidate is not None
        assert releases.candidate.job_id == project.service.all_jobs[1].id
        (displaced,) = releases.previous
        assert displaced.withdrawal is not None
        assert (displaced.withdrawal.kind, displaced.withdrawal.by) == ("superseded", "Ada")

    def test_new_typed_again_goes_on_with_what_it_began(self, project: Project) -> None:
        """The machine died in between; a third training is nobody's wish."""
        project.jobs(*RUN)
        project.jobs(*RUN, "--new", "--no-wait")
        project.service.script = ["succeeded"]
        done = project.jobs(*RUN, "--new")

        assert done.code == 0
        assert len(project.service.all_jobs) == 2
        assert f"taking up {project.service.all_jobs[1].id}, which --new has begun" in done.out
        assert project.jobs(*RUN, "--new").code == 0
        assert len(project.service.all_jobs) == 3

    @pytest.mark.parametrize(("first", "jobs"), [((), 2), (("--new",), 1)])
    def test_new_looks_first_for_what_came_of_a_lost_answer(
        self, project: Project, first: tuple[str, ...], jobs: int
    ) -> None:
        """What somebody agrees to pay for anew is trained; what `--new` itself had asked for isn't paid for again."""
        project.jobs(*RUN, *first, "--no-wait")
        (name,) = [each for each in project.kept_runs.blobs if is_journal(each)]
        known = read_journal(project.kept_runs.blobs[name], name)
        lost = known.with_last(lambda last: last.model_copy(update={"job": None, "status": None}))
        project.kept_runs.put(name, lost.content())
        done = project.jobs(*RUN, "--new", "--no-wait")

        assert done.code == 0
        assert len(project.service.all_jobs) == jobs
        assert f"{project.service.all_jobs[0].id} is what came of" in done.out
        assert ("training it anew costs" in done.out) is (jobs == 2)
        noted = read_journal(project.kept_runs.blobs[name], name)
        assert noted.job_ids() == tuple(job.id for job in project.service.all_jobs)

    def test_what_to_type_again_is_what_was_typed(self, project: Project) -> None:
        project.service.submit_error = ServiceRefused("no such deployment")
        done = project.jobs(*RUN, "--new", "--no-wait", "--deadline", "2h")

        assert done.code == 3
        assert "Next: jobs run clippy -s dev --no-wait --new --deadline 2h" in done.err

    def test_after_new_the_later_run_is_the_one_that_is_done(self, project: Project) -> None:
        project.jobs(*RUN)
        project.jobs(*RUN, "--new")
        before = project.stack_file.read_bytes()
        done = project.jobs(*RUN)

        assert "nothing to do" in done.out
        assert project.stack_file.read_bytes() == before

    def test_a_failed_run_is_not_taken_up(self, project: Project) -> None:
        project.service.script = ["failed"]
        assert project.jobs(*RUN).code == 3
        project.service.script = ["succeeded"]

        assert project.jobs(*RUN).code == 0
        assert len(project.service.all_jobs) == 2

    def test_a_lost_answer_is_not_paid_for_twice(self, project: Project) -> None:
        project.service.submit_error, project.service.submit_takes_effect = Unsettled("lost"), True

        assert project.jobs(*RUN).code == 0
        assert len(project.service.all_jobs) == 1

    def test_continues_from_the_live_model_where_asked_and_not_twice_on_the_same_data(self, project: Project) -> None:
        project.jobs(*RUN)
        project.up()
        project.jobs("release", "clippy", "-s", "dev", "--override", "tried by hand")
        project.up()
        live = project.releases().live
        assert live is not None
        project.tune_yaml(f"base: {BASE}\ncontinueFrom: live\ndata: {{train: t.jsonl}}\n")
        project.jobs(*RUN)
        tuned_further = project.releases().candidate
        assert tuned_further is not None
        assert tuned_further.parent_model_id == live.model_id

        project.up()
        project.jobs("release", "clippy", "-s", "dev", "--override", "tried by hand")
        project.up()
        done = project.jobs(*RUN)
        assert "nothing to do" in done.out
        assert len(project.service.all_jobs) == 2


class TestOtherTrainings:
    def test_another_base_is_trained_though_nothing_else_has_changed(self, project: Project) -> None:
        project.jobs(*RUN)
        project.tune_yaml("base: gpt-4.1-2025-04-14\ndata: {train: t.jsonl, validation: v.jsonl}\n")
        done = project.jobs(*RUN)

        assert done.code == 0
        assert [job.model for job in project.service.all_jobs] == [BASE, "gpt-4.1-2025-04-14"]

    def test_a_model_that_cannot_be_recorded_is_not_lost(self, project: Project) -> None:
        project.stack_file.chmod(0o444)
        done = project.jobs(*RUN)
        assert done.code == 1
        assert "this records it: jobs watch clippy -s dev" in done.err

        project.stack_file.chmod(0o644)
        assert project.jobs(*WATCH).code == 0
        assert project.releases().candidate is not None
        assert len(project.service.all_jobs) == 1


class TestNoWait:
    def test_a_paused_run_is_not_said_to_go_on(self, project: Project) -> None:
        project.service.script = ["paused"]
        assert project.jobs(*RUN).code == 1
        done = project.jobs(*RUN, "--no-wait")

        assert done.code == 1
        assert "paused" in done.err

    def test_ends_once_submitted_and_says_how_to_go_on(self, project: Project) -> None:
        done = project.jobs(*RUN, "--no-wait")

        assert done.code == 0
        assert done.out.splitlines()[-1].startswith("Next: jobs watch clippy -s dev")
        assert project.stack_file.read_text() == STACK_FILE

    def test_takes_up_what_it_finds_without_waiting(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")

        assert project.jobs(*RUN, "--no-wait").code == 0
        assert len(project.service.all_jobs) == 1


class TestWatch:
    def test_goes_on_and_records(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")
        done = project.jobs(*WATCH)

        assert (done.code, done.err) == (0, "")
        assert project.releases().candidate is not None
        assert project.jobs(*WATCH).code == 0

    def test_never_submits(self, project: Project) -> None:
        done = project.jobs(*WATCH)

        assert done.code == 1
        assert project.service.calls == []
        assert "Next: jobs run clippy -s dev" in done.err

    def test_names_why_the_last_run_failed(self, project: Project) -> None:
        project.service.script, project.service.failure = ["failed"], ("invalidPayload", "line 3")
        project.jobs(*RUN)
        done = project.jobs(*WATCH)

        assert done.code == 1
        assert "line 3" in done.err


class TestEnds:
    """Every exit code, with what is said."""

    def test_a_failed_run_is_3_with_the_services_words_code_and_request_id(self, project: Project) -> None:
        project.service.script, project.service.failure = ["failed"], ("invalidPayload", "line 3 is no JSON")
        done = project.jobs(*RUN)

        assert done.code == 3
        for words in ("line 3 is no JSON", "invalidPayload", "request-1", project.service.all_jobs[0].id, "stack dev"):
            assert words in done.err
        assert "Next: jobs run clippy -s dev" in done.err
        assert project.stack_file.read_text() == STACK_FILE

    def test_the_deadline_is_3_with_the_command_to_go_on_and_the_run_goes_on(self, project: Project) -> None:
        project.service.script = ["running"]
        done = project.jobs(*RUN, "--deadline", "30m")

        assert done.code == 3
        assert "Next: jobs watch clippy -s dev" in done.err
        assert project.clock.now() - START == timedelta(minutes=30)

    def test_a_paused_run_is_1(self, project: Project) -> None:
        project.service.script = ["paused"]
        done = project.jobs(*RUN)

        assert done.code == 1
        assert "paused" in done.err

    def test_a_paused_run_is_told_with_the_reason_and_what_resumes_it(self, project: Project) -> None:
        words = "Job is pausing: its cost has reached the limit of 5000 USD."
        project.service.script = ["paused"]
        project.service.told = [Event("e1", START, "warn", words, {})]
        done = project.jobs(*RUN)
        (job,) = project.service.all_jobs

        assert f"The service says: {words}" in done.err
        assert done.err.splitlines()[-1] == f"Next: jobs resume {job.id} -s dev"

    def test_a_journal_that_cannot_be_written_is_told_once(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")
        (name,) = [each for each in project.kept_runs.blobs if is_journal(each)]
        project.kept_runs.put(name, b"no journal")
        project.service.script = ["pending", "running", "succeeded"]
        done = project.jobs("watch", "clippy", "-s", "dev")

        assert done.code == 0
        assert done.out.count("journal could not be written") == 1

    def test_a_preempted_run_is_watched_on(self, project: Project) -> None:
        """It goes on by itself (azure-ai-docs, fine-tuning.md): nobody has to type anything."""
        project.service.script = ["running", "paused", "paused", "running", "succeeded"]
        project.service.told = [Event("e1", START, "info", "Job preempted.", {})]
        done = project.jobs(*RUN)

        assert done.code == 0
        assert "clippy: paused (preempted: goes on by itself)" in done.out

    def test_a_preempted_run_is_watched_to_the_deadline(self, project: Project) -> None:
        project.service.script = ["paused"]
        project.service.told = [Event("e1", START, "info", "Job preempted.", {})]
        done = project.jobs(*RUN, "--deadline", "30m")

        assert done.code == 3
        assert done.err.splitlines()[-1] == "Next: jobs watch clippy -s dev"

    def test_a_preempted_run_that_nobody_waits_for_needs_nobody(self, project: Project) -> None:
        project.jobs(*RUN, "--no-wait")
        (job,) = project.service.all_jobs
        project.service.all_jobs[0] = replace(job, status=JobStatus.parse("paused"))
        project.service.told = [Event("e1", START, "info", "Job preempted.", {})]

        done = project.jobs(*RUN, "--no-wait")
        assert (done.code, "goes on by itself" in done.out) == (0, True)

        project.service.told = []
        assert project.jobs(*RUN, "--no-wait").code == 1

    def test_ctrl_c_is_130_and_says_how_to_take_it_up(self, project: Project) -> None:
        def pressed() -> None:
            raise KeyboardInterrupt

        project.service.script = ["running"]
        project.service.stored = []
        project.jobs(*RUN, "--no-wait")
        project.clock.before_sleep = pressed
        done = project.jobs(*RUN)

        assert done.code == 130
        assert "Next: jobs watch clippy -s dev" in done.err
        assert project.service.all_jobs[0].status.usable

    def test_a_refusal_of_the_service_is_3(self, project: Project) -> None:
        project.service.submit_error = ServiceRefused("no", status=400, code="invalidPayload", request_id="abc")
        done = project.jobs(*RUN)

        assert done.code == 3
        assert "invalidPayload" in done.err
        assert "abc" in done.err

    def test_a_service_that_stays_away_is_3_within_minutes(self, project: Project) -> None:
        class Away(type(project.service)):  # type: ignore[misc] # a class made here
            def jobs(self) -> None:
                raise Unavailable("no route")

        project.service = Away(clock=project.clock)
        done = project.jobs(*RUN)

        assert done.code == 3
        assert "no route" in done.err
        assert project.clock.now() - START <= timedelta(minutes=5)

    @pytest.mark.parametrize(
        "words",
        [
            ("run", "clippy"),
            ("run",),
            ("run", "clipy", "-s", "dev"),
            ("run", "../clippy", "-s", "dev"),
            (*RUN, "--deadline", "soon"),
            (*RUN, "--unknown"),
            ("train", "clippy"),
        ],
        ids=" ".join,
    )
    def test_a_command_line_that_cannot_be_meant_is_2(self, project: Project, words: tuple[str, ...]) -> None:
        done = project.jobs(*words)

        assert done.code == 2
        assert "Traceback" not in done.err
        assert project.service.calls == []

    def test_bad_data_are_1_before_anything_is_sent(self, project: Project) -> None:
        (project.folder / "models/clippy/t.jsonl").write_text("{broken\n")
        done = project.jobs(*RUN)

        assert done.code == 1
        assert "models/clippy/t.jsonl:1: error:" in done.out
        assert "Next: jobs check clippy" in done.err
        assert (project.service.calls, project.blobs.blobs) == ([], {})

    def test_what_the_catalog_knows_to_be_refused_is_1_with_what_would_work(self, project: Project) -> None:
        project.tune_yaml("base: o4-mini-2025-04-16\ndata: {train: t.jsonl}\n")
        done = project.jobs(*RUN)

        assert done.code == 1
        assert "not by supervised" in done.err
        assert project.service.calls == []

    @pytest.mark.parametrize(("training_type", "code"), [("GlobalStandard", 1), ("Developer", 1), ("Standard", 0)])
    def test_where_data_has_to_stay_nothing_is_sent_that_is_trained_elsewhere(
        self, project: Project, training_type: str, code: int
    ) -> None:
        outputs = project.folder / "outputs" / "dev.json"
        demanding = json.loads(outputs.read_text())
        demanding["environment"]["residency"] = "region"
        outputs.write_text(json.dumps(demanding))
        project.tune_yaml(f"base: {BASE}\ntrainingType: {training_type}\ndata: {{train: t.jsonl}}\n")
        done = project.jobs(*RUN)

        assert done.code == code
        assert ("write trainingType: Standard" in done.err) is bool(code)
        assert bool(project.blobs.blobs) is not bool(code)

    def test_a_model_the_stack_does_not_have_needs_an_up(self, project: Project) -> None:
        project.has_outputs(parrot={**_model()})
        done = project.jobs(*RUN)

        assert done.code == 1
        assert "Next: pulumi up -s dev" in done.err

    def test_a_stack_that_is_not_up_needs_one(self, project: Project) -> None:
        (project.folder / "outputs/dev.json").unlink()
        done = project.jobs(*RUN)

        assert done.code == 1
        assert "Next: pulumi up -s dev" in done.err

    def test_a_fault_of_our_own_is_70_in_one_line_and_a_trace_where_asked_for(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise ZeroDivisionError("oops")

        monkeypatch.setattr("jobs.cli.training.course.plan_run", broken)
        done = project.jobs(*RUN)
        traced = project.jobs(*RUN, "--debug")

        assert (done.code, traced.code) == (70, 70)
        assert len(done.err.splitlines()) == 1
        assert "Traceback" in traced.err


def test_commands_to_type_next_have_the_options_that_were_given(project: Project) -> None:
    done = project.jobs(*RUN, "--no-wait", "--models", "models", "--outputs", "outputs/dev.json", "--project", ".")

    assert done.out.splitlines()[-1] == (
        "Next: jobs watch clippy -s dev --models models --outputs outputs/dev.json --project ."
    )


def test_a_qualified_name_means_the_file_of_its_last_part(project: Project) -> None:
    done = project.jobs("run", "clippy", "-s", "contoso/tuned-models/dev", "--yes")

    assert done.code == 0
    assert project.releases() != Releases()
    assert done.out.splitlines()[-1] == "Next: pulumi up -s contoso/tuned-models/dev"


def _model() -> dict[str, object]:
    from tests.jobs.specimens import model_mapping

    return model_mapping()
