"""A command of the user's own is told how a run has ended."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from jobs.cli.asked import Asked
from jobs.cli.notice import Notice, command_of, notify
from jobs.errors import DeadlinePassed, Refused, RunFailed, RunPaused, Unavailable, Usage

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
