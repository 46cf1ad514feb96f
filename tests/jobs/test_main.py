"""The process: what stops it leaves a word on how to go on, and no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_process_says_how_to_go_on(tmp_path: Path, number: signal.Signals) -> None:
    """It is stopped while it reads its outputs from a pipe that nobody writes to."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
    (tmp_path / "environments" / "Pulumi.dev.yaml").write_text("config:\n")
    pipe = tmp_path / "outputs"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "jobs", "status", "-s", "dev", "--project", str(tmp_path), "--outputs", str(pipe)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A suite that was started in the background ignores SIGINT, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )
    try:
        with opened_by_both(pipe, process):
            out, err = stopped_by(process, number)
    finally:
        process.kill()
        process.communicate()

    assert (process.returncode, out) == (130, "")
    assert "Next: python -m jobs status -s dev" in err
    assert "Traceback" not in err


def stopped_by(process: subprocess.Popen[str], number: signal.Signals) -> tuple[str, str]:
    """What it printed. Python loses a signal that comes just before a read that blocks, so it is sent until heard."""
    for _ in range(30):
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=1)
    raise AssertionError("thirty signals did not stop it")


def opened_by_both(pipe: Path, process: subprocess.Popen[str]) -> BinaryIO:
    """The pipe's writing end, once the process has opened the other."""
    for _ in range(600):
        try:
            return os.fdopen(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK), "wb")
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
                break
    raise AssertionError(f"it did not open {pipe}: {process.communicate(timeout=5)}")


@pytest.mark.parametrize("words", [["--help"], ["check", "clippy"]])
def test_a_reader_that_goes_away_ends_it_without_a_word(words: list[str]) -> None:
    """As in `jobs check clippy | head`, which has read enough."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "jobs", *words], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)

    assert done.stderr == b""
    assert done.returncode != 0


def test_a_terminal_that_lacks_a_character_is_no_fault() -> None:
    """`…` and the blocks of a histogram are not in Latin-1."""
    done = subprocess.run(
        [sys.executable, "-m", "jobs", "check", "clippy"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        encoding="latin-1",
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "SHA-256" in done.stdout
