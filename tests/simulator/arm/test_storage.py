"""Storage accounts, their blob service and containers, held against azure-mgmt-storage."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from simulator.arm.models import (
    Resource,
    containers_of,
    find_storage_account,
    note_container_created,
    note_container_deleted,
    storage_keys,
)
from simulator.server import Simulator
from tests.simulator.arm.clients import LOCATION, Clients, refused
from tests.simulator.arm.conftest import Wire

V = "api-version=2024-01-01"
NAME = "stdatasets"
EMPTY: Any = {}
BODY: Any = {
    "location": LOCATION,
    "kind": "StorageV2",
    "sku": {"name": "Standard_LRS"},
    "properties": {"allowSharedKeyAccess": False, "allowBlobPublicAccess": False, "minimumTlsVersion": "TLS1_2"},
}


@pytest.fixture
def storage(simulator: Simulator, azure: Clients, group: str) -> Resource:
    """A storage account without shared keys and public blobs."""
    azure.storage.storage_accounts.begin_create(group, NAME, BODY).result()
    found = find_storage_account(simulator.cloud, NAME)
    assert found is not None
    return found


def test_creating_one_answers_202_and_the_account_at_its_location(simulator: Simulator, wire: Wire, group: str) -> None:
    simulator.clock.step_on_poll = False
    base = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{group}/providers/Microsoft.Storage"
    path = f"{base}/storageAccounts/{NAME}?{V}"
    answer = wire("PUT", path, BODY)
    assert (answer.status_code, answer.content) == (202, b"")
    assert wire("GET", answer.headers["Location"]).status_code == 202
    simulator.clock.advance(17)
    done = wire("GET", answer.headers["Location"])
    assert done.status_code == 200
    assert done.json() == wire("GET", path).json()
    assert wire("PUT", path, BODY).status_code == 200


def test_its_blobs_are_at_the_blob_endpoint_under_its_name(
    simulator: Simulator, azure: Clients, storage: Resource
) -> None:
    properties = azure.storage.storage_accounts.get_properties("rg-tuned", NAME)
    assert properties.primary_endpoints is not None
    assert properties.primary_endpoints.blob == f"{simulator.blob_url}/{NAME}/"
    assert properties.network_rule_set is not None
    assert (properties.network_rule_set.default_action, properties.network_rule_set.bypass) == (
        "Allow",
        "AzureServices",
    )
    assert properties.allow_shared_key_access is False


def test_accounts_are_listed_by_group_and_subscription(azure: Clients, storage: Resource) -> None:
    assert [each.name for each in azure.storage.storage_accounts.list()] == [NAME]
    assert [each.name for each in azure.storage.storage_accounts.list_by_resource_group("rg-tuned")] == [NAME]


def test_a_name_is_the_whole_worlds(simulator: Simulator, azure: Clients, storage: Resource) -> None:
    azure.resources.resource_groups.create_or_update("rg-other", {"location": LOCATION})
    with refused(409, "StorageAccountAlreadyTaken", f"The storage account named {NAME} is already taken."):
        azure.storage.storage_accounts.begin_create("rg-other", NAME, BODY)
    asked: Any = {"name": NAME, "type": "Microsoft.Storage/storageAccounts"}
    assert azure.storage.storage_accounts.check_name_availability(asked).name_available is False


def test_a_name_has_lower_case_letters_and_digits_only(simulator: Simulator, wire: Wire, group: str) -> None:
    """The library refuses such names itself, so the wire is asked."""
    base = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{group}/providers/Microsoft.Storage"
    answer = wire("PUT", f"{base}/storageAccounts/My-Storage?{V}", BODY)
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "AccountNameInvalid",
        "message": "My-Storage is not a valid storage account name. Storage account name must be between 3 and 24 "
        "characters in length and use numbers and lower-case letters only.",
    }


def test_keys_are_64_bytes_and_listed_even_where_they_open_nothing(
    simulator: Simulator, azure: Clients, storage: Resource
) -> None:
    listed = azure.storage.storage_accounts.list_keys("rg-tuned", NAME).keys_property or []
    assert [each.key_name for each in listed] == ["key1", "key2"]
    assert [each.value for each in listed] == list(storage_keys(simulator.cloud, storage))
    assert {len(base64.b64decode(each.value or "")) for each in listed} == {64}
    turned = azure.storage.storage_accounts.regenerate_key("rg-tuned", NAME, {"keyName": "key1"}).keys_property or []
    assert turned[0].value != listed[0].value
    assert turned[1].value == listed[1].value


def test_a_put_changes_what_it_names_and_keeps_the_rest(azure: Clients, storage: Resource) -> None:
    change: Any = BODY | {"properties": {"publicNetworkAccess": "Disabled"}}
    after = azure.storage.storage_accounts.begin_create("rg-tuned", NAME, change).result()
    assert (after.public_network_access, after.allow_shared_key_access) == ("Disabled", False)


def test_the_blob_service_is_there_from_the_start_and_can_be_set(azure: Clients, storage: Resource) -> None:
    before = azure.storage.blob_services.get_service_properties("rg-tuned", NAME)
    assert before.is_versioning_enabled is None
    wanted: Any = {"properties": {"isVersioningEnabled": True, "deleteRetentionPolicy": {"enabled": True, "days": 7}}}
    azure.storage.blob_services.set_service_properties("rg-tuned", NAME, wanted)
    after = azure.storage.blob_services.get_service_properties("rg-tuned", NAME)
    assert after.is_versioning_enabled is True
    assert after.delete_retention_policy is not None
    assert after.delete_retention_policy.days == 7


def test_containers_are_made_listed_changed_and_deleted(azure: Clients, storage: Resource) -> None:
    azure.storage.blob_containers.create("rg-tuned", NAME, "datasets", EMPTY)
    azure.storage.blob_containers.create("rg-tuned", NAME, "runs", EMPTY)
    assert [each.name for each in azure.storage.blob_containers.list("rg-tuned", NAME)] == ["datasets", "runs"]
    change: Any = {"properties": {"metadata": {"a": "1"}}}
    changed = azure.storage.blob_containers.update("rg-tuned", NAME, "runs", change)
    assert changed.metadata == {"a": "1"}
    azure.storage.blob_containers.delete("rg-tuned", NAME, "runs")
    assert [each.name for each in azure.storage.blob_containers.list("rg-tuned", NAME)] == ["datasets"]
    with refused(404, "ContainerNotFound", "The specified container does not exist."):
        azure.storage.blob_containers.get("rg-tuned", NAME, "runs")


def test_a_container_made_by_the_blob_endpoint_is_listed_too(
    simulator: Simulator, azure: Clients, storage: Resource
) -> None:
    note_container_created(simulator.cloud, storage.id, "from-blobs")
    assert [each.name for each in azure.storage.blob_containers.list("rg-tuned", NAME)] == ["from-blobs"]
    assert azure.storage.blob_containers.get("rg-tuned", NAME, "from-blobs").public_access == "None"
    note_container_deleted(simulator.cloud, storage.id, "from-blobs")
    assert containers_of(simulator.cloud, storage.id) == []


def test_a_public_container_is_refused_where_the_account_allows_none(azure: Clients, storage: Resource) -> None:
    body: Any = {"properties": {"publicAccess": "Blob"}}
    with refused(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account."):
        azure.storage.blob_containers.create("rg-tuned", NAME, "open", body)


def test_a_deleted_account_frees_its_name_at_once(simulator: Simulator, azure: Clients, storage: Resource) -> None:
    azure.storage.blob_containers.create("rg-tuned", NAME, "datasets", EMPTY)
    azure.storage.storage_accounts.delete("rg-tuned", NAME)
    assert find_storage_account(simulator.cloud, NAME) is None
    assert containers_of(simulator.cloud, storage.id) == []
    azure.storage.storage_accounts.begin_create("rg-tuned", NAME, BODY).result()
