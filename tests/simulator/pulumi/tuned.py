"""Releases of tuned models in a local stack's file, without the training."""

from __future__ import annotations

import json
from pathlib import Path

from contract.release import Digests, Hyperparameters, ReleaseRecord, Sku
from simulator.arm.models import find_account_by_subdomain
from simulator.pulumi.stack_file import parsed
from simulator.server import Simulator
from tests.evaluations import passed
from tests.simulator.arm.clients import BASE, add_tuned_model

_KEY = "  tuned-models:releases:"


def release(simulator: Simulator, stack_file: Path, **numbers: int) -> None:
    """Records as `candidate`, `live` and `previous` the tuned models of these numbers, the higher the newer.

    The stack's account must be there.
    """
    name = parsed(stack_file)["config"]["tuned-models:accounts"]["main"]["name"]
    account = find_account_by_subdomain(simulator.cloud, name)
    assert account is not None
    releases: dict[str, object] = {}
    for place, number in numbers.items():
        record = ReleaseRecord(
            model_id=add_tuned_model(simulator, account, number=number),
            parent_model_id=BASE,
            job_id=f"ftjob-{number:032x}",
            run_key=f"{number:064x}",
            method="supervised",
            training_type="GlobalStandard",
            seed=42,
            hyperparameters=Hyperparameters(),
            digests=Digests(train="0" * 64, tune_yaml="0" * 64),
            trained_at=f"2026-11-{number:02d}T09:00:00Z",
            trained_in="main",
            served_with=Sku(name="GlobalStandard", capacity=10) if place == "previous" else None,
        )
        written = passed(record).model_dump(mode="json", by_alias=True)
        releases[place] = [written] if place == "previous" else written
    text = stack_file.read_text()
    stack_file.write_text(f"{text.partition(_KEY)[0]}{_KEY} {json.dumps({'clippy': releases})}\n")


def tuned_deployments(simulator: Simulator) -> set[str]:
    """The names of those that stand."""
    resources = simulator.cloud.state.arm.resources
    return {name for name in (id_.rpartition("/deployments/")[2] for id_ in resources) if name.startswith("clippy-")}
