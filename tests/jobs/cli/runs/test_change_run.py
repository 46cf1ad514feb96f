"""`jobs pause`, `resume`, `cancel`: agreed to before they are asked for, and asked for once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from jobs.cli.app import app
from jobs.errors import ServiceRefused, Unsettled
from jobs.ports import Event, JobStatus
from jobs.tuning.journals.journal import SeenStatus, read_journal
from tests.jobs.cli.conftest import Done, Project
from tests.jobs.cli.runs.test_list_runs import SUFFIX, keep
from tests.jobs.doubles import START
from tests.jobs.journals import OTHER_KEY, attempt, job, job_id, journal, model_id

LIMIT = Event("e1", START, "warn", "Job is pausing: its cost has reached the limit of 5000 USD.", {})


def standing(project: Project, status: str, *script: str, **more: str) -> None:
    """One run of clippy, whose job is so now, and with each look after that as the script says."""
    keep(project, journal(attempt(1, "running", **more)))
    project.service.all_jobs = [job(1, status, SUFFIX)]
    project.service.script = [status, *script]


def typed(project: Project, verb: str, *words: str, name: str = "clippy") -> Done:
    return project.jobs(verb, name, "-s", "dev", *words)


def answering(verb: str, text: str) -> Done:
    result = CliRunner().invoke(app, [verb, "clippy", "-s", "dev"], input=text)
    return Done(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at a terminal."""
    monkeypatch.setattr("jobs.cli.consent.interactive", lambda: True)


@pytest.mark.parametrize(
    ("verb", "before", "after", "words"),
    [
        ("pause", "running", "pausing", "a checkpoint that can be deployed"),
        ("resume", "paused", "resuming", "costs what is left of it"),
        ("cancel", "pending", "cancelled", "that is free"),
        ("cancel", "running", "cancelled", "what is spent stays spent"),
    ],
)
def test_it_says_what_it_means_and_is_asked_for_once(
    project: Project, verb: str, before: str, after: str, words: str
) -> None:
    standing(project, before)
    done = typed(project, verb, "--yes")

    assert (done.code, done.err) == (0, "")
    assert words in done.out
    assert f"{job_id(1)} is {after}" in done.out
    assert project.service.calls == [f"{verb} {job_id(1)}"]


@pytest.mark.parametrize(
    ("verb", "status"),
    [("pause", "paused"), ("pause", "pausing"), ("resume", "running"), ("resume", "pending"), ("cancel", "cancelled")],
)
def test_typed_twice_it_is_done(project: Project, verb: str, status: str) -> None:
    """Nobody is asked, and neither is the service."""
    standing(project, status)
    done = typed(project, verb)

    assert (done.code, done.err) == (0, "")
    assert f"nothing to do: {job_id(1)} is {status}" in done.out
    assert project.service.calls == []


def test_a_preempted_run_is_not_paused_as_somebody_means_it(project: Project) -> None:
    """It goes on by itself, and costs: whoever pauses it has to know."""
    standing(project, "paused")
    project.service.told = [Event("e1", START, "info", "Job preempted.", {})]
    done = typed(project, "pause")

    assert done.code == 1
    assert "goes on by itself" in done.err
    assert "once it runs again" in done.err


@pytest.mark.parametrize(
    ("verb", "status"), [("pause", "pending"), ("resume", "succeeded"), ("cancel", "failed"), ("pause", "succeeded")]
)
def test_what_cannot_be_is_refused_in_plain_words(project: Project, verb: str, status: str) -> None:
    standing(project, status)
    done = typed(project, verb, "--yes")

    assert done.code == 1
    assert f"the run is {status}: it cannot be" in done.err
    assert "Next: " in done.err
    assert project.service.calls == []


def test_the_journal_is_told(project: Project) -> None:
    standing(project, "running")
    typed(project, "pause", "--yes")
    (kept,) = project.kept_runs.blobs.values()

    assert read_journal(kept, "x").last.status == SeenStatus(text="pausing", at="2026-11-20T09:00:00Z")


class TestConsent:
    def test_without_a_terminal_it_takes_yes(self, project: Project) -> None:
        standing(project, "running")
        done = typed(project, "cancel")

        assert done.code == 1
        assert f"Next: jobs cancel {job_id(1)} -s dev --yes" in done.err
        assert project.service.calls == []

    @pytest.mark.usefixtures("asked")
    @pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
    def test_on_a_terminal_somebody_is_asked(self, project: Project, answer: str, code: int) -> None:
        standing(project, "running")
        done = answering("pause", answer)

        assert done.code == code
        assert project.service.calls == ([f"pause {job_id(1)}"] if code == 0 else [])

    def test_a_spending_limit_is_given_up_by_its_own_flag(self, project: Project) -> None:
        standing(project, "paused", method="reinforcement")
        project.service.told = [LIMIT]

        refused = typed(project, "resume", "--yes")
        assert refused.code == 1
        assert f"Next: jobs resume {job_id(1)} -s dev --yes --without-limit" in refused.err
        assert project.service.calls == []
        done = typed(project, "resume", "--yes", "--without-limit")
        assert done.code == 0
        assert "Resuming takes it away" in done.out

    @pytest.mark.usefixtures("asked")
    def test_or_at_the_question_which_says_so(self, project: Project) -> None:
        standing(project, "paused", method="reinforcement")
        project.service.told = [LIMIT]
        done = answering("resume", "y\n")

        assert done.code == 0
        assert "Resume it whatever it costs?" in done.out

    def test_where_the_events_do_not_say_it_may_have_been_the_limit(self, project: Project) -> None:
        standing(project, "paused", method="reinforcement")

        assert typed(project, "resume", "--yes").code == 1
        assert "do not say why" in typed(project, "resume", "--yes", "--without-limit").out


class TestWhoseRun:
    def test_a_job_of_others_is_not_touched(self, project: Project) -> None:
        project.service.all_jobs = [job(1, "running", SUFFIX)]
        done = typed(project, "cancel", "--yes", name=job_id(1))

        assert done.code == 1
        assert f"{job_id(1)} is no run of stack dev" in done.err
        assert project.service.calls == []

    def test_nor_is_one_that_only_may_be_the_stack_s_own(self, project: Project) -> None:
        """The answer to its submission was lost, and another stack may have asked for the same."""
        keep(project, journal(attempt(submitting=("2026-11-20T09:00:00Z",))))
        project.service.all_jobs = [job(1, "running", SUFFIX)]
        done = typed(project, "cancel", "--yes")

        assert done.code == 1
        assert f"{job_id(1)} may be another stack's" in done.err
        assert "Next: jobs run clippy -s dev" in done.err
        assert project.service.calls == []

    def test_of_several_runs_under_way_one_is_to_be_named(self, project: Project) -> None:
        keep(project, journal(attempt(1)), journal(attempt(2, key=OTHER_KEY), key=OTHER_KEY))
        project.service.all_jobs = [job(1, "running"), job(2, "running")]
        done = typed(project, "cancel", "--yes")

        assert done.code == 2
        assert job_id(1) in done.err
        assert job_id(2) in done.err

    def test_a_run_without_a_job(self, project: Project) -> None:
        keep(project, journal())
        done = typed(project, "cancel", "--yes")

        assert done.code == 1
        assert "no job yet" in done.err

    def test_a_model_that_was_never_trained(self, project: Project) -> None:
        done = typed(project, "pause", "--yes")

        assert done.code == 1
        assert "Next: jobs run clippy -s dev" in done.err

    def test_a_job_that_is_gone(self, project: Project) -> None:
        keep(project, journal(attempt(1, "running")))
        done = typed(project, "pause", "--yes")

        assert done.code == 1
        assert "no such job any more" in done.err


class TestTheService:
    def test_a_lost_answer_is_looked_up(self, project: Project) -> None:
        standing(project, "running", "pausing")
        project.service.change_error = Unsettled("lost")
        project.service.change_takes_effect = True
        done = typed(project, "pause", "--yes")

        assert done.code == 0
        assert f"{job_id(1)} is pausing" in done.out
        assert project.service.calls == [f"pause {job_id(1)}"]

    def test_a_lost_one_without_effect_ends_with_the_command(self, project: Project) -> None:
        standing(project, "running")
        project.service.change_error = Unsettled("lost")
        done = typed(project, "pause", "--yes")

        assert done.code == 3
        assert f"Next: jobs pause {job_id(1)} -s dev" in done.err

    def test_its_refusal_says_what_it_is(self, project: Project) -> None:
        standing(project, "running")
        error = ServiceRefused("x", details=["Not now."], status=400, code="unexpectedEntityState", request_id="r1")
        project.service.change_error = error
        done = typed(project, "pause", "--yes")

        assert done.code == 1
        for words in ("made a step", "Not now.", "unexpectedEntityState", "r1"):
            assert words in done.err


class TestWaiting:
    def test_until_the_checkpoint_is_there(self, project: Project) -> None:
        standing(project, "running", "pausing", "paused")
        done = typed(project, "pause", "--yes", "--wait")

        assert done.code == 0
        assert f"{job_id(1)} is paused" in done.out
        assert done.out.splitlines()[-1] == f"Next: jobs resume {job_id(1)} -s dev"

    def test_the_deadline_ends_with_the_command(self, project: Project) -> None:
        standing(project, "running", "pausing")
        done = typed(project, "pause", "--yes", "--wait", "--deadline", "1m")

        assert done.code == 3
        assert f"Next: jobs pause {job_id(1)} -s dev --wait --deadline 1m --yes" in done.err


def test_a_run_that_made_a_model_is_to_be_recorded(project: Project) -> None:
    keep(project, journal(attempt(1)))
    made = replace(job(1, "succeeded", SUFFIX), fine_tuned_model=model_id(1, SUFFIX))
    project.service.all_jobs, project.service.script = [made], ["succeeded"]
    done = typed(project, "cancel", "--yes")

    assert done.code == 1
    assert "Next: jobs record clippy -s dev" in done.err
    assert JobStatus.parse("succeeded") == made.status
