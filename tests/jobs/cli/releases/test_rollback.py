"""`jobs rollback` and `jobs release --override` on the command line."""

from __future__ import annotations

import subprocess
from functools import partial

import pytest

from contract.release import Releases
from jobs.stacks.stack_file import write_releases
from tests.jobs.cli.conftest import Project
from tests.jobs.releases.outputs import GLOBAL, made, served
from tests.jobs.specimens import model_mapping

RELEASE = ("release", "clippy", "-s", "dev")
ROLLBACK = ("rollback", "clippy", "-s", "dev")


def _twice_released(project: Project) -> tuple[str, str]:
    """The model that was live first, and the one that is now; both stand."""
    former = made("1").model_copy(update={"served_with": GLOBAL})
    write_releases(project.stack_file, {"clippy": Releases(live=made("2"), previous=(former,))})
    project.has_outputs(clippy=model_mapping(live=served("2"), previous=[served("1")]))
    return made("1").model_id, made("2").model_id


def test_the_former_model_is_live_again_and_the_up_is_named(project: Project) -> None:
    first, second = _twice_released(project)
    done = project.jobs(*ROLLBACK, "--reason", "customers complain")
    releases = project.releases()

    assert (done.code, done.out.splitlines()[-1]) == (0, "Next: pulumi up -s dev")
    assert releases.live is not None
    assert (releases.live.model_id, releases.previous[0].model_id) == (first, second)
    left = releases.previous[0].withdrawal
    assert left is not None
    assert (left.kind, left.by, left.reason) == ("rolledBack", "Ada", "customers complain")
    # All else that people wrote stays.
    assert project.stack_file.read_text().startswith("# What dev is made of.\n")


def test_twice_before_an_up_is_as_once(project: Project) -> None:
    _twice_released(project)
    project.jobs(*ROLLBACK, "--reason", "customers complain")
    before = project.stack_file.read_bytes()
    done = project.jobs(*ROLLBACK)

    assert done.code == 0
    assert "customers complain" in done.out
    assert done.out.splitlines()[-1] == "Next: pulumi up -s dev"
    assert project.stack_file.read_bytes() == before


def test_a_rolled_back_model_is_released_again_by_its_name(project: Project) -> None:
    _, second = _twice_released(project)
    project.jobs(*ROLLBACK)
    project.up()
    assert project.jobs(*ROLLBACK).code == 1
    done = project.jobs(*ROLLBACK, "--to", second)
    live = project.releases().live

    assert done.code == 0
    assert live is not None
    assert live.model_id == second


def test_what_records_nothing_has_nothing_to_roll_back(project: Project) -> None:
    assert project.jobs(*ROLLBACK).code == 1


def test_a_commit_says_what_was_left_and_why(project: Project) -> None:
    first, second = _twice_released(project)
    git = partial(subprocess.run, cwd=project.folder, check=True, capture_output=True, text=True)
    for words in (("init", "-q"), ("config", "user.email", "ada@contoso.example"), ("add", "environments")):
        git(["git", *words])
    git(["git", "commit", "-qm", "begin"])
    assert project.jobs(*ROLLBACK, "--reason", "customers complain", "--commit").code == 0
    said = git(["git", "log", "-1", "--format=%B"]).stdout

    assert said.startswith("clippy: roll back to run ")
    assert f"Model: {first}" in said
    assert f"Until then: {second}" in said
    assert "Rolled back by Ada: customers complain" in said


def test_an_override_stands_in_the_record_with_who_and_why(project: Project) -> None:
    write_releases(project.stack_file, {"clippy": Releases(candidate=made("1", evaluation=None))})
    project.up()
    refused = project.jobs(*RELEASE)
    done = project.jobs(*RELEASE, "--override", "the old one is worse")
    live = project.releases().live

    assert (refused.code, refused.err.splitlines()[-1]) == (1, "Next: jobs evaluate clippy -s dev")
    assert done.code == 0
    assert live is not None
    assert live.override is not None
    assert (live.override.by, live.override.reason) == ("Ada", "the old one is worse")


def test_an_override_wants_a_reason(project: Project) -> None:
    write_releases(project.stack_file, {"clippy": Releases(candidate=made("1", evaluation=None))})
    project.up()

    assert project.jobs(*RELEASE, "--override", " ").code == 2
    assert project.releases().live is None


@pytest.mark.parametrize(
    ("verb", "option"), [("rollback", "--reason"), ("withdraw", "--reason"), ("release", "--override")]
)
def test_no_reason_is_a_mistake_of_the_command_line(project: Project, verb: str, option: str) -> None:
    _twice_released(project)
    done = project.jobs(verb, "clippy", "-s", "dev", option, " ")

    assert (done.code, f"{option} wants a reason" in done.err) == (2, True)


def test_a_reason_is_recorded_on_one_line_without_what_a_terminal_would_obey(project: Project) -> None:
    _twice_released(project)
    project.jobs(*ROLLBACK, "--reason", "bad\nerror: \x1b[31m\u202eanswers")
    left = project.releases().previous[0].withdrawal

    assert left is not None
    assert left.reason == "bad error: \\x1b[31m\\u202eanswers"
