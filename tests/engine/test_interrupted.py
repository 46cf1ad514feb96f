"""An up under the CLI that does not come to its end, and the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import without_ambient_azure
from tests.engine.conftest import ROOT, left_behind

pytestmark = pytest.mark.slow


def _command(project: Path, state: Path, cli: str) -> subprocess.Popen[str]:
    path = f"{Path(cli).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.Popen(
        [sys.executable, "-m", "simulator", "up", "-s", "local", "--state", str(state)],
        cwd=project,
        env=without_ambient_azure() | {"PYTHONPATH": str(ROOT), "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_repeated_up_ends_as_an_undisturbed_one(cli: str, project: Path, tmp_path: Path, number: int) -> None:
    """Killed with all its kin or told to end: neither a lock nor a half-made resource stands in the way."""
    state = tmp_path / "azure"
    disturbed = _command(project, state, cli)
    assert disturbed.stdout is not None
    for line in disturbed.stdout:
        if "ResourceGroup" in line:
            break
    os.killpg(disturbed.pid, number)
    said, _ = disturbed.communicate(timeout=60)
    if number != signal.SIGKILL:
        assert said.splitlines()[-1].startswith("Interrupted. What was done is recorded")
        assert left_behind((state / "pulumi" / "state").as_uri()) == []

    ends = []
    for _ in range(2):
        again, _ = (running := _command(project, state, cli)).communicate(timeout=120)
        assert running.returncode == 0, again
        ends.append(again.splitlines()[-1])

    assert ends[1] == "up of local by the Pulumi CLI: 16 unchanged."
    # The CLI's own host of Python programs looks after the CLI every five minutes only.
    for process in left_behind((state / "pulumi" / "state").as_uri()):
        os.kill(int(process), signal.SIGKILL)
