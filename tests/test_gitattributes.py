"""Digests of datasets stand in records: git gives their bytes back as they were, whatever a checkout is told to do. And
stack files are merged by their driver."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from jobs.stacks.merge_driver import NAME

ROOT = Path(__file__).parents[1]
WILD = b'{"a": 1}\r\n{"b": 2}\n\xef\xbb\xbf{"$Id$": "\x00"}\r\n\r\nno end'


@pytest.mark.parametrize("setting", [["core.autocrlf", "true"], ["core.autocrlf", "input"], ["core.eol", "crlf"]])
def test_jsonl_comes_back_byte_for_byte(tmp_path: Path, setting: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    (tmp_path / ".gitattributes").write_bytes((ROOT / ".gitattributes").read_bytes())
    dataset = tmp_path / "models" / "clippy" / "training_set.jsonl"
    dataset.parent.mkdir(parents=True)
    dataset.write_bytes(WILD)

    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "=".join(setting), *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    dataset.unlink()
    git("checkout-index", "--all")

    assert dataset.read_bytes() == WILD


def test_stack_files_have_their_merge_driver_and_nothing_else_has(tmp_path: Path) -> None:
    """By the name under which `jobs config install-merge-driver` installs it."""
    (tmp_path / ".gitattributes").write_bytes((ROOT / ".gitattributes").read_bytes())
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    paths = ["environments/Pulumi.dev.yaml", "environments/stack.schema.json", "Pulumi.yaml"]
    words = ["git", "check-attr", "merge", "--", *paths]
    told = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    assert [line.rsplit(": ", 1)[1] for line in told.splitlines()] == [NAME, "unspecified", "unspecified"]
