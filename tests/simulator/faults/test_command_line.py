"""`--faults FILE` of the simulator's commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simulator.faults.conftest import Running


def test_a_bad_file_is_refused_with_all_that_is_wrong_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], run: Running
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.json").write_text('{"faults": [{}, {"does": {"kind": "reset", "bytes": 1}}]}')
    for verb in (
        "exec --faults plan.json -- touch started",
        "up -s local --faults plan.json",
        "demo --faults plan.json",
    ):
        assert run(f".venv/bin/python -m simulator {verb}") == 1
        assert capfd.readouterr().err.splitlines() == [
            "error: plan.json is no fault plan:",
            "  faults[0].does: it is missing",
            '  faults[1].does: bytes are said with "when": "during", and only there',
        ]
    assert not Path("started").exists()
    assert not Path(".local").exists()


def test_an_up_has_no_faults_for_an_azure_that_others_started(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    run: Running,
    environment: Callable[..., dict[str, str]],
) -> None:
    """It says who could have them."""
    environment("deployer")
    monkeypatch.chdir(tmp_path)
    Path("plan.json").write_text("{}")
    assert run(".venv/bin/python -m simulator up -s local --faults plan.json") == 1
    assert "give it to the `serve` or `exec` that started that one, or PUT the plan to" in capfd.readouterr().err
