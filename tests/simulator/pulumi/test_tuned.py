"""Tuned deployments from one up to the next, in process; tests/engine/test_tuned.py has the same under the CLI."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from simulator.environment import reaching
from simulator.pulumi.local_stack import content
from simulator.pulumi.summary import Summary, UpResult
from simulator.pulumi.up import bring
from simulator.server import Simulator
from tests.simulator.arm.clients import Clients
from tests.simulator.pulumi.standing import FirstUps
from tests.simulator.pulumi.tuned import release, tuned_deployments

DAY = 86400


@dataclass
class Stage:
    """A way to bring the local stack up, and the Azure it stands on."""

    simulator: Simulator
    stack_file: Path
    up: Callable[[], UpResult]


@pytest.fixture
def stage(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first_ups: FirstUps) -> Stage:
    """After its first up, with names that are the same in every test."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(simulator.ca_file))
    environment = reaching(simulator, ambient={"PATH": "/nowhere"})
    environment["JOBS_OUTPUTS"] = str(tmp_path / "home" / "outputs")
    stack_file = tmp_path / "environments" / "Pulumi.local.yaml"
    stack_file.parent.mkdir()
    stack_file.write_text(content(Path("/environments")))
    made = Stage(simulator, stack_file, lambda: bring("up", tmp_path, "local", environment))
    first_ups.up(simulator, tmp_path, stack_file, made.up)
    return made


def test_a_live_deployment_that_somebody_deletes_comes_back(stage: Stage) -> None:
    """Deleted with Azure's own library, as the deployer."""
    release(stage.simulator, stage.stack_file, live=1)
    assert stage.up().summary == Summary(created=1, unchanged=16)
    (name,) = tuned_deployments(stage.simulator)
    clients = Clients(stage.simulator, "deployer")
    with clients.open:
        (account,) = clients.cognitive.accounts.list()
        clients.cognitive.deployments.begin_delete(str(account.id).split("/")[4], str(account.name), name).result()
    assert tuned_deployments(stage.simulator) == set()

    assert stage.up().summary == Summary(created=1, unchanged=16)

    assert tuned_deployments(stage.simulator) == {name}
    assert stage.up().summary == Summary(unchanged=17)


@pytest.mark.parametrize(
    ("sku", "seconds"), [("GlobalStandard", 15 * DAY + 3600), ("DeveloperTier", DAY + 3600)], ids=["idle", "developer"]
)
def test_a_live_deployment_that_azure_deletes_by_itself_comes_back(stage: Stage, sku: str, seconds: int) -> None:
    """After 15 days without a call, or 24 hours in the developer tier; the clock is moved as users move it."""
    text = stage.stack_file.read_text()
    stage.stack_file.write_text(text.replace("live: {name: GlobalStandard", f"live: {{name: {sku}"))
    release(stage.simulator, stage.stack_file, live=1)
    stage.up()
    (name,) = tuned_deployments(stage.simulator)
    _advance(stage.simulator, seconds)

    assert stage.up().summary == Summary(created=1, unchanged=16)
    assert tuned_deployments(stage.simulator) == {name}
    assert stage.up().summary == Summary(unchanged=17)


def test_removing_the_first_and_the_third_of_three_overlaps_nothing(stage: Stage) -> None:
    release(stage.simulator, stage.stack_file, previous=1, live=2, candidate=3)
    assert stage.up().summary == Summary(created=3, unchanged=16)
    three = tuned_deployments(stage.simulator)
    release(stage.simulator, stage.stack_file, live=2)

    assert stage.up().summary == Summary(unchanged=17, deleted=2)

    assert len(three - tuned_deployments(stage.simulator)) == 2
    assert stage.up().summary == Summary(unchanged=17)


def _advance(simulator: Simulator, seconds: int) -> None:
    trusted = ssl.create_default_context(cafile=simulator.ca_file)
    with httpx2.Client(verify=trusted, trust_env=False) as client:
        moved: dict[str, Any] = client.post(f"{simulator.url}/_simulator/clock", json={"advance": seconds}).json()
        assert "now" in moved
