"""What git has kept of files."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from jobs.errors import Refused
from jobs.stacks.git import contents

ABSENT = "0" * 40


def _name(content: bytes) -> str:
    """As git names a file's content (git-scm.com, "Git Internals - Git Objects")."""
    return hashlib.sha1(b"blob %d\x00%s" % (len(content), content)).hexdigest()  # noqa: S324 - git's own names.


def test_contents_are_told_to_the_byte_and_what_git_has_not_is_left_out(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    kept = [b"", b"no end of line", b"\nblob 7\n\xff\x00\r\n"]
    for content in kept:
        subprocess.run(
            ["git", "hash-object", "-w", "--stdin"], cwd=tmp_path, input=content, check=True, capture_output=True
        )
    names = [_name(content) for content in kept]

    assert contents(tmp_path, [names[0], ABSENT, *names]) == dict(zip(names, kept, strict=True))
    assert contents(tmp_path, []) == {}


def test_where_git_has_no_repository_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not a git repository"):
        contents(tmp_path, [ABSENT])
