"""An account made by hand, brought under the program by the steps of docs/import.md."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from simulator.pulumi.cli_state import CliState
from simulator.pulumi.with_cli import make_stack
from tests.by_hand import made_by_hand
from tests.engine.conftest import ROOT, Local

pytestmark = pytest.mark.slow


def _pulumi(local: Local, *command: str) -> str:
    done = subprocess.run(
        ["pulumi", *command, "-s", "local", "--non-interactive", "--color", "never"],
        cwd=local.project,
        env=local.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _protected(local: Local) -> set[str]:
    exported = json.loads(_pulumi(local, "stack", "export"))
    return {each["urn"].rpartition("::")[2] for each in exported["deployment"]["resources"] if each.get("protect")}


def _only(resources: list[dict[str, Any]], ids: dict[str, str]) -> list[dict[str, Any]]:
    """Those that exist, with their IDs, and the components that they are in."""
    kept = [each | {"id": ids[each["name"]]} for each in resources if each["name"] in ids]
    parents = {each.get("parent") for each in kept}
    return [each for each in resources if each.get("component") and each["name"] in parents] + kept


def test_an_account_made_by_hand_comes_under_the_program(local: Local) -> None:
    """What is imported is protected until the next up, which says what of it is; nothing is replaced."""
    ids = made_by_hand(local.stack_file, local.environment)
    make_stack(["pulumi", "preview", "-s", "local", "-C", str(local.project)], local.environment)
    file = local.project / "import.json"

    _pulumi(local, "preview", "--import-file", "import.json")
    asked = json.loads(file.read_text())
    file.write_text(json.dumps(asked | {"resources": _only(asked["resources"], ids)}))
    _pulumi(local, "import", "--file", "import.json", "--generate-code=false", "--yes", "--skip-preview")

    assert _protected(local) == {*ids, "main"}, "the component, too"
    planned = _pulumi(local, "preview")
    assert "2 to update" in planned
    assert "replace" not in planned
    assert "2 updated" in _pulumi(local, "up", "--yes", "--skip-preview")
    assert _protected(local) == set(), "the local stack has protection off"
    assert "created" not in _pulumi(local, "up", "--yes", "--skip-preview", "--expect-no-changes")
    kept = CliState.of(local.environment, "tuned-models", "local")
    assert kept is not None
    assert not kept.protects()


def test_the_page_shows_these_commands() -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")

    assert "pulumi preview -s dev --import-file import.json" in page
    assert "pulumi import -s dev --file import.json --generate-code=false" in page
