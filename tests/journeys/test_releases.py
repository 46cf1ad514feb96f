"""A year in the life of a model, through the command line: trained, released, trained again, put aside, rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from simulator.arm.models import deployments_of, find_account_by_subdomain
from simulator.environment import reaching
from simulator.server import Simulator
from tests.checkout import copy_to
from tests.here import typed_here

RELEASE = ("jobs", "release", "clippy", "-s", "local", "--override", "tried by hand")


@dataclass
class Team:
    """Somebody at a terminal in a checkout, with a local Azure."""

    project: Path
    simulator: Simulator

    @property
    def stack_file(self) -> Path:
        return self.project / "environments" / "Pulumi.local.yaml"

    def types(self, *command: str, code: int = 0) -> str:
        """What `python -m COMMAND` says; it ends with `code`."""
        environment = reaching(self.simulator) | {"COLUMNS": "200"}
        return typed_here(self.project, *command, environment=environment, code=code)

    def up(self) -> str:
        return self.types("simulator", "up", "-s", "local", "--in-process")

    def tunes(self, line: str) -> None:
        """Changes one line of tune.yaml, by its key."""
        file = self.project / "models" / "clippy" / "tune.yaml"
        key = line.partition(":")[0]
        old = [each if not each.startswith(f"{key}:") else line for each in file.read_text().splitlines()]
        file.write_text("\n".join(old) + "\n")

    def deployed(self) -> dict[str, str]:
        """Tuned model → etag of its deployment, as Azure has it."""
        outputs = YAML(typ="safe").load(self.stack_file.read_text())["config"]
        account = find_account_by_subdomain(self.simulator.cloud, outputs["tuned-models:accounts"]["main"]["name"])
        assert account is not None
        return {
            each.body["properties"]["model"]["name"]: each.etag
            for each in deployments_of(self.simulator.cloud, account.id)
            if ".ft-" in each.body["properties"]["model"]["name"]
        }

    def recorded(self, role: str) -> str:
        releases = YAML(typ="safe").load(self.stack_file.read_text())["config"]["tuned-models:releases"]["clippy"]
        record = releases[role][0] if role == "previous" else releases[role]
        return str(record["modelId"])


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with Simulator(rate=3600.0) as simulator:
        yield Team(copy_to(tmp_path / "project"), simulator)


@pytest.mark.slow
def test_a_model_is_replaced_while_callers_move_over(team: Team) -> None:
    """The next model is released beside the former one, which stands untouched; a bad candidate goes for good; and what
    was released is rolled back by one up that makes nothing."""
    team.up()
    # What is released has to be deployed first, and the command for that is named.
    team.types("jobs", "run", "clippy", "-s", "local", "--yes")
    assert "up -s local" in team.types("jobs", "release", "clippy", "-s", "local", code=1)
    assert "hosting per 30 days: $1,224.00, +$1,224.00" in team.up()
    team.types(*RELEASE)
    team.up()
    first = team.recorded("live")
    standing = team.deployed()
    assert set(standing) == {first}

    team.tunes("seed: 7")
    team.types("jobs", "run", "clippy", "-s", "local", "--yes")
    second = team.recorded("candidate")
    assert "yet" in team.types("jobs", "status", "-s", "local")
    team.up()
    team.types(*RELEASE)
    team.up()

    assert (team.recorded("live"), team.recorded("previous")) == (second, first)
    assert set(team.deployed()) == {first, second}
    assert team.deployed()[first] == standing[first]

    team.tunes("seed: 8")
    team.types("jobs", "run", "clippy", "-s", "local", "--yes")
    third = team.recorded("candidate")
    team.up()
    before = team.deployed()
    team.types("jobs", "withdraw", "clippy", "-s", "local", "--reason", "not sarcastic enough")
    team.up()

    assert team.recorded("previous") == third
    after = team.deployed()
    assert set(after) == {first, second}
    assert after == {model: etag for model, etag in before.items() if model != third}
    # The sixteen of the first up, and the two models that stand.
    assert ": 18 unchanged." in team.up()

    back = ("jobs", "rollback", "clippy", "-s", "local")
    assert "deployed still" in team.types(*back, "--reason", "customers complain")
    assert "already" in team.types(*back)
    assert (team.recorded("live"), team.recorded("previous")) == (first, second)
    assert ": 18 unchanged." in team.up()
    assert team.deployed() == after
    # The one that was left is not gone back to, and nobody else was live.
    assert f"--to {second}" in team.types(*back, code=1)
    team.types(*back, "--to", second)
    assert ": 18 unchanged." in team.up()
    assert (team.recorded("live"), team.recorded("previous")) == (second, first)
    # Who looks at a preview is told what was never measured.
    assert "is live by an override of" in team.types("simulator", "up", "-s", "local", "--in-process", "--preview")
