"""`jobs history`, on repositories as they come: branches, renames, broken versions, shallow clones, none at all."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contract.release import ReleaseRecord, Releases, Sku
from jobs.releases import pointers
from jobs.stacks.stack_file import write_releases
from tests.contract.specimens import record
from tests.evaluations import passed
from tests.jobs.cli.releases.two_stacks import ACCOUNT, Done, TwoStacks

SKU = Sku(name="GlobalStandard", capacity=50)


def _record(number: int) -> ReleaseRecord:
    hexes = f"{number:032x}"
    model_id = f"gpt-4.1-mini-2025-04-14.ft-{hexes}"
    return ReleaseRecord.model_validate(record(hexes, modelId=model_id, runKey=f"{number:064x}", evaluation=None))


@dataclass
class Repository:
    folder: Path
    day: int = 0

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", *words], cwd=self.folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    @property
    def file(self) -> Path:
        return self.folder / "environments" / "Pulumi.dev.yaml"

    def commit(self, releases: Releases | None = None, by: str = "Ada", text: str | None = None) -> str:
        """A commit a day, of the records given, or of a text; its ID."""
        if releases is not None:
            write_releases(self.file, {"clippy": releases})
        if text is not None:
            self.file.write_text(text)
        self.day += 1
        at = f"2026-10-{self.day:02d}T09:00:00Z"
        self.git("add", "-A")
        self.git("commit", "-q", f"--author={by} <a@b.c>", f"--date={at}", "-m", "x")
        return self.git("rev-parse", "HEAD")

    def told(self, *words: str) -> Any:
        done = self.jobs(*words, "--format", "json")
        assert done.code == 0, done.err
        return json.loads(done.out)

    def jobs(self, *words: str) -> Done:
        return TwoStacks(self.folder).jobs("history", "clippy", "--project", str(self.folder), *words)

    def events(self, *words: str) -> list[tuple[str, str, str | None]]:
        return [(each["what"], each["modelId"][-1], each["by"]) for each in self.told(*words)["events"]]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (tmp_path / "gitconfig").write_text("[user]\n  name = Ada\n  email = a@b.c\n[init]\n  defaultBranch = main\n")
    folder = tmp_path / "project"
    (folder / "environments").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
    made = Repository(folder)
    made.git("init", "-q")
    made.commit(text="# dev\nconfig:\n  tuned-models:models: {clippy: {}}\n")
    return made


def test_each_commit_tells_what_it_moved(repository: Repository) -> None:
    one, two = _record(1), _record(2)
    repository.commit(Releases(candidate=one), by="Ben")
    released = repository.commit(Releases(live=passed(one)))
    repository.commit(pointers.release(Releases(candidate=two, live=passed(one)), SKU).releases)
    events = repository.told()["events"]

    assert repository.events() == [
        ("recorded", "1", "Ben"),
        ("evaluated", "1", "Ada"),
        ("released", "1", "Ada"),
        ("recorded", "2", "Ada"),
        ("released", "2", "Ada"),
    ]
    assert events[2] == {
        "at": "2026-10-03T09:00:00Z",
        "stack": "dev",
        "what": "released",
        "modelId": one.model_id,
        "runKey": one.run_key,
        "verdict": "passed",
        "by": "Ada",
        "commit": released,
        "why": None,
    }


def test_as_a_table(repository: Repository) -> None:
    commit = repository.commit(Releases(candidate=_record(1)))
    head, row = repository.jobs().out.splitlines()

    assert head.split() == ["WHEN", "STACK", "WHAT", "MODEL", "ID", "VERDICT", "BY", "COMMIT", "WHY"]
    assert row.split()[:3] == ["2026-10-02T09:00:00Z", "dev", "recorded"]
    assert row.split()[-2:] == [commit[:8], "-"]


def test_what_is_not_committed_yet_comes_last(repository: Repository) -> None:
    repository.commit(Releases(candidate=_record(1)))
    write_releases(repository.file, {"clippy": Releases(live=_record(1))})

    assert [(each["what"], each["at"], each["commit"]) for each in repository.told()["events"]][1:] == [
        ("released", None, None)
    ]
    assert "not committed" in repository.jobs().out


@pytest.mark.parametrize("is_committed", [True, False])
def test_what_is_promoted_at_once_comes_after_what_it_comes_from(repository: Repository, is_committed: bool) -> None:
    """Whatever the stacks are called."""
    other = repository.file.with_name("Pulumi.cut.yaml")
    other.write_text(repository.file.read_text())
    repository.commit(text=repository.file.read_text() + "# more\n")
    one = passed(_record(1))
    there = one.model_copy(update={"source": ACCOUNT})
    write_releases(other, {"clippy": Releases(live=there)})
    write_releases(repository.file, {"clippy": Releases(candidate=one)})
    if is_committed:
        repository.commit()

    assert [(each["stack"], each["what"]) for each in repository.told()["events"]] == [
        ("dev", "recorded"),
        ("dev", "evaluated"),
        ("cut", "promoted"),
        ("cut", "released"),
    ]


def test_a_merge_of_two_branches_repeats_nothing(repository: Repository) -> None:
    start = Releases(candidate=_record(2), live=_record(1))
    repository.commit(start)
    repository.git("checkout", "-qb", "side")
    text = repository.file.read_text()
    repository.commit(text=text.replace("# dev", "# the dev"))
    repository.git("checkout", "-q", "main")
    repository.commit(pointers.release(start, SKU).releases)
    repository.git("merge", "-q", "side", "-m", "merge")

    assert repository.events() == [
        ("recorded", "1", "Ada"),
        ("recorded", "2", "Ada"),
        ("released", "1", "Ada"),
        ("released", "2", "Ada"),
    ]


def test_a_renamed_file_is_followed(repository: Repository) -> None:
    repository.commit(Releases(candidate=_record(1)))
    repository.git("mv", "environments/Pulumi.dev.yaml", "environments/Pulumi.test.yaml")
    repository.commit()

    assert [(each["what"], each["stack"]) for each in repository.told()["events"]] == [("recorded", "test")]


def test_a_version_that_was_broken_is_passed_over_and_told(repository: Repository) -> None:
    repository.commit(Releases(candidate=_record(1)))
    text = repository.file.read_text()
    broken = repository.commit(text=text.replace("      candidate:", "<<<<<<< ours\n      candidate:"))
    repository.commit(text=text)
    repository.commit(Releases(live=_record(1)))
    told = repository.told()

    assert [each["what"] for each in told["events"]] == ["recorded", "released"]
    assert any(f"could not be read as {broken[:8]} left it" in remark for remark in told["remarks"])


def test_what_somebody_writes_by_hand_is_read_by_the_library(repository: Repository) -> None:
    repository.commit(Releases(candidate=_record(1)))
    text = repository.file.read_text()
    repository.commit(text=text.replace("seed: 42", "seed: 42  # by hand"))

    assert repository.events() == [("recorded", "1", "Ada")]


def test_of_a_shallow_clone_that_is_said(repository: Repository, tmp_path: Path) -> None:
    repository.commit(Releases(candidate=_record(1)))
    repository.commit(Releases(live=_record(1)))
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{repository.folder}", str(tmp_path / "clone")], check=True
    )
    clone = Repository(tmp_path / "clone")

    assert [each["what"] for each in clone.told()["events"]] == ["recorded", "released"]
    assert "git fetch --unshallow" in clone.told()["remarks"][0]


def test_without_a_repository_the_records_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    (folder / "environments").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
    bare = Repository(folder)
    bare.file.write_text("config:\n  a:b: c\n")
    write_releases(bare.file, {"clippy": Releases(live=passed(_record(1)))})
    told = bare.told()

    assert [(each["what"], each["at"]) for each in told["events"]] == [
        ("recorded", "2026-11-20T10:02:03Z"),
        ("evaluated", "2026-11-20T10:02:03Z"),
    ]
    assert "is in no git repository" in told["remarks"][0]


def test_a_model_that_nobody_recorded_is_refused(repository: Repository) -> None:
    write_releases(repository.file, {"clipy": Releases(live=_record(1))})
    done = repository.jobs()

    assert done.code == 1
    assert "did you mean 'clipy'?" in done.err


def test_a_file_that_git_never_had_is_told_by_its_records(repository: Repository) -> None:
    """As the local stack's, which git ignores; where it says nothing, nothing is said of it."""
    repository.commit(Releases(candidate=_record(1)))
    local = repository.file.with_name("Pulumi.local.yaml")
    local.write_text("config:\n  a:b: c\n")
    assert repository.told()["remarks"] == []
    write_releases(local, {"clippy": Releases(candidate=_record(2))})

    assert repository.events()[-1] == ("recorded", "2", None)
    assert "was never committed" in repository.told()["remarks"][0]


def test_a_stack_may_be_named(repository: Repository) -> None:
    repository.commit(Releases(candidate=_record(1)))

    assert repository.events("-s", "org/models/dev") == [("recorded", "1", "Ada")]
    assert repository.jobs("-s", "a b").code == 2
    # It may have been there, or never.
    assert "Pulumi.nope.yaml is not there\n" in repository.jobs("-s", "nope").err
