"""Production is trained, released and asked from inside its network; from outside, whoever needs data is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from contract.stack_config import NAMESPACE
from simulator.entra.models import CALLER, DEPLOYER, TRAINER, ServicePrincipal
from simulator.environment import Network, reaching
from simulator.server import Simulator
from tests.checkout import copy_to
from tests.here import typed_here
from tests.journeys.stack import Config, environment_config

OUTSIDE = ("does not let you in from here", "inside the virtual network", "status 403")


@dataclass
class Team:
    """Somebody at a terminal in a checkout, outside or inside prod's network; and the application it serves."""

    project: Path
    simulator: Simulator

    def types(self, *command: str, network: Network = "public", who: str = "trainer", code: int = 0) -> str:
        """What `python -m COMMAND` says; it ends with `code`."""
        environment = reaching(self.simulator, who, network=network) | {"COLUMNS": "300"}
        return typed_here(self.project, *command, environment=environment, code=code)

    def inside(self, *command: str) -> str:
        return self.types(*command, network="private")

    def up(self) -> str:
        return self.types("simulator", "up", "-s", "prod", "--in-process")

    def asks(self, network: Network, code: int = 0) -> str:
        """What an application is told that reads the pointer and asks whatever it names."""
        store = self.outputs["pointers"]["endpoint"]
        question = ("clippy", "What is a paper clip?", "--store", store)
        return self.types("examples.callers", *question, network=network, who="caller", code=code)

    def trains_in_the_region(self) -> None:
        file = self.project / "models" / "clippy" / "tune.yaml"
        file.write_text(file.read_text().replace("trainingType: GlobalStandard", "trainingType: Standard"))

    @property
    def outputs(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.simulator.outputs / "prod.json").read_text())
        return found


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """With prod's network, pointers and rules, in one region and without what is beside the loop; it takes half a
    minute less. The local principals stand for the application, the trainers and the pipeline."""
    project = copy_to(tmp_path / "project")
    config = environment_config("prod", project)
    for beside in ("encryption", "contentFilters", "blocklists", "budget", "baseDeployments"):
        del config[beside]
    del (
        config["environment"]["contentFilters"],
        config["accounts"]["america"],
        config["models"]["clippy"]["contentFilter"],
    )
    config["models"]["clippy"]["servedIn"] = ["europe"]
    people = {"callers": CALLER, "trainers": TRAINER, "deployers": DEPLOYER}
    config["access"] = {group: [_person(who)] for group, who in people.items()}
    with (project / "environments" / "Pulumi.prod.yaml").open("w") as stack_file:
        YAML(typ="safe").dump({"config": {f"{NAMESPACE}:{key}": value for key, value in config.items()}}, stack_file)
    with Simulator(rate=3600.0) as simulator:
        yield Team(project, simulator)


def _person(who: ServicePrincipal) -> Config:
    return {"principalId": who.object_id, "principalType": "ServicePrincipal"}


@pytest.mark.slow
def test_the_loop_goes_on_in_production_from_inside_its_network(team: Team) -> None:
    assert "created" in team.up()

    # What needs no data plane works at one's own desk.
    assert "no errors" in team.types("jobs", "check", "clippy")
    assert "clippy" in team.types("jobs", "status", "-s", "prod")
    # Data has to stay in its region, and clippy is trained anywhere until somebody changes that.
    assert "write trainingType: Standard" in team.types("jobs", "run", "clippy", "-s", "prod", "--yes", code=1)
    team.trains_in_the_region()
    refused = team.types("jobs", "run", "clippy", "-s", "prod", "--yes", code=3)
    for words in OUTSIDE:
        assert words in refused

    assert "clippy" in team.inside("jobs", "status", "-s", "prod")
    team.inside("jobs", "check", "clippy")
    assert "is the candidate" in team.inside("jobs", "run", "clippy", "-s", "prod", "--yes")
    team.up()
    team.types("jobs", "release", "clippy", "-s", "prod", "--override", "tried by hand")
    team.up()

    live = team.outputs["models"]["clippy"]["live"]
    assert live["modelId"] in team.inside("jobs", "status", "-s", "prod")
    assert live["modelId"] in team.asks("private")
    assert "403" in team.asks("public", code=1)
    # A run that is found again asks the data plane too.
    for words in OUTSIDE:
        assert words in team.types("jobs", "run", "clippy", "-s", "prod", "--yes", code=3)
