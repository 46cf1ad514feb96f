"""Resource groups, held against azure-mgmt-resource and the refusals of Azure's own."""

from __future__ import annotations

import pytest
from azure.core.exceptions import HttpResponseError

from simulator.arm.models import Resource, find
from simulator.server import Simulator
from tests.simulator.arm.clients import (
    GROUP,
    LOCATION,
    Clients,
    add_tuned_model,
    make_account,
    name_of,
    refused,
    tuned_deployment,
)
from tests.simulator.arm.conftest import Wire


def test_a_group_is_created_with_201_and_updated_with_200(simulator: Simulator, wire: Wire) -> None:
    path = f"/subscriptions/{simulator.cloud.subscription_id}/resourcegroups/{GROUP}?api-version=2024-03-01"
    first = wire("PUT", path, {"location": LOCATION, "tags": {"team": "ml"}})
    assert (first.status_code, wire("PUT", path, {"location": LOCATION}).status_code) == (201, 200)
    assert first.json() == {
        "id": f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{GROUP}",
        "type": "Microsoft.Resources/subscriptions/resourceGroups",
        "name": GROUP,
        "location": LOCATION,
        "tags": {"team": "ml"},
        "properties": {"provisioningState": "Succeeded"},
    }


def test_a_group_exists_or_not(azure: Clients, group: str) -> None:
    assert azure.resources.resource_groups.check_existence(group) is True
    assert azure.resources.resource_groups.check_existence("nowhere") is False


def test_tags_are_replaced_by_a_patch(azure: Clients, group: str) -> None:
    azure.resources.resource_groups.update(group, {"tags": {"a": "1"}})
    assert azure.resources.resource_groups.update(group, {"tags": {"b": "2"}}).tags == {"b": "2"}


def test_a_group_is_refused_in_another_location(azure: Clients, group: str) -> None:
    with refused(409, "InvalidResourceLocation"):
        azure.resources.resource_groups.create_or_update(group, {"location": "eastus2"})


def test_a_deleted_group_takes_its_time_and_its_resources_along(azure: Clients, account: Resource, group: str) -> None:
    azure.resources.resource_groups.begin_delete(group).result()
    assert azure.resources.resource_groups.check_existence(group) is False
    assert [each.name for each in azure.cognitive.deleted_accounts.list()] == [account.name]


def test_a_group_that_goes_away_answers_202_and_takes_nothing_more(
    simulator: Simulator, wire: Wire, azure: Clients, group: str
) -> None:
    base = f"/subscriptions/{simulator.cloud.subscription_id}"
    answer = wire("DELETE", f"{base}/resourcegroups/{group}?api-version=2024-03-01")
    assert (answer.status_code, answer.content) == (202, b"")
    assert answer.headers["Location"].startswith(f"{simulator.url}{base}/operationresults/")
    simulator.cloud.state.arm.resources[f"{base}/resourcegroups/{group}".lower()].pending = None
    with refused(409, "ResourceGroupBeingDeleted"):
        make_account(azure, group, "late-account")


def test_a_group_stays_when_an_account_in_it_is_being_changed(
    simulator: Simulator, azure: Clients, account: Resource, wire: Wire
) -> None:
    """Azure/azure-dev#4210: ResourceGroupDeletionBlocked, and the group is rolled back."""
    model = add_tuned_model(simulator, account)
    azure.cognitive.deployments.begin_create_or_update(
        *name_of(account), "d1", tuned_deployment(model), polling=False
    ).result()
    path = f"/subscriptions/{simulator.cloud.subscription_id}/resourcegroups/{GROUP}?api-version=2024-03-01"
    location = wire("DELETE", path).headers["Location"]
    blocked = wire("GET", location)
    while blocked.status_code == 202:
        blocked = wire("GET", location)
    assert blocked.status_code == 409
    error = blocked.json()["error"]
    assert error["code"] == "ResourceGroupDeletionBlocked"
    assert error["message"].startswith(
        f"Deletion of resource group '{GROUP}' failed as resources with identifiers "
        f"'Microsoft.CognitiveServices/accounts/{account.name}' could not be deleted. The provisioning state of the "
        "resource group will be rolled back. The tracking Id is '"
    )
    assert error["message"].endswith("'. Please check audit logs for more details.")
    assert error["details"][0]["target"] == account.id
    properties = azure.resources.resource_groups.get(GROUP).properties
    assert properties is not None
    assert properties.provisioning_state == "Succeeded"


def test_the_library_reports_that_a_group_could_not_be_deleted(
    simulator: Simulator, azure: Clients, account: Resource
) -> None:
    model = add_tuned_model(simulator, account)
    azure.cognitive.deployments.begin_create_or_update(
        *name_of(account), "d1", tuned_deployment(model), polling=False
    ).result()
    with pytest.raises(HttpResponseError, match="ResourceGroupDeletionBlocked"):
        azure.resources.resource_groups.begin_delete(GROUP).result()
    assert find(simulator.cloud, account.id) is not None


def test_the_resources_of_a_group_are_listed(azure: Clients, account: Resource, group: str) -> None:
    listed = list(azure.resources.resources.list_by_resource_group(group))
    assert [(each.type, each.name) for each in listed] == [(account.type, account.name)]


def test_the_providers_are_registered(azure: Clients) -> None:
    provider = azure.resources.providers.get("Microsoft.CognitiveServices")
    assert provider.registration_state == "Registered"
    assert azure.resources.providers.register("Microsoft.Storage").registration_state == "Registered"
    assert "Microsoft.Authorization" in {each.namespace for each in azure.resources.providers.list()}
