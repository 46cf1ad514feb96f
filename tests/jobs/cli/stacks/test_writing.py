"""Where records go: a patch instead of the file, or a commit of it; by the verbs that write."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from jobs.stacks.folder_lock import Waiting
from jobs.stacks.stack_file import read_releases
from tests.jobs.cli.conftest import STACK_FILE, Project
from tests.jobs.doubles import HandClock

RUN = ("run", "clippy", "-s", "dev", "--yes")


def _git(folder: Path, *words: str, stdin: bytes | None = None) -> str:
    done = subprocess.run(["git", *words], cwd=folder, input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.fixture
def committed(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project as a repository, everything in it committed but the outputs."""
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    (project.folder / "gitconfig").write_text("[user]\n  name = Ada\n  email = ada@contoso.com\n")
    _git(project.folder, "init", "-q")
    _git(project.folder, "add", "Pulumi.yaml", "environments", "models")
    _git(project.folder, "commit", "-qm", "begin")
    return project


class TestPatch:
    def test_a_run_ends_in_a_patch_that_git_takes(self, committed: Project) -> None:
        """On standard output alone; the file is as it was, and the next command knows of no candidate."""
        done = committed.jobs(*RUN, "--output", "patch")

        assert done.code == 0
        assert done.out.startswith("--- a/environments/Pulumi.dev.yaml\n+++ b/environments/Pulumi.dev.yaml\n@@ ")
        assert committed.stack_file.read_text() == STACK_FILE
        assert "goes into a patch of" in done.err
        assert "recorded in" not in done.err
        assert "Pulumi.dev.yaml is as it was; the patch has what is to be recorded" in done.err
        # An up would bring up what the file has.
        assert "git apply takes it" in done.err.splitlines()[-1]
        _git(committed.folder, "apply", "-", stdin=done.out.encode())
        candidate = committed.releases().candidate
        assert candidate is not None
        assert candidate.model_id in done.out

    def test_a_run_that_is_recorded_makes_no_patch(self, committed: Project) -> None:
        committed.jobs(*RUN)
        done = committed.jobs(*RUN, "--output", "patch")

        assert (done.code, done.out) == (0, "")
        assert "nothing to do" in done.err

    @pytest.mark.parametrize("move", [("release", "--override", "tried by hand"), ("withdraw",)])
    def test_pointers_move_in_a_patch_too(self, committed: Project, move: tuple[str, ...]) -> None:
        committed.jobs(*RUN)
        committed.up()
        before = committed.stack_file.read_bytes()
        done = committed.jobs(*move, "-s", "dev", "clippy", "--output", "patch")

        assert done.code == 0
        assert committed.stack_file.read_bytes() == before
        _git(committed.folder, "apply", "-", stdin=done.out.encode())
        assert committed.releases().candidate is None

    def test_a_refusal_leaves_standard_output_empty(self, committed: Project) -> None:
        done = committed.jobs("release", "clippy", "-s", "dev", "--output", "patch")

        assert (done.code, done.out) == (1, "")

    def test_the_next_command_writes_as_this_one(self, committed: Project) -> None:
        done = committed.jobs(*RUN, "--no-wait", "--output", "patch")

        assert done.err.splitlines()[-1] == "Next: jobs watch clippy -s dev --output patch"

    def test_a_file_that_cannot_be_written_is_enough(self, committed: Project) -> None:
        committed.stack_file.chmod(0o444)
        done = committed.jobs(*RUN, "--output", "patch")

        assert done.code == 0
        assert "can't be recorded" not in done.err
        assert done.out != ""

    def test_it_goes_with_no_commit(self, committed: Project) -> None:
        done = committed.jobs(*RUN, "--output", "patch", "--commit")

        assert done.code == 2
        assert committed.service.calls == []


class TestBeforeMoneyIsSpent:
    def test_a_file_that_cannot_be_written_is_said(self, project: Project) -> None:
        """The run goes on: the file may be writable by then."""
        project.stack_file.chmod(0o444)
        done = project.jobs(*RUN, "--no-wait")

        assert done.code == 0
        assert "Pulumi.dev.yaml: is read-only; as things stand the model can't be recorded there" in done.err
        assert "--output patch" in done.err

    def test_a_commit_that_could_not_be_made_is_refused(self, committed: Project) -> None:
        (committed.folder / "Pulumi.yaml").write_text("name: other\nstackConfigDir: environments\n")
        done = committed.jobs(*RUN, "--commit")

        assert done.code == 1
        assert "Pulumi.yaml" in done.err
        assert "Next: git stash" in done.err
        assert not [call for call in committed.service.calls if call.startswith("submit")]


class TestCommit:
    def test_a_run_ends_in_a_commit_of_that_file_alone(self, committed: Project) -> None:
        (committed.folder / "notes.txt").write_text("git doesn't know me\n")
        done = committed.jobs(*RUN, "--commit")
        candidate = committed.releases().candidate

        assert done.code == 0
        assert candidate is not None
        assert f"clippy: committed as {_git(committed.folder, 'rev-parse', '--short', 'HEAD').strip()}" in done.out
        assert _git(committed.folder, "show", "--name-only", "--format=").split() == ["environments/Pulumi.dev.yaml"]
        said = _git(committed.folder, "log", "-1", "--format=%B")
        assert said.splitlines()[0] == f"clippy: record run {candidate.run_key[:8]} as candidate (dev)"
        assert f"Job: {candidate.job_id}" in said
        assert _git(committed.folder, "status", "--porcelain", "--untracked-files=no") == ""

    def test_each_move_is_a_commit(self, committed: Project) -> None:
        committed.jobs(*RUN, "--commit")
        committed.up()
        release = ("release", "clippy", "-s", "dev", "--override", "tried by hand", "--commit")
        committed.jobs(*release)
        done = committed.jobs(*release)

        assert done.code == 0
        subjects = _git(committed.folder, "log", "--format=%s").splitlines()
        assert [subject.split(" run ")[0] for subject in subjects] == ["clippy: release", "clippy: record", "begin"]

    def test_a_file_that_has_changes_is_refused_with_the_commit_that_is_missing(self, committed: Project) -> None:
        committed.jobs(*RUN)
        done = committed.jobs("withdraw", "clippy", "-s", "dev", "--commit")

        assert done.code == 1
        assert f"Next: git commit -- {committed.stack_file}" in done.err
        assert committed.releases().candidate is not None

    def test_a_record_that_was_written_and_never_committed_is_found_by_the_same_command(
        self, committed: Project
    ) -> None:
        """As a kill between the two leaves it."""
        committed.jobs(*RUN)
        done = committed.jobs(*RUN, "--commit")

        assert done.code == 1
        assert f"Next: git commit -- {committed.stack_file}" in done.err
        _git(committed.folder, "commit", "-qam", "by hand")
        assert committed.jobs(*RUN, "--commit").code == 0

    def test_staged_changes_are_refused_too(self, committed: Project) -> None:
        committed.jobs(*RUN, "--commit")
        (committed.folder / "staged.txt").write_text("a\n")
        _git(committed.folder, "add", "staged.txt")
        done = committed.jobs("withdraw", "clippy", "-s", "dev", "--commit")

        assert done.code == 1
        assert "A  staged.txt" in done.err

    def test_a_merge_under_way_is_refused(self, committed: Project) -> None:
        committed.jobs(*RUN, "--commit")
        (committed.folder / ".git" / "MERGE_HEAD").write_text(_git(committed.folder, "rev-parse", "HEAD"))

        assert "in the middle of a merge" in committed.jobs("withdraw", "clippy", "-s", "dev", "--commit").err

    def test_without_a_repository_it_is_refused(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.folder.parent))
        done = project.jobs(*RUN, "--commit")

        assert done.code == 1
        assert "in no git repository" in done.err

    @pytest.mark.parametrize(("ignored", "words"), [(False, "was never committed"), (True, "git ignores")])
    def test_a_file_that_git_does_not_know_is_refused(self, committed: Project, ignored: bool, words: str) -> None:
        _git(committed.folder, "rm", "-q", "--cached", "environments/Pulumi.dev.yaml")
        (committed.folder / ".git" / "info" / "exclude").write_text("Pulumi.*.yaml\n" if ignored else "")

        assert words in committed.jobs(*RUN, "--commit").err

    def test_nobody_to_commit_as_is_refused_before(self, committed: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        (committed.folder / "gitconfig").write_text("[user]\n  useConfigOnly = true\n  name = Ada\n")
        for role in ("AUTHOR", "COMMITTER"):
            monkeypatch.delenv(f"GIT_{role}_EMAIL", raising=False)
        monkeypatch.delenv("EMAIL", raising=False)
        done = committed.jobs(*RUN, "--commit")

        assert done.code == 1
        assert "git doesn't know who commits" in done.err

    def test_another_git_that_holds_the_index_is_waited_for(
        self, committed: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Editors look at the tree whenever they like."""
        committed.jobs(*RUN, "--commit")
        lock = committed.folder / ".git" / "index.lock"
        monkeypatch.setattr(
            "jobs.cli.stacks.writing.Writing._waiting", lambda _: Waiting(clock=HandClock(before_sleep=lock.unlink))
        )
        lock.touch()
        done = committed.jobs("withdraw", "clippy", "-s", "dev", "--commit")

        assert done.code == 0
        assert committed.releases().candidate is None
        assert _git(committed.folder, "status", "--porcelain", "--untracked-files=no") == ""

    def test_a_hook_that_refuses_is_told_and_the_record_stands(self, committed: Project) -> None:
        committed.jobs(*RUN, "--commit")
        hook = committed.folder / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\necho no tickets >&2\nexit 1\n")
        hook.chmod(0o755)
        done = committed.jobs("withdraw", "clippy", "-s", "dev", "--commit")

        assert done.code == 1
        assert "has the record, and git did not commit it: no tickets" in done.err
        assert read_releases(committed.stack_file)["clippy"].candidate is None
