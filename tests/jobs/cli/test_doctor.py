"""`jobs doctor` with nothing doubled: a stack that is up on a local Azure, and each kind of trouble made real."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contract.outputs import SCHEMA_VERSION
from jobs.cli.app import app
from jobs.clock import SystemClock
from simulator.arm.models import ACCOUNTS, ROLE_ASSIGNMENTS, STORAGE_ACCOUNTS
from simulator.clock import Clock
from simulator.cloud import Cloud
from simulator.entra.models import STRANGER, TRAINER
from simulator.environment import reaching
from simulator.pulumi.up import bring
from simulator.roles import COGNITIVE_USAGES_READER
from simulator.server import Simulator
from tests.jobs.cli.conftest import Done
from tests.simulator.blobs.storage import Storage
from tests.standing import Standing

DOCTOR = ("doctor", "-s", "local")


@dataclass
class Clinic:
    """A project whose local stack is up. `findings` are a doctor's lines: what → states."""

    folder: Path
    running: Simulator
    become: Callable[..., dict[str, str]]

    @property
    def outputs(self) -> Path:
        return self.folder / "outputs" / "local.json"

    @property
    def stack_file(self) -> Path:
        return self.folder / "environments" / "Pulumi.local.yaml"

    def up(self) -> None:
        environment = reaching(self.running, ambient={"PATH": "/nowhere"})
        bring("up", self.folder, "local", environment | {"JOBS_OUTPUTS": str(self.outputs.parent)})

    def doctor(self) -> tuple[Done, dict[str, list[str]]]:
        result = CliRunner().invoke(app, list(DOCTOR))
        done = Done(result.exit_code, result.stdout, result.stderr)
        states: dict[str, list[str]] = {}
        for line in done.out.splitlines():
            if not line.startswith(" "):
                states.setdefault(line[9:22].strip(), []).append(line[:8].strip())
        return done, states

    def changed(self, change: Callable[[dict[str, Any]], None]) -> None:
        """The outputs, changed."""
        told = json.loads(self.outputs.read_text())
        change(told)
        self.outputs.write_text(json.dumps(told))

    def resource(self, type_: str) -> Any:
        (found,) = [each for each in self.running.cloud.state.arm.resources.values() if each.type == type_]
        return found


@pytest.fixture(scope="module")
def up(running_blobs_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Standing:
    """A project whose local stack is up."""
    folder = tmp_path_factory.mktemp("up")
    (folder / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
    (folder / "models" / "clippy").mkdir(parents=True)
    (folder / "models" / "clippy" / "tune.yaml").write_text(
        "base: gpt-4.1-mini-2025-04-14\ndata: {train: train.jsonl}\n"
    )
    running_blobs_simulator.replace_cloud(Cloud(Clock(step_on_poll=True)))
    Clinic(folder, running_blobs_simulator, dict).up()
    return Standing.of(running_blobs_simulator, folder)


@pytest.fixture
def clinic(
    up: Standing,
    running_blobs_simulator: Simulator,
    environment: Callable[..., dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Clinic:
    """The trainer is signed in, and everything is as it should be."""
    up.copy(running_blobs_simulator, tmp_path)
    made = Clinic(tmp_path, running_blobs_simulator, environment)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JOBS_OUTPUTS", str(made.outputs.parent))
    monkeypatch.setenv("JOBS_UP", "make up")
    monkeypatch.setenv("PATH", "/nowhere")
    environment("trainer", running_blobs_simulator)
    return made


def test_all_is_well_with_a_trainer_of_a_stack_that_is_up(clinic: Clinic) -> None:
    """Only the quota is nothing that a trainer may read."""
    done, states = clinic.doctor()

    assert (done.code, done.err) == (0, "")
    assert states == {
        "versions": ["ok"],
        "pulumi": ["ok"],
        "outputs": ["ok"],
        "credential": ["ok"],
        "clock": ["ok"],
        "subscription": ["ok"],
        "network": ["ok", "ok"],
        "token scope": ["ok"],
        "roles": ["ok", "ok"],
        "limits": ["ok"],
        "quota": ["-"],
    }
    assert "az cognitiveservices usage list --location swedencentral" in done.out
    assert TRAINER.object_id in done.out
    assert TRAINER.secret is not None
    assert TRAINER.secret not in done.out
    assert "eyJ" not in done.out


def test_a_missing_role_is_granted_by_the_lines_that_are_shown(clinic: Clinic) -> None:
    """Copied into the stack file as they stand; an up; and all is well."""
    clinic.become("stranger", clinic.running)
    done, states = clinic.doctor()

    assert done.code == 1
    assert "2 blockers" in done.err
    assert states["roles"] == ["blocker", "blocker"]
    assert states["network"] == ["ok", "ok"]
    assert "Cognitive Services OpenAI Contributor is missing on account main" in done.out
    assert "Storage Blob Data Contributor is missing on storage" in done.out
    assert "make up -s local" in done.out
    assert done.out.count("principalId") == 1
    assert "| as above" in done.out

    shown = [line.partition("| ")[2] for line in done.out.splitlines() if line.startswith(" ")]
    begin = shown.index("  tuned-models:access:")
    entry = shown[begin + 2 : begin + 4]
    assert STRANGER.object_id in entry[0]
    text = clinic.stack_file.read_text()
    head = "    trainers: # the jobs\n"
    assert head in text
    clinic.stack_file.write_text(text.replace(head, head + "\n".join(entry) + "\n"))
    clinic.up()

    again, states = clinic.doctor()
    assert again.code == 0
    assert states["roles"] == ["ok", "ok"]


def test_a_role_that_was_taken_away_is_told_of_the_place_it_lacks_on(clinic: Clinic) -> None:
    resources = clinic.running.cloud.state.arm.resources
    storage = clinic.resource(STORAGE_ACCOUNTS)
    for key, each in list(resources.items()):
        if each.type == ROLE_ASSIGNMENTS and str(each.properties["scope"]).lower() == storage.id.lower():
            del resources[key]
    done, states = clinic.doctor()

    assert done.code == 1
    assert states["roles"] == ["ok", "blocker"]


def test_a_token_for_the_wrong_service_is_told_with_the_scope_to_try(clinic: Clinic) -> None:
    clinic.changed(lambda told: told["environment"].update(tokenScope="https://management.azure.com/.default"))
    done, states = clinic.doctor()

    assert done.code == 1
    assert states["token scope"] == ["blocker"]
    assert states["roles"] == ["ok", "ok"]
    assert "tokenScope: https://cognitiveservices.azure.com/.default" in done.out


def test_a_scope_of_a_service_that_there_is_not_is_refused_by_entra(clinic: Clinic) -> None:
    clinic.changed(lambda told: told["environment"].update(tokenScope="https://nothing.example/.default"))
    done, states = clinic.doctor()

    assert done.code == 1
    assert states["credential"] == ["blocker"]
    assert states["roles"] == ["-"]
    assert "500011" in done.out


@pytest.mark.parametrize(("type_", "states"), [(ACCOUNTS, ["blocker", "ok"]), (STORAGE_ACCOUNTS, ["ok", "blocker"])])
def test_a_network_that_is_closed_says_from_where_it_is_open(clinic: Clinic, type_: str, states: list[str]) -> None:
    clinic.resource(type_).properties["publicNetworkAccess"] = "Disabled"
    done, found = clinic.doctor()

    assert done.code == 1
    assert found["network"] == states
    assert found["roles"] == ["ok", "ok"]
    assert "inside the virtual network" in done.out


@pytest.mark.parametrize(
    ("minutes", "state", "code"), [(2, "warn", 0), (-2, "warn", 0), (6, "blocker", 1), (-6, "blocker", 1)]
)
def test_a_clock_that_is_wrong_is_compared_with_the_service_s(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, minutes: int, state: str, code: int
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime.now(UTC) + timedelta(minutes=minutes))
    done, states = clinic.doctor()

    assert (done.code, states["clock"]) == (code, [state])
    assert ("ahead of" if minutes > 0 else "behind") in done.out


def test_a_stack_that_was_never_brought_up_says_so_and_the_rest_is_looked_at(clinic: Clinic) -> None:
    clinic.outputs.unlink()
    done, states = clinic.doctor()

    assert done.code == 1
    assert states["outputs"] == ["blocker"]
    assert states["credential"] == ["ok"]
    assert states["roles"] == ["-"]
    assert "| make up -s local" in done.out


def test_outputs_of_a_newer_program_are_not_read(clinic: Clinic) -> None:
    clinic.changed(lambda told: told.update(schemaVersion=SCHEMA_VERSION + 1))
    done, states = clinic.doctor()

    assert (done.code, states["outputs"]) == (1, ["blocker"])


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("AZURE_CLIENT_SECRET", "wrong-one", "AADSTS7000215"),
        ("AZURE_TENANT_ID", "7e57ab1e-0000-4000-8000-0000000000ff", "double check your tenant"),
    ],
)
def test_a_credential_that_entra_refuses_is_told_without_its_secret(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    done, states = clinic.doctor()

    assert done.code == 1
    assert states["credential"] == ["blocker"]
    assert states["clock"] == ["ok"]
    assert states["quota"] == ["-"]
    assert words in done.out
    assert "wrong-one" not in done.out + done.err


def test_a_control_plane_that_cannot_be_reached_leaves_the_data_planes_to_look_at(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARM_METADATA_HOSTNAME", "127.0.0.1:1")
    done, states = clinic.doctor()

    assert done.code == 1
    assert states["clock"] == ["blocker"]
    assert states["subscription"] == ["blocker"]
    assert states["network"] == ["ok", "ok"]
    assert states["roles"] == ["warn", "warn"]


def test_quota_is_read_by_who_may_and_held_against_what_the_models_need(clinic: Clinic) -> None:
    """Live 100 and candidate 50, of 500; then more than the region has at all."""
    subscription = f"/subscriptions/{clinic.running.cloud.subscription_id}"
    granted = Storage(clinic.running, clinic.resource(STORAGE_ACCOUNTS).name, None).grant(
        "trainer", COGNITIVE_USAGES_READER
    )
    granted.body["properties"]["scope"] = subscription
    done, states = clinic.doctor()

    assert states["quota"] == ["ok"]
    assert "OpenAI.GlobalStandard.gpt-4.1-mini-finetune, the next model needs 150" in done.out

    clinic.changed(lambda told: told["models"]["clippy"]["skus"]["live"].update(capacity=451))
    done, states = clinic.doctor()
    assert (done.code, states["quota"]) == (1, ["blocker"])


def test_without_the_project_s_folder_there_is_nothing_to_look_at(clinic: Clinic, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").unlink()
    done, states = clinic.doctor()

    assert (done.code, states) == (1, {})
    assert "Pulumi.yaml" in done.err


def test_neither_a_cli_nor_another_way_to_bring_stacks_up_is_in_the_way(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOBS_UP")
    done, states = clinic.doctor()

    assert (done.code, states["pulumi"]) == (1, ["blocker"])
