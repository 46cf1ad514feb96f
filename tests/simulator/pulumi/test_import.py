"""What stands in Azure already, taken over in process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pulumi
import pytest

from simulator.environment import reaching
from simulator.pulumi import local_stack
from simulator.pulumi.in_process import up
from simulator.pulumi.summary import Failed, Summary
from simulator.pulumi.up import bring
from simulator.server import Simulator
from tests.by_hand import made_by_hand
from tests.simulator.pulumi.conftest import Sketch, Stage


def test_an_account_made_by_hand_comes_under_the_program(simulator: Simulator, tmp_path: Path) -> None:
    """It is set right as far as it differs, and not replaced; the next up changes nothing."""
    environment = reaching(simulator, ambient={"PATH": "/nowhere"})
    environment["JOBS_OUTPUTS"] = str(tmp_path / "home" / "outputs")
    file = local_stack.write(tmp_path / "environments")
    assert file is not None
    ids = made_by_hand(file, environment)
    with pytest.raises(Failed, match="cannot create already existing resource"):
        bring("up", tmp_path, "local", environment)

    planned = bring("preview", tmp_path, "local", environment, adopted=ids)
    done = bring("up", tmp_path, "local", environment, adopted=ids)

    assert done.summary == planned.summary
    assert {step.name for step in done.did("updated")} == set(ids)
    assert done.did("replaced") == []
    assert bring("up", tmp_path, "local", environment).summary == Summary(unchanged=len(done.steps))


def test_a_name_that_nothing_has_is_refused_before_anything(stage: Stage) -> None:
    with pytest.raises(Failed, match="nothing of the name none is declared: it can't be imported"):
        stage.up(Sketch(), adopted={"none": "/subscriptions/x"})
    assert stage.writes == []


def test_an_import_that_would_cost_data_asks_first(stage: Stage) -> None:
    """A deployment of another model under that name."""
    up(replace(stage.run, stack="other"), Sketch())
    group = "/subscriptions/7e57ab1e-0000-4000-8000-00000000005b/resourceGroups/rg"
    account = f"{group}/providers/Microsoft.CognitiveServices/accounts/acct-one"
    ids = {"group": group, "account": account, "one": f"{account}/deployments/one"}

    with pytest.raises(Failed, match="Deployment one would be replaced"):
        stage.up(Sketch(deployments={"one": ("gpt-4.1-nano", "2025-04-14", 10)}), adopted=ids)

    assert stage.writes == []
    assert stage.up(Sketch(), adopted=ids).did("replaced") == []


def test_the_option_imports_only_what_is_as_declared(stage: Stage) -> None:
    """As the CLI: ResourceOptions(import_=…) changes nothing, and tells what differs."""
    up(replace(stage.run, stack="other"), Sketch(deployments={}))
    group = "/subscriptions/7e57ab1e-0000-4000-8000-00000000005b/resourceGroups/rg"

    def program(tags: dict[str, str]) -> None:
        from pulumi_azure_native import resources

        resources.ResourceGroup(
            "group",
            resource_group_name="rg",
            location="swedencentral",
            tags=tags,
            opts=pulumi.ResourceOptions(import_=group),
        )

    with pytest.raises(Failed, match=r"inputs to import do not match the existing resource: tags\.a"):
        stage.up(lambda: program({"a": "b"}))
    assert stage.up(lambda: program({})).summary.changed <= 1
    assert stage.writes == []
