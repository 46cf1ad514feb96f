"""`jobs rollback` and `jobs release --override` on the command line."""

from __future__ import annotations

import subprocess

from tests.jobs.cli.conftest import Project

RUN = ("run", "clippy", "-s", "dev", "--yes")
RELEASE = ("release", "clippy", "-s", "dev")
ROLLBACK = ("rollback", "clippy", "-s", "dev")


def _twice_released(project: Project) -> tuple[str, str]:
    """The model that was live first, and the one that is now."""
    ids = []
    for again in ((), ("--new",)):
        assert project.jobs(*RUN, *again).code == 0
        project.up()
        project.evaluated()
        assert project.jobs(*RELEASE).code == 0
        project.up()
        live = project.releases().live
        assert live is not None
        ids.append(live.model_id)
    return ids[0], ids[1]


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


def test_a_commit_says_what_was_left_and_why_and_an_override_who_decided(project: Project) -> None:
    for words in (("init", "-q"), ("config", "user.email", "ada@contoso.example"), ("add", "environments")):
        subprocess.run(["git", *words], cwd=project.folder, check=True)
    subprocess.run(["git", "commit", "-qm", "begin"], cwd=project.folder, check=True)
    for new in ((), ("--new",)):
        project.jobs(*RUN, *new, "--commit")
        project.up()
        assert project.jobs(*RELEASE, "--override", "the old one is worse", "--commit").code == 0
        project.up()
    live = project.releases().live
    assert project.jobs(*ROLLBACK, "--reason", "customers complain", "--commit").code == 0
    said = subprocess.run(["git", "log", "--format=%B"], cwd=project.folder, check=True, capture_output=True, text=True)
    back, override, *_ = said.stdout.split("\nclippy: ")

    assert live is not None
    assert back.startswith("clippy: roll back to run ")
    assert f"Until then: {live.model_id}" in back
    assert "Rolled back by Ada: customers complain" in back
    assert override.startswith(f"release run {live.run_key[:8]}, by override (dev)")
    assert "Overridden by Ada: the old one is worse" in override


def test_an_override_wants_a_reason(project: Project) -> None:
    project.jobs(*RUN)
    project.up()

    assert project.jobs(*RELEASE, "--override", " ").code == 2
    assert project.releases().live is None
