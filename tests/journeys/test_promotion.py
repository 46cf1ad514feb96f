"""A model goes from one environment to another, of another subscription and region: by its record, ups, and rights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from contract.stack_config import NAMESPACE
from simulator.arm.models import deployments_of
from simulator.entra.models import DEPLOYER, OTHER_SUBSCRIPTION_ID
from simulator.environment import reaching
from simulator.pulumi.up import bring
from simulator.server import Simulator
from tests.contract.specimens import record
from tests.here import typed_here
from tests.journeys.stack import QUIET
from tests.simulator.arm.clients import add_tuned_model

GLOBAL = {"name": "GlobalStandard", "capacity": 10}
DEPLOYERS = [{"principalId": DEPLOYER.object_id, "principalType": "ServicePrincipal"}]


class Team:
    """A project of two environments, whose files people can edit: jobs refuses JSON."""

    def __init__(self, folder: Path, simulator: Simulator) -> None:
        self.folder, self.simulator = folder, simulator
        (folder / "environments").mkdir()
        (folder / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
        self.environment = reaching(simulator) | {"JOBS_OUTPUTS": str(folder / "home" / "outputs"), **QUIET}

    def writes(self, stack: str, location: str, releases: dict[str, Any] | None = None, **more: Any) -> None:
        config = {
            "resourceGroup": {"name": f"tuned-models-{stack}"},
            "accounts": {"main": {"name": f"contoso-{stack}", "location": location}},
            "storage": {"name": f"contosotuned{stack}"},
            "models": {"clippy": {"skus": {"live": GLOBAL}}},
            "releases": {"clippy": releases} if releases else {},
            **more,
        }
        whole = {f"{NAMESPACE}:{key}": value for key, value in config.items()}
        if stack == "prod":
            whole["azure-native:subscriptionId"] = OTHER_SUBSCRIPTION_ID
        with (self.folder / "environments" / f"Pulumi.{stack}.yaml").open("w") as file:
            YAML(typ="safe", pure=True).dump({"config": json.loads(json.dumps(whole))}, file)

    def up(self, stack: str) -> None:
        bring("up", self.folder, stack, self.environment, in_process=True)

    def promotes(self, code: int = 0) -> str:
        words = ("promote", "clippy", "--from", "dev", "--to", "prod")
        return typed_here(self.folder, "jobs", *words, environment=self.environment, code=code)


@pytest.mark.slow
def test_from_one_subscription_and_region_to_another(simulator: Simulator, tmp_path: Path) -> None:
    team = Team(tmp_path, simulator)
    first, second = simulator.cloud.subscription_id, OTHER_SUBSCRIPTION_ID
    account = f"/subscriptions/{first}/resourceGroups/tuned-models-dev/providers/Microsoft.CognitiveServices/accounts"
    team.writes("dev", "swedencentral")
    team.up("dev")
    model = add_tuned_model(simulator, f"{account}/contoso-dev")
    live = record(f"{1:032x}", modelId=model)
    team.writes("dev", "swedencentral", {"live": live})
    team.writes("prod", "northcentralus", access={"deployers": DEPLOYERS})
    team.up("prod")

    # Who runs prod's up is nobody to dev yet; the lines that are missing are those that help.
    refused = team.promotes(code=1)
    assert "LinkedAuthorizationFailed" in refused
    assert f"- principalId: {DEPLOYER.object_id}  # of prod" in refused
    team.writes("dev", "swedencentral", {"live": live}, access={"deployers": DEPLOYERS})
    team.up("dev")
    assert "Then: " in team.promotes()
    assert "is the candidate there already" in team.promotes()
    team.up("prod")

    serving = f"{account}/contoso-prod".replace(first, second).replace("-dev", "-prod")
    (deployed,) = deployments_of(simulator.cloud, serving)
    assert deployed.body["properties"]["model"] | {"version": "1"} == {
        "format": "OpenAI",
        "name": model,
        "version": "1",
        "source": f"{account}/contoso-dev",
    }
