"""What stands on the command line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from jobs.cli.app import app
from jobs.cli.asked import Asked, duration
from jobs.errors import Usage

VERBS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # It is a group.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("24h", timedelta(hours=24)),
        ("1.5h", timedelta(minutes=90)),
        ("2D", timedelta(days=2)),
    ],
)
def test_durations(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "24", "h", "0h", "-1h", "1w", "24 h later", "1e3s", "nan", "9999999d", "9" * 400 + "d"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(Usage):
        duration(text)


@pytest.mark.parametrize("verb", [name for name, command in VERBS.items() if not hasattr(command, "commands")])
def test_a_command_to_type_next_repeats_the_options_that_its_verb_knows(verb: str) -> None:
    given = {"--models": "m", "--outputs": "o", "--project": "p", "--notify": "n"}
    known = {option for parameter in VERBS[verb].params for option in parameter.opts}
    asked = Asked("dev", models=Path("m"), outputs=Path("o"), project=Path("p"), notify="n")

    repeated = asked.complete(f"jobs {verb} -s dev").split()[4:]
    assert dict(zip(repeated[::2], repeated[1::2], strict=True)) == (
        {option: value for option, value in given.items() if option in known}
    )


def test_models_are_the_projects_unless_named() -> None:
    assert Asked("dev").models_folder == Path("models")
    assert Asked("dev", project=Path("p")).models_folder == Path("p/models")
    assert Asked("dev", project=Path("p"), models=Path("m")).models_folder == Path("m")


def test_a_command_gets_the_options_that_its_verb_knows() -> None:
    asked = Asked("dev", project=Path("the project"), models=Path("m"), outputs=Path("o.json"))

    assert asked.command("watch", "clippy") == (
        "jobs watch clippy -s dev --models m --outputs o.json --project 'the project'"
    )
    assert asked.command("release", "clippy") == "jobs release clippy -s dev --outputs o.json --project 'the project'"
    assert asked.check_command("clippy") == "jobs check clippy --models m --project 'the project'"
    assert asked.check_command("clippy", with_stack=True) == (
        "jobs check clippy -s dev --models m --outputs o.json --project 'the project'"
    )
    assert asked.complete("jobs withdraw clippy -s dev") == "jobs withdraw clippy -s dev --project 'the project'"
    assert asked.complete("pulumi up -s dev") == asked.up
    assert asked.complete("chmod u+w x.yaml") == "chmod u+w x.yaml"


def test_completing_twice_is_as_once() -> None:
    asked = Asked("dev", outputs=Path("o.json"))
    once = asked.complete("jobs run clippy -s dev --new")

    assert once == "jobs run clippy -s dev --new --outputs o.json"
    assert asked.complete(once) == once


def test_what_the_environment_says_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBS_OUTPUTS", "outputs")

    assert Asked("dev", outputs=Path("outputs")).command("status", None) == "jobs status -s dev"


def test_the_up_is_made_in_the_project() -> None:
    assert Asked("dev").up == "pulumi up -s dev"
    assert Asked("o/p/dev", project=Path("the project")).up == "pulumi up -s o/p/dev -C 'the project'"
