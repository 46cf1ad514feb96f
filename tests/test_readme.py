"""README.md tells the truth: what it says to type was typed; its first page in tests/journeys/test_demo.py."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from simulator.entra.models import CALLER, TRAINER
from tests.checkout import copy_to, typed
from tests.readme import azure_commands


def _run(command: str, folder: Path) -> str:
    return typed(folder, "bash", "-c", command).stdout


@pytest.mark.slow
def test_the_session_on_azure_runs_on_the_local_one(tmp_path: Path) -> None:
    """The commands for Azure are the same against the simulator; `pulumi up` in process where there is no CLI."""
    project = copy_to(tmp_path / "project")
    stack = project / "environments" / "Pulumi.dev.yaml"
    # As the page says: principals of one's own. The local directory has applications, and no groups.
    text = stack.read_text().replace("principalType: Group", "principalType: ServicePrincipal")
    for placeholder, principal in (("00d1", TRAINER), ("00d2", CALLER)):
        text = text.replace(f"00000000-0000-0000-0000-00000000{placeholder}", principal.object_id)
    stack.write_text(text)
    python = ".venv/bin/python"
    # Nobody is there to be asked whether the money may be spent.
    lines = [line.replace("jobs run clippy -s dev", "jobs run clippy -s dev --yes") for line in azure_commands()]
    if shutil.which("pulumi") is None:
        lines = [line.replace("pulumi up", f"{python} -m simulator up") for line in lines]
    else:
        lines = ["pulumi stack init dev", *(line.replace("pulumi up", "pulumi up --yes") for line in lines)]
    script = project / "session.sh"
    script.write_text("\n".join(["set -e", *lines]))

    said = _run(f"{python} -m simulator exec --rate 900 -- bash session.sh", project)

    assert "live" in said
    assert "tuned-models:releases:" in stack.read_text()
