"""What is sent is what was checked."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from jobs.errors import Refused
from jobs.tuning.files.referenced import Source
from jobs.tuning.files.verified import verified
from tests.jobs.tuning.references import referenced

CONTENT = b'{"messages": []}\n' * 3
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["file", "blob"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    if request.param == "blob":
        return referenced(CONTENT)
    path = tmp_path / "t.jsonl"
    path.write_bytes(CONTENT)
    return path


def drain(stream: BinaryIO, piece: int, into: bytearray) -> None:
    while data := stream.read(piece):
        into += data


def test_the_same_bytes_are_given_as_often_as_they_are_asked_for(source: Source) -> None:
    """As clients do it: they look how long it is, wind back, and may begin again."""
    with verified(source, DIGEST) as stream:
        assert stream.seek(0, os.SEEK_END) == len(CONTENT)
        stream.seek(0)
        assert stream.read(7) == CONTENT[:7]
        for _ in range(2):
            stream.seek(0)
            pieces = [stream.read(10) for _ in range(7)]
            assert b"".join(pieces) == CONTENT
    assert stream.closed


@pytest.mark.parametrize("piece", [1, 10, len(CONTENT), -1])
def test_other_bytes_are_refused_before_the_last_of_them_is_given(source: Source, piece: int) -> None:
    given = bytearray()
    with verified(source, "0" * 64) as stream, pytest.raises(Refused, match="is not what was checked any more"):
        drain(stream, piece, given)
    assert len(given) < len(CONTENT)


def test_a_file_that_grew_or_shrank_meanwhile_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    for before, after in ((CONTENT, CONTENT[:-1]), (CONTENT, CONTENT + b"\n")):
        path.write_bytes(before)
        with verified(path, DIGEST) as stream:
            path.write_bytes(after)
            with pytest.raises(Refused):
                drain(stream, 20, bytearray())
