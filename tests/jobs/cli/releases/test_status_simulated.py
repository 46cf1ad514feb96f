"""`jobs status` with nothing doubled: what a local Azure deletes, and who deletes by hand, over HTTPS."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jobs.cli.app import app
from simulator.arm import activity
from simulator.arm.ids import GROUPS
from simulator.arm.models import ACCOUNTS, DEPLOYMENTS, Resource, note_call
from simulator.server import Simulator
from tests.contract.specimens import record
from tests.jobs.cli.conftest import Done
from tests.jobs.specimens import model_mapping, outputs_mapping

STACKS = ("dev", "prod", "staging")
DAY = 86400


@dataclass
class Scene:
    """Three stacks that are up, each with a live model of its own."""

    running: Simulator

    def status(self, *words: str) -> Done:
        moment = self.running.clock.now().isoformat()
        result = CliRunner().invoke(app, ["status", "--as-of", moment, *words])
        return Done(result.exit_code, result.stdout, result.stderr)

    def account(self, stack: str) -> str:
        group = f"/subscriptions/{self.running.cloud.subscription_id}/resourceGroups/rg-{stack}"
        return f"{group}/providers/{ACCOUNTS}/contoso-{stack}"

    def deployment(self, stack: str) -> str:
        return f"{self.account(stack)}/deployments/clippy-{stack}"


def stands(simulator: Simulator, resource_id: str, type_: str, **body: Any) -> Resource:
    made = simulator.clock.now()
    known = {"etag": "", "created_at": made, "changed_at": made, "created_by": "", "changed_by": ""}
    name = resource_id.rpartition("/")[2]
    resource = Resource.model_validate({"id": resource_id, "type": type_, "name": name, "body": body, **known})
    simulator.cloud.state.arm.resources[resource.key] = resource
    return resource


@pytest.fixture
def scene(
    simulator: Simulator,
    environment: Callable[..., dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Scene:
    (tmp_path / "environments").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: tuned-models\nruntime: python\nstackConfigDir: environments\n")
    made = Scene(simulator)
    for number, stack in enumerate(STACKS):
        live = record(f"{number}" * 32)
        sku = {"name": "GlobalStandard", "capacity": 50}
        stands(simulator, made.account(stack).partition("/providers/")[0], GROUPS)
        stands(simulator, made.account(stack), ACCOUNTS, kind="OpenAI", location="swedencentral")
        model = {"format": "OpenAI", "name": live["modelId"], "version": "1"}
        tuned = stands(simulator, made.deployment(stack), DEPLOYMENTS, sku=sku, properties={"model": model})
        tuned.facts = {"tuned": True}
        served = {"modelId": live["modelId"], "systemMessage": None, "sku": sku}
        outputs = outputs_mapping(clippy=model_mapping(live=served | {"deployments": {"main": f"clippy-{stack}"}}))
        outputs["accounts"]["main"]["id"] = made.account(stack)
        outputs["subscriptionId"] = simulator.cloud.subscription_id
        (tmp_path / f"{stack}.json").write_text(json.dumps(outputs))
        releases = json.dumps({"clippy": {"live": live}})
        file = tmp_path / "environments" / f"Pulumi.{stack}.yaml"
        file.write_text(f"config:\n  tuned-models:releases:\n    {releases}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JOBS_OUTPUTS", str(tmp_path))
    environment("deployer")
    return made


def test_three_stacks_are_looked_at_in_well_under_five_seconds(scene: Scene) -> None:
    for stack in STACKS:
        note_call(scene.running.cloud, scene.deployment(stack))
    scene.running.clock.advance(60)
    begun = time.monotonic()
    done = scene.status("--check")

    assert (done.code, done.err) == (0, "")
    assert time.monotonic() - begun < 5
    assert [line.split(":")[0] for line in done.out.splitlines() if " of hosting" in line] == list(STACKS)
    assert done.out.count("Succeeded") == 3
    assert done.out.count("0 min ago") == 3
    assert "not known" not in done.out


def test_what_azure_deletes_is_told_apart_from_what_somebody_deletes(scene: Scene) -> None:
    note_call(scene.running.cloud, scene.deployment("prod"))
    scene.running.clock.advance(13 * DAY)
    note_call(scene.running.cloud, scene.deployment("dev"))
    scene.running.clock.advance(60)
    soon = scene.status("--format", "json")
    kinds = {(bite["stack"], bite["kind"], bite["urgency"]) for bite in json.loads(soon.out)["bites"]}
    assert {("prod", "idle", "soon"), ("staging", "idle", "soon")} <= kinds
    assert ("dev", "idle", "soon") not in kinds

    arm = scene.running.cloud.state.arm
    by_hand = arm.resources.pop(scene.deployment("staging").lower())
    activity.note(scene.running.cloud, by_hand, "delete", "ada@contoso.example", scene.running.clock.now())
    scene.running.clock.advance(3 * DAY)
    done = scene.status("--check")

    assert done.code == 1
    assert "live clippy-prod in main is gone; Azure deleted it by itself 2026-12-05 09:00 UTC" in done.out
    assert "live clippy-staging in main is gone; ada@contoso.example deleted it 2026-12-03 09:01 UTC" in done.out
    assert "dev: clippy: live clippy-dev in main is gone" not in done.out
    assert done.out.count("gone  ") == 2


def test_who_trains_sees_the_table_and_is_told_what_they_may_not_read(
    scene: Scene, environment: Callable[..., dict[str, str]]
) -> None:
    environment("trainer")
    done = scene.status("-s", "dev", "--check")

    assert (done.code, done.err) == (0, "")
    assert "clippy-dev" in done.out
    assert "AuthorizationFailed" in done.out
    assert "Monitoring Reader" in done.out
