"""The demo's own decisions; tests/journeys/test_demo.py plays it whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from simulator.demo import INTERRUPTED, _end_of, _refuse_foreign_models
from simulator.errors import Unusable
from simulator.pulumi.local_stack import write
from simulator.server import Simulator

RECORDED = '  tuned-models:releases: {clippy: {live: {modelId: "gpt-4.1-mini-2025-04-14.ft-0-clippy"}}}\n'


def test_a_model_that_this_azure_has_not_trained_is_refused_before_anything_is_made(
    simulator: Simulator, tmp_path: Path
) -> None:
    """The local Azure's state was deleted, and the stack file kept: Azure's own refusal would not say so."""
    stack_file = write(tmp_path)
    assert stack_file is not None
    _refuse_foreign_models(stack_file, simulator.cloud, tmp_path / "azure")
    stack_file.write_text(stack_file.read_text() + RECORDED)

    with pytest.raises(
        Unusable, match=r"records gpt-4.1-mini-2025-04-14.ft-0-clippy, which .* has not trained"
    ) as told:
        _refuse_foreign_models(stack_file, simulator.cloud, tmp_path / "azure")
    assert "make clean demo" in str(told.value)


def test_what_a_model_was_compared_with_need_not_have_been_trained_here(simulator: Simulator, tmp_path: Path) -> None:
    """Such as the base model: an evaluation names it by its ID, too."""
    stack_file = write(tmp_path)
    assert stack_file is not None
    compared = '{evaluation: {against: [{modelId: "gpt-4.1-mini-2025-04-14"}]}}'
    stack_file.write_text(stack_file.read_text() + f"  tuned-models:releases: {{clippy: {{live: {compared}}}}}\n")

    _refuse_foreign_models(stack_file, simulator.cloud, tmp_path / "azure")


def test_a_project_without_a_local_stack_file_is_a_new_one(simulator: Simulator, tmp_path: Path) -> None:
    _refuse_foreign_models(tmp_path / "Pulumi.local.yaml", simulator.cloud, tmp_path)


@pytest.mark.parametrize(
    ("program", "code"),
    [("raise SystemExit(3)", 3), ("import os, signal; os.kill(os.getpid(), signal.SIGINT)", INTERRUPTED)],
)
def test_a_step_ends_as_its_command_does(program: str, code: int) -> None:
    """Ended by a Ctrl-C, it counts as interrupted even where the command did not catch it."""
    child = subprocess.Popen([sys.executable, "-c", f"import signal; signal.signal(2, signal.SIG_DFL); {program}"])

    assert _end_of(child) == code
