"""What docs/state.md says to do where a state is locked or lost, done under the CLI."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.engine.conftest import Local

pytestmark = pytest.mark.slow

Pulumi = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def pulumi(cli: str, local: Local) -> Pulumi:
    """The CLI on a stack that is up."""
    local.bring()

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [cli, *words, "--non-interactive"],
            cwd=local.project,
            env=local.environment | {"NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture
def backend(local: Local) -> Path:
    return Path(urlsplit(local.environment["PULUMI_BACKEND_URL"]).path) / ".pulumi"


def test_a_lock_left_behind_stops_ups_and_not_previews_until_it_is_cancelled(pulumi: Pulumi, backend: Path) -> None:
    lock = backend / "locks/organization/tuned-models/local/left.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(
        json.dumps({"pid": 1, "username": "runner", "hostname": "ci-17", "timestamp": "2026-11-21T10:00:00Z"})
    )

    refused = pulumi("up", "-s", "local", "--yes", "--skip-preview")
    assert refused.returncode != 0
    assert "the stack is currently locked by 1 lock(s)" in refused.stderr
    assert "created by runner@ci-17 (pid 1)" in refused.stderr
    assert pulumi("preview", "-s", "local").returncode == 0

    assert pulumi("cancel", "local", "--yes").returncode == 0
    assert pulumi("up", "-s", "local", "--yes", "--skip-preview").returncode == 0


def test_a_lost_state_comes_back_from_the_backends_own_copy(pulumi: Pulumi, backend: Path) -> None:
    lost = backend / "stacks/tuned-models/local.json"
    lost.unlink()
    assert "no stack named 'local' found" in pulumi("preview", "-s", "local").stderr

    newest = max((backend / "backups/tuned-models/local").glob("*.json"))
    lost.write_bytes(newest.read_bytes())
    said = pulumi("preview", "-s", "local").stdout

    assert "16 unchanged" in said


def test_an_exported_state_comes_back_on_a_stack_made_anew(pulumi: Pulumi, local: Local, tmp_path: Path) -> None:
    copy = tmp_path / "copy.json"
    assert pulumi("stack", "export", "-s", "local", "--file", str(copy)).returncode == 0
    assert pulumi("stack", "rm", "local", "--yes", "--force", "--preserve-config").returncode == 0
    assert pulumi("stack", "init", "local").returncode == 0
    assert pulumi("stack", "import", "-s", "local", "--file", str(copy)).returncode == 0

    assert "16 unchanged" in pulumi("preview", "-s", "local").stdout
    assert local.stack_file.exists()
