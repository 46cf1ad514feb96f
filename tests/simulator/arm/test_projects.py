"""Foundry projects of an account, judged by azure-mgmt-cognitiveservices."""

from __future__ import annotations

from typing import Any

import pytest
from azure.mgmt.cognitiveservices.models import Account, Project

from simulator.arm.models import find
from simulator.server import Simulator
from tests.simulator.arm.clients import LOCATION, Clients, make_account, refused

FOUNDRY = "foundry"


def make_project(azure: Clients, group: str, name: str = "support", account: str = FOUNDRY) -> Any:
    body = {
        "location": LOCATION,
        "identity": {"type": "SystemAssigned"},
        "properties": {"displayName": "Support", "description": "Answers"},
    }
    return azure.cognitive.projects.begin_create(group, account, name, Project.deserialize(body)).result()


def test_a_project_has_an_identity_and_an_endpoint_of_its_own(azure: Clients, group: str) -> None:
    account = make_account(azure, group, FOUNDRY, allowProjectManagement=True)
    made = make_project(azure, group)

    assert made.properties.provisioning_state == "Succeeded"
    assert made.properties.display_name == "Support"
    assert made.identity.principal_id not in (None, account.identity.principal_id)
    assert all(url.endswith("/api/projects/support") for url in made.properties.endpoints.values())


def test_an_account_that_manages_no_projects_has_none(azure: Clients, group: str) -> None:
    make_account(azure, group, FOUNDRY)

    with refused(400, "ProjectManagementNotAllowed"):
        make_project(azure, group)


def test_an_account_of_kind_openai_has_none(azure: Clients, group: str) -> None:
    body = {
        "location": LOCATION,
        "kind": "OpenAI",
        "sku": {"name": "S0"},
        "properties": {"allowProjectManagement": True},
    }
    azure.cognitive.accounts.begin_create(group, "plain", Account.deserialize(body)).result()

    with refused(400, "ProjectManagementNotAllowed"):
        make_project(azure, group, account="plain")


def test_an_account_with_projects_in_it_can_t_be_deleted(simulator: Simulator, azure: Clients, group: str) -> None:
    account = make_account(azure, group, FOUNDRY, allowProjectManagement=True)
    made = make_project(azure, group)
    with refused(
        409,
        "CannotDeleteResource",
        "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: "
        "'Microsoft.CognitiveServices/accounts/foundry/projects/support'. Please delete all nested resources before "
        "deleting this resource.",
    ):
        azure.cognitive.accounts.begin_delete(group, FOUNDRY).result()
    azure.cognitive.projects.begin_delete(group, FOUNDRY, "support").result()
    azure.cognitive.accounts.begin_delete(group, FOUNDRY).result()

    assert find(simulator.cloud, str(made.id)) is None
    assert find(simulator.cloud, str(account.id)) is None


def test_a_sibling_waits_until_a_project_is_made(simulator: Simulator, azure: Clients, group: str) -> None:
    make_account(azure, group, FOUNDRY, allowProjectManagement=True)
    simulator.clock.step_on_poll = False
    azure.cognitive.projects.begin_create(group, FOUNDRY, "one", Project(location=LOCATION), polling=False)

    with refused(409, "RequestConflict"):
        make_project(azure, group, "two")


@pytest.mark.parametrize("again", ["Support", "Other"])
def test_a_project_is_changed_in_place(azure: Clients, group: str, again: str) -> None:
    make_account(azure, group, FOUNDRY, allowProjectManagement=True)
    first = make_project(azure, group)
    body = {"location": LOCATION, "identity": {"type": "SystemAssigned"}, "properties": {"displayName": again}}
    second = azure.cognitive.projects.begin_create(group, FOUNDRY, "support", Project.deserialize(body)).result()

    assert second.properties is not None
    assert second.identity is not None
    assert second.identity.principal_id == first.identity.principal_id
    assert second.properties.display_name == again
