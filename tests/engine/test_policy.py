"""The policy pack under the real Pulumi CLI."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.engine.conftest import ROOT, Local

pytestmark = pytest.mark.slow


def _policed(local: Local, verb: str, *flags: str) -> subprocess.CompletedProcess[str]:
    """A command on the stack with the pack, in a copy of the project that has it beside the program."""
    for name in ("policy", "contract"):
        link = local.project / name
        if not link.exists():
            shutil.copytree(ROOT / name, link, ignore=shutil.ignore_patterns("__pycache__"))
    command = ("pulumi", verb, "--stack", "local", "--policy-pack", "policy", "--non-interactive", *flags)
    return subprocess.run(
        command,
        executable=shutil.which("pulumi"),
        cwd=local.project,
        env=local.environment | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def stack(local: Local) -> Local:
    subprocess.run(
        ("pulumi", "stack", "init", "local", "--non-interactive"),
        cwd=local.project,
        env=local.environment,
        check=True,
        capture_output=True,
    )
    return local


def test_the_local_stack_comes_up_under_the_pack(stack: Local) -> None:
    done = _policed(stack, "up", "--yes", "--suppress-outputs")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "tuned-models@v0.1.0" in done.stdout
    assert "[mandatory]" not in done.stdout


def test_what_the_stack_s_config_demands_is_demanded_by_the_pack(stack: Local) -> None:
    """The same stack as production's: the program declares the same, and the preview refuses it."""
    text = stack.stack_file.read_text()
    stack.stack_file.write_text(
        text.replace("tuned-models:environment:\n", "tuned-models:environment:\n    production: true\n")
    )
    done = _policed(stack, "preview")

    assert done.returncode != 0
    for rule in ("no-public-network", "alerts-present", "tags-present"):
        assert f"[mandatory]  {rule}" in done.stdout, done.stdout + done.stderr
    assert "Set network.mode to private" in done.stdout
    assert not [path for path in _asked_to_write(stack) if "/providers/" in path]


def _asked_to_write(local: Local) -> list[str]:
    import json

    record = Path(local.project.parent / "record.jsonl")
    lines = [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []
    return [str(line["path"]) for line in lines if line["method"] in ("PUT", "DELETE")]
