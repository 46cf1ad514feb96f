"""A command of the user's own is told how a run has ended."""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from jobs.cli.asked import Asked
from jobs.cli.training.notice import Notice, Telling, command_of, notify
from jobs.errors import DeadlinePassed, Refused, RunFailed, RunPaused, ServiceRefused, Unavailable, Usage
from tests.checkout import ROOT
from tests.jobs.cli.conftest import Project

RUN = ("run", "clippy", "-s", "dev", "--yes")

NOTICE = Notice("clippy", "dev", "succeeded", job="ftjob-1", model_id="gpt.ft-1")
SCRIPT = "import json, os, sys; open(sys.argv[1], 'w').write(json.dumps([sys.argv[2:], dict(os.environ)]))"


def test_what_happened_is_in_its_environment_beside_the_users_own_and_not_in_its_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_WEBHOOK", "https://chat.example/1")
    monkeypatch.setenv("JOBS_OUTCOME", "of an outer one")
    told = tmp_path / "told.json"
    notify((sys.executable, "-c", SCRIPT, str(told), "a b"), NOTICE)
    arguments, environment = json.loads(told.read_text())

    assert arguments == ["a b"]
    ours = {name: value for name, value in environment.items() if name.startswith("JOBS_")}
    assert ours == {
        "JOBS_MODEL": "clippy",
        "JOBS_STACK": "dev",
        "JOBS_OUTCOME": "succeeded",
        "JOBS_EXIT_CODE": "0",
        "JOBS_JOB": "ftjob-1",
        "JOBS_MODEL_ID": "gpt.ft-1",
        "JOBS_MESSAGE": "",
        "JOBS_NEXT": "",
    }
    # What an interpreter sets for itself when it starts.
    assert set(environment) - set(ours) <= set(os.environ) | {"LC_CTYPE"}
    assert environment["CHAT_WEBHOOK"] == "https://chat.example/1"


@pytest.mark.parametrize(
    ("error", "outcome", "code"),
    [
        (RunFailed("the run failed", run="ftjob-1"), "failed", 3),
        (RunPaused("it is paused", run="ftjob-1"), "paused", 1),
        (DeadlinePassed("too late", run="ftjob-1"), "deadline", 3),
        (Refused("not agreed to"), "refused", 1),
        (Unavailable("no route", details=["three"]), "error", 3),
        (OSError("disk full"), "error", 1),
    ],
)
def test_each_end_has_a_word(error: Exception, outcome: str, code: int) -> None:
    notice = Notice.of_error("clippy", "dev", error, Asked("dev"))

    assert (notice.outcome, notice.exit_code) == (outcome, code)
    assert notice.job == (getattr(error, "run", None) or "")
    assert notice.message.startswith(str(getattr(error, "what", error)))


def test_the_command_to_go_on_is_told_as_it_is_typed() -> None:
    error = DeadlinePassed("too late", next_command="jobs watch clippy -s dev")

    assert Notice.of_error("clippy", "dev", error, Asked("dev", models=Path("m"))).next_command.endswith(
        "watch clippy -s dev --models m"
    )


def test_words_are_taken_apart_as_a_shell_would_and_nothing_else_of_one_is_done() -> None:
    assert command_of("sh -c 'echo \"$JOBS_MODEL\" > x; ls *'") == ("sh", "-c", 'echo "$JOBS_MODEL" > x; ls *')
    assert command_of("sh $HOME *.txt ; ls") == ("sh", "$HOME", "*.txt", ";", "ls")


@pytest.mark.parametrize("text", ["", "  ", "sh 'open", "/no/such/program at all", "no-such-program-anywhere"])
def test_what_cannot_be_started_is_said_before_anything_begins(text: str) -> None:
    with pytest.raises(Usage, match="--notify"):
        command_of(text)


def test_one_that_ends_badly_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    notify(("sh", "-c", "echo said; exit 7"), NOTICE)
    out, err = capfd.readouterr()

    assert out == ""
    assert err.splitlines() == ["said", "jobs: the command of --notify, sh, ended with 7"]


def test_one_that_is_gone_by_then_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    notify(("/no/such/program",), NOTICE)

    assert "could not be run: No such file" in capfd.readouterr().err


def test_one_that_takes_too_long_is_ended_with_what_it_has_started(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    notify(("sh", "-c", f"sleep 60 & echo $! > {tmp_path / 'child'}; wait"), NOTICE, patience=0.2)

    assert time.monotonic() - began < 10
    assert "took more than 0 s, and was ended" in capfd.readouterr().err
    child = Path(f"/proc/{(tmp_path / 'child').read_text().strip()}/cmdline")
    while child.exists() and b"sleep" in child.read_bytes():
        assert time.monotonic() - began < 10


def test_the_example_of_the_documentation_tells_a_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    section = (ROOT / "docs" / "jobs.md").read_text().partition("## Being told")[2]
    script = section.partition("```python\n")[2].partition("```")[0]
    sent: list[urllib.request.Request] = []
    monkeypatch.setattr(urllib.request, "urlopen", lambda request, **_: sent.append(request))
    for name, value in (NOTICE.variables() | {"CHAT_WEBHOOK": "https://chat.example/1"}).items():
        monkeypatch.setenv(name, value)
    exec(script, {})  # noqa: S102 - it is our own

    (request,) = sent
    assert request.full_url == "https://chat.example/1"
    assert isinstance(request.data, bytes)
    assert json.loads(request.data) == {"text": "clippy on dev: succeeded gpt.ft-1\n"}


class TestOfAVerb:
    """What is told at the end of one."""

    @pytest.fixture(autouse=True)
    def caught(self, monkeypatch: pytest.MonkeyPatch) -> list[Notice]:
        found: list[Notice] = []
        monkeypatch.setattr("jobs.cli.training.notice.notify", lambda _, notice: found.append(notice))
        return found

    def test_a_run_that_was_recorded_then_and_before(self, project: Project, caught: list[Notice]) -> None:
        first = project.jobs(*RUN, "--notify", "true")
        again = project.jobs(*RUN, "--notify", "true")
        watched = project.jobs("watch", "clippy", "-s", "dev", "--notify", "true")

        assert (first.code, again.code, watched.code) == (0, 0, 0)
        candidate = project.releases().candidate
        assert candidate is not None
        assert caught == [Notice("clippy", "dev", "succeeded", job=candidate.job_id, model_id=candidate.model_id)] * 3

    def test_a_run_that_failed(self, project: Project, caught: list[Notice]) -> None:
        project.service.script = ["failed"]
        project.service.failure = ("contentFilter", "harm")
        done = project.jobs(*RUN, "--notify", "true")

        (notice,) = caught
        assert (done.code, notice.outcome, notice.exit_code) == (3, "failed", 3)
        assert notice.job.startswith("ftjob-")
        assert notice.message == "the run failed\nharm"
        assert notice.next_command in done.err

    def test_a_deadline_with_the_command_to_go_on_which_tells_too(self, project: Project, caught: list[Notice]) -> None:
        project.service.script = ["running"]
        done = project.jobs(*RUN, "--deadline", "30m", "--notify", "sh -c true")

        (notice,) = caught
        assert (done.code, notice.outcome) == (3, "deadline")
        assert notice.next_command.endswith("watch clippy -s dev --notify 'sh -c true'")
        assert f"Next: {notice.next_command}" in done.err

    def test_trouble_with_the_cloud_with_the_command_to_type_again(
        self, project: Project, caught: list[Notice], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(_: object) -> None:
            raise ServiceRefused("nobody is let in", details=["Bearer eyJhbGciOiJIUzI1NiJ9.e30.x"], status=401)

        monkeypatch.setattr(type(project.service), "files", away)
        done = project.jobs(*RUN, "--notify", "true")

        (notice,) = caught
        assert (done.code, notice.outcome) == (3, "error")
        assert notice.next_command == "jobs run clippy -s dev --notify true"
        assert f"Next: {notice.next_command}" in done.err
        assert "eyJ" not in notice.message

    def test_a_result_that_could_not_be_written_in_the_end(self, caught: list[Notice]) -> None:
        telling = Telling(Asked("dev"), "clippy", "")
        telling.by("true")
        telling._notice = NOTICE
        with pytest.raises(typer.Exit), telling:
            raise typer.Exit(1)

        assert caught == [replace(NOTICE, outcome="refused", exit_code=1)]

    def test_a_paused_one(self, project: Project, caught: list[Notice]) -> None:
        project.service.script = ["paused"]

        assert project.jobs(*RUN, "--notify", "true").code == 1
        assert [notice.outcome for notice in caught] == ["paused"]

    def test_a_run_that_is_refused(self, project: Project, caught: list[Notice]) -> None:
        project.tune_yaml("base: nobody\n")

        assert project.jobs(*RUN, "--notify", "true").code == 1
        assert [(notice.outcome, notice.job) for notice in caught] == [("refused", "")]

    def test_nobody_where_it_was_interrupted_or_goes_on(self, project: Project, caught: list[Notice]) -> None:
        def interrupt() -> None:
            raise KeyboardInterrupt

        assert project.jobs(*RUN, "--no-wait", "--notify", "true").code == 0
        project.clock.before_sleep = interrupt
        assert project.jobs(*RUN, "--notify", "true").code == 130
        assert caught == []

    def test_no_such_program_is_said_before_anything_is_spent(self, project: Project, caught: list[Notice]) -> None:
        done = project.jobs(*RUN, "--notify", "no-such-program-anywhere")

        assert (done.code, project.service.calls, caught) == (2, [], [])
        assert "no-such-program-anywhere" in done.err
