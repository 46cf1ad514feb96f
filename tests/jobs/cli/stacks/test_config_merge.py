"""git and stack files: merge, rebase and cherry-pick with the driver, and without it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contract.release import Releases
from jobs.cli.app import app
from jobs.stacks.merge_driver import NAME
from jobs.stacks.stack_file import read_releases, update_releases
from tests.jobs.stacks.branches import STATES, made, records, releases_it

BEGINNING = "config:\n  tuned-models:storage: {name: x}   # by hand\n"


@dataclass
class Repository:
    """One with a stack file, committed on `main`, whose attributes name the driver."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "environments" / "Pulumi.dev.yaml"

    def git(self, *words: str, fails: bool = False) -> str:
        done = subprocess.run(["git", *words], cwd=self.folder, capture_output=True, text=True, check=False)
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def commit(self, branch: str, of: str, **models: Releases) -> None:
        """On a new branch."""
        self.git("checkout", "-q", "-b", branch, of)
        self.record(models)
        self.git("commit", "-qam", f"{branch} records")

    def record(self, models: dict[str, Releases]) -> None:
        update_releases(self.path, lambda found: found | models)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@contoso.com")
    # Each merge starts the driver: with what is compiled already.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    repository = Repository(tmp_path)
    repository.path.parent.mkdir()
    repository.path.write_text(BEGINNING)
    (tmp_path / "Pulumi.yaml").write_text("name: tuned-models\nstackConfigDir: environments\n")
    (tmp_path / ".gitattributes").write_text(f"environments/Pulumi.*.yaml merge={NAME}\n")
    repository.git("init", "-q", "-b", "main")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "begin")
    monkeypatch.chdir(tmp_path)
    return repository


@pytest.fixture
def driven(repository: Repository) -> Repository:
    """With the driver installed."""
    done = CliRunner().invoke(app, ["config", "install-merge-driver"])
    assert done.exit_code == 0, done.output
    return repository


ALPHA, BETA = Releases(candidate=made("a", "alpha")), Releases(candidate=made("b", "beta"))


def test_two_teams_first_records_merge_rebase_and_pick(driven: Repository) -> None:
    driven.commit("alpha", "main", alpha=ALPHA)
    driven.commit("beta", "main", beta=BETA)
    driven.git("checkout", "-q", "-b", "merged", "alpha")
    driven.git("merge", "-q", "--no-edit", "beta")
    merged = driven.path.read_text()

    assert read_releases(driven.path) == {"alpha": ALPHA, "beta": BETA}
    assert merged.startswith(BEGINNING)
    driven.git("checkout", "-q", "-b", "picked", "alpha")
    driven.git("cherry-pick", "beta")
    assert driven.path.read_text() == merged
    driven.git("checkout", "-q", "beta")
    driven.git("rebase", "-q", "alpha")
    assert driven.path.read_text() == merged


def test_what_only_a_person_can_decide_is_left_to_one_in_words(driven: Repository) -> None:
    base = STATES["live"]
    driven.record({"clippy": base})
    driven.git("commit", "-qam", "live")
    driven.commit("x", "main", clippy=records("X")(base))
    driven.commit("y", "main", clippy=records("Y")(base))
    said = driven.git("merge", "x", fails=True)

    assert "environments/Pulumi.dev.yaml: clippy: both have put another model in the role candidate: ours " in said
    assert driven.git("diff", "--name-only", "--diff-filter=U").split() == ["environments/Pulumi.dev.yaml"]
    text = driven.path.read_text()
    assert text.count("<<<<<<< ours\n") == text.count("=======\n") == text.count(">>>>>>> theirs\n") == 1
    assert CliRunner().invoke(app, ["config", "check"]).exit_code == 1


def test_without_the_driver_git_merges_as_text(repository: Repository) -> None:
    """Other models that stand between keep two records apart; the attribute alone does no harm."""
    repository.record({"beta": BETA, "delta": Releases(live=made("d", "delta"))})
    repository.git("commit", "-qam", "some")
    gamma = Releases(candidate=made("g", "gamma"))
    repository.commit("alpha", "main", alpha=ALPHA)
    repository.commit("gamma", "main", gamma=gamma)
    repository.git("merge", "-q", "--no-edit", "alpha")

    assert list(read_releases(repository.path)) == ["alpha", "beta", "delta", "gamma"]


def test_a_candidate_of_one_model_and_the_release_of_another_merge_as_text(repository: Repository) -> None:
    clippy = STATES["both"]
    repository.record({"beta": BETA, "clippy": clippy})
    repository.git("commit", "-qam", "some")
    repository.commit("one", "main", beta=records("Z")(BETA))
    repository.commit("other", "main", clippy=releases_it(clippy))
    repository.git("merge", "-q", "--no-edit", "one")

    assert read_releases(repository.path) == {"beta": records("Z")(BETA), "clippy": releases_it(clippy)}


def test_a_conflict_that_git_made_is_merged_anew_once_the_driver_is_there(repository: Repository) -> None:
    """What the refusal of a file with conflicts says."""
    repository.commit("alpha", "main", alpha=ALPHA)
    repository.commit("beta", "main", beta=BETA)
    repository.git("merge", "alpha", fails=True)
    assert CliRunner().invoke(app, ["config", "install-merge-driver"]).exit_code == 0
    repository.git("checkout", "-m", "--", "environments/Pulumi.dev.yaml")

    assert read_releases(repository.path) == {"alpha": ALPHA, "beta": BETA}


def test_a_driver_that_is_gone_leaves_the_merge_to_git(driven: Repository) -> None:
    """To git it would be a conflict else, in a file that has one side alone and no markers."""
    driver = driven.git("config", f"merge.{NAME}.driver").replace(sys.executable, "/nowhere/python").rstrip("\n")
    driven.git("config", f"merge.{NAME}.driver", driver)
    driven.record({"beta": BETA})
    driven.git("commit", "-qam", "some")
    driven.commit("alpha", "main", alpha=ALPHA)
    driven.commit("x", "main", beta=records("X")(BETA))
    driven.commit("y", "main", beta=records("Y")(BETA))
    driven.git("merge", "-q", "--no-edit", "alpha")

    assert list(read_releases(driven.path)) == ["alpha", "beta"]
    driven.git("merge", "x", fails=True)
    assert "<<<<<<< ours\n" in driven.path.read_text()


class TestInstalling:
    def test_twice_is_as_once(self, driven: Repository) -> None:
        before = driven.git("config", "--local", "--list")

        assert CliRunner().invoke(app, ["config", "install-merge-driver"]).exit_code == 0
        assert driven.git("config", "--local", "--list") == before

    def test_a_missing_attribute_is_named_with_the_line_to_add(self, repository: Repository) -> None:
        (repository.folder / ".gitattributes").write_text("*.md text\n")
        done = CliRunner().invoke(app, ["config", "install-merge-driver"])

        assert done.exit_code == 1
        assert f"environments/Pulumi.*.yaml merge={NAME}" in done.stderr

    def test_without_a_repository_it_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        done = CliRunner().invoke(app, ["config", "install-merge-driver", "--project", str(tmp_path)])

        assert done.exit_code == 1
        assert "in no git repository" in done.stderr


def test_a_version_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["config", "merge", *(str(tmp_path / name) for name in "oab")])

    assert done.exit_code == 1
    assert f"{tmp_path / 'o'}: No such file" in done.stderr
