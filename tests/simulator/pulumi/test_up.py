"""`python -m simulator up`: which way it goes, what it writes, what it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.__main__ import _hand_over
from simulator.entra.models import CALLER, TRAINER
from simulator.environment import reaching
from simulator.errors import Unusable
from simulator.pulumi.local_stack import content, write
from simulator.pulumi.stack_file import parsed
from simulator.pulumi.summary import Failed, Summary
from simulator.pulumi.up import Verb, bring
from simulator.server import Simulator
from tests.here import typed_here

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def around(simulator: Simulator, tmp_path: Path) -> dict[str, str]:
    """The environment on the local Azure, with outputs in a folder of the test and no CLI on PATH."""
    values = reaching(simulator, ambient={"PATH": "/nowhere"})
    return values | {"JOBS_OUTPUTS": str(tmp_path / "home" / "outputs")}


def test_the_local_stack_comes_up_from_nothing_and_its_outputs_are_saved(
    tmp_path: Path, around: dict[str, str]
) -> None:
    """The product's own program, on a stack file that the up writes."""
    said: list[str] = []
    first = bring("up", tmp_path, "local", around, say=said.append)

    assert first.how == "in process"
    assert "There is no Pulumi CLI on PATH: the program runs in process." in said
    outputs = json.loads((tmp_path / "home" / "outputs" / "local.json").read_text())
    assert outputs == first.outputs
    assert outputs["environment"]["asOf"] == "2026-11-20"
    assert set(outputs["storage"]["containers"]) == {"datasets", "runs"}

    second = bring("up", tmp_path, "organization/tuned-models/local", around)

    assert second.summary == Summary(unchanged=first.summary.created)
    assert second.outputs == first.outputs


def test_a_preview_saves_nothing_and_a_destroy_takes_the_outputs_away(tmp_path: Path, around: dict[str, str]) -> None:
    saved = tmp_path / "home" / "outputs" / "local.json"
    planned = bring("preview", tmp_path, "local", around)
    assert not saved.exists()

    done = bring("up", tmp_path, "local", around)
    assert done.summary == planned.summary
    assert saved.exists()

    gone = bring("destroy", tmp_path, "local", around)
    assert gone.summary == Summary(deleted=done.summary.created)
    assert not saved.exists()


def test_the_local_stack_file_is_written_once(tmp_path: Path) -> None:
    written = write(tmp_path)
    assert written == tmp_path / "Pulumi.local.yaml"
    assert written.read_text() == content(tmp_path)
    written.write_text("mine")

    assert write(tmp_path) is None
    assert written.read_text() == "mine"


def test_the_local_stack_file_names_its_schema_and_the_simulator_s_principals(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert file is not None
    assert file.read_text().startswith("# yaml-language-server: $schema=stack.schema.json\n")
    config = parsed(file)["config"]

    access = config["tuned-models:access"]
    assert [each["principalId"] for each in access["trainers"]] == [TRAINER.object_id]
    assert [each["principalId"] for each in access["callers"]] == [CALLER.object_id]
    assert config["tuned-models:environment"] == {"asOf": "2026-11-20", "protection": "off"}


def test_two_checkouts_have_accounts_of_their_own(tmp_path: Path) -> None:
    assert content(tmp_path / "one") != content(tmp_path / "two")
    assert content(tmp_path / "one") == content(tmp_path / "one")


def test_a_stack_without_a_file_is_refused_with_those_that_have_one(tmp_path: Path, around: dict[str, str]) -> None:
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "Pulumi.dev.yaml").write_text("config: {}\n")

    with pytest.raises(Unusable, match=r"there is no stack file .*Pulumi\.prod\.yaml: there are dev, and local"):
        bring("up", tmp_path, "prod", around)


def test_the_command_says_how_and_how_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a process, in this one, and with a fault in the file; each with a simulator of its own on the kept state."""
    command = [sys.executable, "-m", "simulator", "up", "-s", "local", "--project", str(tmp_path), "--in-process"]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("ARM_", "AZURE_", "JOBS_"))}

    first = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[-1].startswith("up of local in process: ")
    second = typed_here(ROOT, *command[2:], environment=quiet)
    assert second.splitlines()[-1] == "up of local in process: 16 unchanged."

    file = tmp_path / "environments" / "Pulumi.local.yaml"
    file.write_text(file.read_text().replace("capacity: 50", "capacity: many"))
    for name in os.environ.keys() - quiet.keys():
        monkeypatch.delenv(name)
    with pytest.raises(SystemExit) as left:
        _hand_over("simulator.pulumi.up", "up", command[4:])
    assert left.value.code == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith("error: ")
    assert "tuned-models:baseDeployments.gpt-4.1-mini.sku.capacity" in complaint
    assert "Traceback" not in complaint


def test_a_stack_stays_with_the_way_that_made_it(tmp_path: Path, around: dict[str, str]) -> None:
    """Each way has a state of its own: the other would try to create what exists."""
    bring("up", tmp_path, "local", around)
    said: list[str] = []
    cli = tmp_path / "bin" / "pulumi"
    cli.parent.mkdir()
    cli.write_text("#!/bin/sh\nexit 1\n")
    cli.chmod(0o755)

    bring("up", tmp_path, "local", around | {"PATH": str(cli.parent)}, say=said.append)

    assert said[0] == "Stack local was brought up in process, and stays so until it is destroyed."


def test_a_stack_of_the_cli_is_not_brought_up_in_process(tmp_path: Path, around: dict[str, str]) -> None:
    kept = tmp_path / "backend" / ".pulumi" / "stacks" / "tuned-models" / "local.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps({"version": 3, "checkpoint": {"latest": {"resources": [{}]}}}))
    there = around | {"PULUMI_BACKEND_URL": (tmp_path / "backend").as_uri()}

    with pytest.raises(Unusable, match="stack local was brought up by the Pulumi CLI here: put `pulumi` on PATH"):
        bring("up", tmp_path, "local", there)


@pytest.mark.parametrize("stack", ["acme/tuned-models/local", "organization/another/local"])
def test_a_stack_of_another_organization_or_project_is_refused(
    stack: str, tmp_path: Path, around: dict[str, str]
) -> None:
    """As by the CLI, whose state is on this machine as well: it has one organization, and this project."""
    with pytest.raises(Unusable, match="those kept on this machine are of organization/tuned-models"):
        bring("up", tmp_path, stack, around)


def test_a_destroy_says_what_goes_and_protection_refuses_it(tmp_path: Path, around: dict[str, str]) -> None:
    """With protection on, both are refused with what to do; after an up without it everything goes."""
    bring("up", tmp_path, "local", around)
    planned = bring("preview of destroy", tmp_path, "local", around)
    file = tmp_path / "environments" / "Pulumi.local.yaml"
    file.write_text(file.read_text().replace('protection: "off"', 'protection: "on"'))
    assert bring("up", tmp_path, "local", around).summary.changed == 0
    verbs: tuple[Verb, ...] = ("destroy", "preview of destroy")
    for verb in verbs:
        with pytest.raises(
            Failed, match=r"main-account can't be deleted: it is protected\n.*`environment.protection: off`"
        ):
            bring(verb, tmp_path, "local", around)

    file.write_text(file.read_text().replace('protection: "on"', 'protection: "off"'))
    bring("up", tmp_path, "local", around)

    assert bring("destroy", tmp_path, "local", around).summary == planned.summary
