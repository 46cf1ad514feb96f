"""Log Analytics workspaces, held against azure-mgmt-loganalytics."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients, refused
from tests.simulator.arm.watched import WORKSPACE, make_workspace


def test_one_is_made_with_azure_s_defaults(azure: Clients, group: str) -> None:
    made = azure.logs.workspaces.begin_create_or_update(group, "log-tuned", {"location": LOCATION}).result()
    assert (made.provisioning_state, made.retention_in_days) == ("Succeeded", 30)
    assert made.sku is not None
    assert made.sku.name == "PerGB2018"
    assert made.customer_id
    assert (made.public_network_access_for_ingestion, made.public_network_access_for_query) == ("Enabled", "Enabled")
    assert [each.name for each in azure.logs.workspaces.list()] == ["log-tuned"]
    assert [each.name for each in azure.logs.workspaces.list_by_resource_group(group)] == ["log-tuned"]


def test_it_takes_a_moment(simulator: Simulator, azure: Clients, group: str) -> None:
    simulator.clock.step_on_poll = False
    azure.logs.workspaces.begin_create_or_update(group, "log-tuned", WORKSPACE, polling=False)
    assert azure.logs.workspaces.get(group, "log-tuned").provisioning_state == "Creating"
    simulator.clock.advance(10)
    assert azure.logs.workspaces.get(group, "log-tuned").provisioning_state == "Succeeded"


@pytest.mark.parametrize(
    ("sku", "days", "right"),
    [("PerGB2018", 730, True), ("PerGB2018", 731, False), ("PerGB2018", 7, False), ("Free", 7, True)],
)
def test_the_tier_bounds_the_retention(azure: Clients, group: str, sku: str, days: int, right: bool) -> None:
    body: Any = {"location": LOCATION, "properties": {"sku": {"name": sku}, "retentionInDays": days}}
    if right:
        assert azure.logs.workspaces.begin_create_or_update(group, "log-tuned", body).result().retention_in_days == days
        return
    with refused(400, "InvalidParameter"):
        azure.logs.workspaces.begin_create_or_update(group, "log-tuned", body)


def test_a_name_has_four_characters_at_least(azure: Clients, group: str) -> None:
    with refused(400, "InvalidParameter"):
        azure.logs.workspaces.begin_create_or_update(group, "log", WORKSPACE)


def test_a_deleted_one_is_the_same_again_within_14_days(simulator: Simulator, azure: Clients, group: str) -> None:
    make_workspace(azure)
    before = azure.logs.workspaces.get(group, "log-tuned").customer_id
    azure.logs.workspaces.begin_delete(group, "log-tuned").result()
    assert [each.name for each in azure.logs.deleted_workspaces.list()] == ["log-tuned"]
    simulator.clock.advance(13 * 24 * 3600)
    make_workspace(azure)
    assert azure.logs.workspaces.get(group, "log-tuned").customer_id == before
    assert list(azure.logs.deleted_workspaces.list_by_resource_group(group)) == []


def test_after_14_days_it_is_another(simulator: Simulator, azure: Clients, group: str) -> None:
    make_workspace(azure)
    before = azure.logs.workspaces.get(group, "log-tuned").customer_id
    azure.logs.workspaces.begin_delete(group, "log-tuned").result()
    simulator.clock.advance(14 * 24 * 3600)
    make_workspace(azure)
    assert azure.logs.workspaces.get(group, "log-tuned").customer_id != before


def test_force_deletes_for_good(azure: Clients, group: str) -> None:
    make_workspace(azure)
    azure.logs.workspaces.begin_delete(group, "log-tuned", force=True).result()
    assert list(azure.logs.deleted_workspaces.list()) == []


def test_the_group_s_deletion_keeps_it_too(azure: Clients, group: str) -> None:
    make_workspace(azure)
    azure.resources.resource_groups.begin_delete(group).result()
    assert [each.name for each in azure.logs.deleted_workspaces.list()] == ["log-tuned"]


def test_it_is_recovered_in_its_own_region_only(azure: Clients, group: str) -> None:
    make_workspace(azure)
    azure.logs.workspaces.begin_delete(GROUP, "log-tuned").result()
    with refused(409, "Conflict"):
        azure.logs.workspaces.begin_create_or_update(GROUP, "log-tuned", WORKSPACE | {"location": "eastus2"})
