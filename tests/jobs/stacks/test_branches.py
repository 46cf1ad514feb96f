"""Every branch that can be seen is read: local, remote-tracking, tagged, stashed, and what is not committed yet."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from jobs.errors import Refused
from jobs.stacks.branches import branches

GIT = ("git", "-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "init.defaultBranch=main")


def git(folder: Path, *words: str) -> None:
    subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True)


def commits(folder: Path, path: str, text: str) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", text)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Somebody else's branch is remote-tracking; one more is merged nowhere; main has moved on."""
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.mkdir()
    git(theirs, "init", "--quiet")
    commits(theirs, "environments/Pulumi.dev.yaml", "first")
    git(theirs, "switch", "--quiet", "--create", "feature")
    commits(theirs, "environments/Pulumi.feature.yaml", "of a feature")
    git(theirs, "switch", "--quiet", "main")
    git(tmp_path, "clone", "--quiet", str(theirs), "ours")
    git(ours, "switch", "--quiet", "--create", "mine")
    commits(ours, "models/clippy/tune.yaml", "of mine, é")
    git(ours, "switch", "--quiet", "main")
    commits(ours, "environments/Pulumi.dev.yaml", "second")
    return ours


def test_all_versions_at_the_tips_of_all_branches_are_seen(project: Path) -> None:
    found = branches(project)

    assert {each.decode() for each in found.contents} == {"first", "second", "of a feature", "of mine, é"}
    assert found.stacks == {"dev", "feature"}
    assert found.looked_at is not None


def test_so_is_what_is_not_committed_or_stashed(project: Path) -> None:
    (project / "environments" / "Pulumi.dev.yaml").write_text("stashed")
    git(project, "stash")
    (project / "environments" / "Pulumi.local.yaml").write_text("not committed")

    found = branches(project)
    assert {b"stashed", b"not committed"} <= set(found.contents)
    assert "local" in found.stacks


def test_every_stash_counts_and_a_file_in_it_that_was_not_tracked(project: Path) -> None:
    (project / "environments" / "Pulumi.new.yaml").write_text("never tracked")
    git(project, "stash", "--include-untracked")
    (project / "environments" / "Pulumi.dev.yaml").write_text("stashed later")
    git(project, "stash")

    found = branches(project)
    assert {b"never tracked", b"stashed later"} <= set(found.contents)
    assert "new" in found.stacks


def test_another_working_tree_may_stand_on_no_branch(project: Path) -> None:
    other = project.with_name("other")
    git(project, "worktree", "add", "--quiet", "--detach", str(other))
    commits(other, "environments/Pulumi.dev.yaml", "on no branch")

    assert b"on no branch" in branches(project).contents


@pytest.mark.parametrize("how", [("--depth", "1"), ("--single-branch",)])
def test_a_clone_of_a_part_is_refused_since_other_branches_may_need_what_it_does_not_name(
    project: Path, how: tuple[str, ...]
) -> None:
    git(project.parent, "clone", "--quiet", *how, f"file://{project}", "part")
    with pytest.raises(Refused) as refused:
        branches(project.with_name("part"))

    command = refused.value.next_command
    assert command is not None
    subprocess.run(command, shell=True, cwd=project.with_name("part"), check=True, capture_output=True)  # noqa: S602 - ours
    assert b"of mine, \xc3\xa9" in branches(project.with_name("part")).contents


def test_a_repository_that_git_does_not_show_is_refused(project: Path) -> None:
    """As where it belongs to somebody else (safe.directory), or is broken."""
    (project / ".git" / "HEAD").unlink()
    with pytest.raises(Refused, match="git shows nothing of the repository"):
        branches(project)


def test_without_git_the_folder_alone_is_seen(tmp_path: Path) -> None:
    commit = tmp_path / "environments" / "Pulumi.dev.yaml"
    commit.parent.mkdir()
    commit.write_text("here")

    found = branches(tmp_path)
    assert (found.contents, found.looked_at) == ((b"here",), None)
    assert found.stacks == {"dev"}


def test_a_branch_that_git_cannot_show_is_refused(project: Path) -> None:
    for objects in (project / ".git" / "objects").glob("??"):
        for each in objects.iterdir():
            each.chmod(0o600)
            each.write_bytes(b"")

    with pytest.raises(Refused, match="git"):
        branches(project)
