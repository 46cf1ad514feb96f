"""What the tests with the real Pulumi CLI need: the CLI, a project, a local Azure, and nothing left of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulator.environment import reaching
from simulator.pulumi import local_stack
from simulator.pulumi.summary import UpResult
from simulator.pulumi.up import Verb, bring
from simulator.server import Simulator

ROOT = Path(__file__).resolve().parents[2]
LOUDLY = "NOT TESTED: there is no `pulumi` on PATH, so nothing was run under the real Pulumi CLI"


@pytest.fixture(scope="session")
def cli() -> str:
    """The CLI's path, without which there is nothing to test here."""
    found = shutil.which("pulumi")
    if found is None:
        pytest.skip(LOUDLY)
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The product's program in a folder of its own, with the local stack's file."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copyfile(ROOT / "Pulumi.yaml", folder / "Pulumi.yaml")
    (folder / "infra").symlink_to(ROOT / "infra", target_is_directory=True)
    (folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    local_stack.write(folder / "environments")
    return folder


@dataclass
class Local:
    """A local Azure and the environment on it, in which the CLI fetches nothing."""

    simulator: Simulator
    environment: dict[str, str]
    project: Path

    @property
    def stack_file(self) -> Path:
        return self.project / "environments" / "Pulumi.local.yaml"

    def bring(self, verb: Verb = "up") -> UpResult:
        result = bring(verb, self.project, "local", self.environment)
        assert result.how == "cli"
        return result


@pytest.fixture
def local(cli: str, project: Path, tmp_path: Path) -> Iterator[Local]:
    """Time passes at once: a poll moves the clock. Afterwards no process of this test is left."""
    record = tmp_path / "record.jsonl"
    with Simulator(azurite=False, step_on_poll=True, record=record) as simulator:
        environment = reaching(simulator) | {"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"}
        yield Local(simulator, environment, project)
        assert left_behind(environment["PULUMI_BACKEND_URL"]) == []


def execute(project: Path, state: Path, *command: str) -> str:
    """What a command says under `python -m simulator exec`; it succeeds, and leaves no process."""
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("ARM_", "AZURE_", "JOBS_"))}
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "exec", "--rate", "3600", "--state", str(state), "--", *command],
        cwd=project,
        env=quiet | {"PYTHONPATH": str(ROOT), "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert left_behind((state / "pulumi" / "state").as_uri()) == []
    return done.stdout


def left_behind(backend: str) -> list[str]:
    """The processes that have this state backend in their environment; they get a moment to end."""
    for _ in range(20):
        found = [
            file.parent.name
            for file in Path("/proc").glob("[0-9]*/environ")
            if file.parent.name != str(os.getpid()) and backend.encode() in _read(file)
        ]
        if not found:
            break
        time.sleep(0.1)
    return found


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
