"""Commands to type next can be typed as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.cli.program import typed


@pytest.mark.parametrize(
    ("program", "command"),
    [
        (".venv/bin/jobs", ".venv/bin/jobs run clippy -s dev"),
        ("/home/ada/models/.venv/bin/jobs", ".venv/bin/jobs run clippy -s dev"),
        ("/opt/tuned models/jobs", "'/opt/tuned models/jobs' run clippy -s dev"),
        ("/home/ada/models/jobs", "./jobs run clippy -s dev"),
        ("/home/ada/models/jobs/__main__.py", "python -m jobs run clippy -s dev"),
        ("/usr/bin/pytest", "jobs run clippy -s dev"),
    ],
)
def test_a_command_of_ours_begins_as_this_one_was_typed(program: str, command: str) -> None:
    assert typed("jobs run clippy -s dev", program, Path("/home/ada/models")) == command


def test_other_commands_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOBS_UP", raising=False)
    assert typed("pulumi up -s dev", ".venv/bin/jobs", Path("/")) == "pulumi up -s dev"


def test_a_teams_own_way_of_bringing_stacks_up_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """JOBS_UP stands in for `pulumi up`; the rest of the command is the same."""
    monkeypatch.setenv("JOBS_UP", "make up")

    assert typed("pulumi up -s dev") == "make up -s dev"
