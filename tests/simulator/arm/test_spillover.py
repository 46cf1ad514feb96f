"""Spillover from a provisioned deployment to a standard one, and capacity that changes in place."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.arm.models import Resource
from simulator.clock import Clock
from simulator.cloud import Cloud
from simulator.server import Simulator
from tests.simulator.arm.clients import (
    GROUP,
    Clients,
    add_tuned_model,
    deployment,
    make_account,
    name_of,
    refused,
    tuned_deployment,
)
from tests.simulator.arm.conftest import As


def put(azure: Clients, account: Resource, name: str, body: Any, spillover: str | None = None) -> Any:
    body.properties.spillover_deployment_name = spillover
    return azure.cognitive.deployments.begin_create_or_update(*name_of(account), name, body).result()


def test_it_goes_to_a_standard_deployment_of_the_same_model_and_version(azure: Clients, account: Resource) -> None:
    put(azure, account, "standard", deployment())
    made = put(azure, account, "reserved", deployment(sku="GlobalProvisionedManaged", capacity=50), "standard")

    assert made.properties.spillover_deployment_name == "standard"


@pytest.mark.parametrize(
    ("sku", "target"),
    [
        ("GlobalStandard", "standard"),  # only a provisioned one spills over
        ("GlobalProvisionedManaged", "nowhere"),
        ("GlobalProvisionedManaged", "other-model"),
        ("GlobalProvisionedManaged", "provisioned"),
    ],
)
def test_anything_else_is_refused(azure: Clients, account: Resource, sku: str, target: str) -> None:
    put(azure, account, "standard", deployment())
    put(azure, account, "other-model", deployment("gpt-4.1"))
    put(azure, account, "provisioned", deployment(sku="ProvisionedManaged", capacity=50))

    with refused(400, "InvalidSpilloverDeployment"):
        put(azure, account, "reserved", deployment(sku=sku, capacity=50), target)


def test_it_is_added_and_taken_away_in_place(azure: Clients, account: Resource) -> None:
    put(azure, account, "standard", deployment())
    for spillover in (None, "standard", None):
        made = put(azure, account, "reserved", deployment(sku="ProvisionedManaged", capacity=50), spillover)
        assert made.properties.spillover_deployment_name == spillover


def test_capacity_changes_in_place_and_the_rate_limits_with_it(azure: Clients, account: Resource) -> None:
    put(azure, account, "d1", deployment(capacity=10))
    made = put(azure, account, "d1", deployment(capacity=20))

    assert made.sku.capacity == 20
    assert [(each.key, each.renewal_period, each.count) for each in made.properties.rate_limits] == [
        ("request", 60, 20),
        ("token", 60, 20000),
    ]


def test_support_raises_the_number_of_deployments(simulator: Simulator, as_: As) -> None:
    """By default ten tuned ones, and 32 of all kinds (quotas page of 2026-03)."""
    simulator.replace_cloud(Cloud(Clock(step_on_poll=True), tuned_deployments=12))
    azure = as_("deployer")
    azure.resources.resource_groups.create_or_update(GROUP, {"location": "swedencentral"})
    made = make_account(azure, GROUP, "aoai-tuned")
    account = simulator.cloud.state.arm.resources[str(made.id).lower()]
    for number in range(12):
        put(
            azure,
            account,
            f"d{number}",
            tuned_deployment(add_tuned_model(simulator, account, number=number), capacity=1),
        )

    with refused(400, "DeploymentLimitReached"):
        put(azure, account, "d12", tuned_deployment(add_tuned_model(simulator, account, number=12), capacity=1))
