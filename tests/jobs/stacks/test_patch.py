"""A record as a patch: git applies it, and the file is then what it would have been."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.release import Releases
from jobs.errors import Refused
from jobs.stacks.patch import Patch, unified
from jobs.stacks.stack_file import read_releases, update_releases
from tests.jobs.stacks.branches import made

X, Y = Releases(candidate=made("X")), Releases(candidate=made("Y", "other"))


def _apply(folder: Path, patch: bytes) -> None:
    subprocess.run(["git", "apply", "-"], cwd=folder, input=patch, check=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize("folder", ["environments", "with blanks/and ü"])
@pytest.mark.parametrize("content", ["config:\n  a:b: 1\nz: 1\n", "config:\r\n  a:b: 1\r\n", "config:\n  a:b: 1", ""])
def test_the_patch_applied_is_the_record_written(repository: Path, folder: str, content: str) -> None:
    """Line ends, and a last line without one, as they were; wherever the file lies."""
    path, other = (repository / folder / f"Pulumi.{stack}.yaml" for stack in ("dev", "other"))
    path.parent.mkdir(parents=True)
    for each in (path, other):
        each.write_bytes(content.encode())
    patch = Patch(path)
    patch.add(lambda found: found | {"clippy": X})

    assert path.read_bytes() == content.encode()
    update_releases(other, lambda found: found | {"clippy": X})
    _apply(repository, patch.content())
    assert path.read_bytes() == other.read_bytes()


def test_several_records_make_one_patch_on_what_the_file_has_by_the_last(repository: Path) -> None:
    path = repository / "Pulumi.dev.yaml"
    path.write_text("config:\n  a:b: 1\n")
    patch = Patch(path)
    patch.add(lambda found: found | {"clippy": X})
    path.write_text("# saved meanwhile\nconfig:\n  a:b: 1\n")
    patch.add(lambda found: found | {"other": Y})

    assert read_releases(path) == {}
    assert patch.content().count(b"--- a/") == 1
    _apply(repository, patch.content())
    assert read_releases(path) == {"clippy": X, "other": Y}


def test_what_is_recorded_already_makes_no_patch(repository: Path) -> None:
    path = repository / "Pulumi.dev.yaml"
    path.write_text("config:\n")
    update_releases(path, lambda found: found | {"clippy": X})
    patch = Patch(path)
    patch.add(lambda found: found | {"clippy": X})

    assert patch.content() == b""


def test_what_is_refused_is_no_part_of_it(repository: Path) -> None:
    path = repository / "Pulumi.dev.yaml"
    path.write_text("config:\n")
    patch = Patch(path)

    def refuse(found: dict[str, Releases]) -> dict[str, Releases]:
        raise Refused("there is no candidate")

    with pytest.raises(Refused):
        patch.add(refuse)
    assert patch.content() == b""


_LINES = st.lists(st.sampled_from([b"a", b"b", b"", b"c\r", b"\x0bd", b"\xff"]), max_size=12).map(b"\n".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(before=_LINES, after=_LINES)
def test_any_change_of_bytes_applies(repository: Path, before: bytes, after: bytes) -> None:
    path = repository / "file"
    path.write_bytes(before)
    patch = unified("file", before, after)

    assert (patch == b"") is (before == after)
    if patch and before and after:
        _apply(repository, patch)
        assert path.read_bytes() == after
