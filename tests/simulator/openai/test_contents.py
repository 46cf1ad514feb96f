"""Bytes of files lie beside the state, and neither is without the other."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from simulator.openai.contents import Content, Contents


@pytest.fixture(params=["folder", "memory"])
def contents(request: pytest.FixtureRequest, tmp_path: Path) -> Contents:
    return Contents(tmp_path / "contents" if request.param == "folder" else None)


def kept(contents: Contents, content: bytes) -> str:
    return contents.keep(contents.receive(io.BytesIO(content)))


def test_what_is_kept_is_read_again_by_its_sha256(contents: Contents) -> None:
    digest = kept(contents, b"many lines")

    assert digest == hashlib.sha256(b"many lines").hexdigest()
    assert Content(digest, contents).read() == b"many lines"
    assert contents.digests() == {digest}


def test_what_is_only_received_is_not_there(contents: Contents) -> None:
    contents.refuse(contents.receive(io.BytesIO(b"refused")))

    assert contents.digests() == set()


def test_what_is_dropped_goes_with_the_next_saving_only(contents: Contents) -> None:
    """A simulator that is killed before still has what its state names."""
    digest = kept(contents, b"old")
    contents.drop(digest)
    assert Content(digest, contents).read() == b"old"

    contents.purge()

    with pytest.raises((KeyError, FileNotFoundError)):
        Content(digest, contents).read()


def test_what_comes_again_before_that_stays(contents: Contents) -> None:
    digest = kept(contents, b"same")
    contents.drop(digest)
    kept(contents, b"same")
    contents.purge()

    assert Content(digest, contents).read() == b"same"


def test_what_a_killed_simulator_left_behind_is_removed(tmp_path: Path) -> None:
    """A half-received file, and one that no state names."""
    contents = Contents(tmp_path)
    wanted, orphan = kept(contents, b"wanted"), kept(contents, b"orphan")
    contents.receive(io.BytesIO(b"half"))

    assert contents.retain([wanted]) == set()
    assert [each.name for each in tmp_path.iterdir()] == [wanted]
    assert contents.retain([wanted, orphan]) == {orphan}
