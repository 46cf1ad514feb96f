"""The process: what stops it leaves a word on how to go on, and no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_process_says_how_to_go_on(tmp_path: Path, number: signal.Signals) -> None:
    """It is stopped while it reads its outputs from a pipe that nobody writes to."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
    (tmp_path / "environments" / "Pulumi.dev.yaml").write_text("config: {}\n")
    pipe = tmp_path / "outputs"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "jobs", "status", "-s", "dev", "--project", str(tmp_path), "--outputs", str(pipe)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # Opening it waits until the process has opened its end.
    with pipe.open("wb"):
        process.send_signal(number)
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out) == (130, "")
    assert "Next: python -m jobs status -s dev" in err
    assert "Traceback" not in err
