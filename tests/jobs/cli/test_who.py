"""Whose name goes into a record."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.cli.who import deciding_person


def test_gits_name_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gitconfig").write_text("[user]\n  name = Ada Lovelace\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))

    assert deciding_person(tmp_path) == "Ada Lovelace"


@pytest.mark.parametrize("has_git", [True, False])
def test_then_the_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_git: bool) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    if not has_git:
        monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("getpass.getuser", lambda: "ada")

    assert deciding_person(tmp_path) == "ada"


def test_nobody_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setattr("getpass.getuser", nobody)

    assert deciding_person(tmp_path) == "unknown"
