"""Management locks, held against azure-mgmt-resource-locks and the libraries of what they lock."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from simulator.arm.models import Resource, find
from simulator.entra.models import CALLER
from simulator.roles import BLOB_READER, CONTRIBUTOR
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients, deployment, refused
from tests.simulator.arm.conftest import As

NAME = "stlocked"
STORAGE: Any = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
EMPTY: Any = {}


@pytest.fixture
def storage(simulator: Simulator, azure: Clients, group: str) -> str:
    """The ID of a storage account."""
    azure.storage.storage_accounts.begin_create(group, NAME, STORAGE).result()
    where = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{group}"
    return f"{where}/providers/Microsoft.Storage/storageAccounts/{NAME}"


def lock(azure: Clients, scope: str, level: str = "CanNotDelete", name: str = "keep") -> Any:
    body: Any = {"properties": {"level": level, "notes": "holds data"}}
    return azure.locks.management_locks.create_or_update_by_scope(scope, name, body)


def words(scope: str, doing: str, locked: str) -> str:
    """As hashicorp/terraform-provider-azurerm#17478 and Azure/apiops#606 have them."""
    return (
        f"The scope '{scope}' cannot perform {doing} operation because following scope(s) are locked: '{locked}'. "
        "Please remove the lock and try again."
    )


def test_a_lock_is_made_read_listed_and_deleted(azure: Clients, storage: str) -> None:
    made = lock(azure, storage)
    assert (made.name, made.level, made.notes) == ("keep", "CanNotDelete", "holds data")
    assert made.id == f"{storage}/providers/Microsoft.Authorization/locks/keep"
    assert azure.locks.management_locks.get_by_scope(storage, "keep").level == "CanNotDelete"
    assert [each.name for each in azure.locks.management_locks.list_by_scope(storage)] == ["keep"]
    assert [each.name for each in azure.locks.management_locks.list_at_resource_group_level(GROUP)] == ["keep"]
    assert [each.name for each in azure.locks.management_locks.list_at_subscription_level()] == ["keep"]
    azure.locks.management_locks.delete_by_scope(storage, "keep")
    assert list(azure.locks.management_locks.list_at_subscription_level()) == []


def test_what_is_locked_is_not_deleted_until_the_lock_is_gone(azure: Clients, storage: str) -> None:
    lock(azure, storage)
    with refused(409, "ScopeLocked", words(storage, "delete", storage)):
        azure.storage.storage_accounts.delete(GROUP, NAME)
    azure.locks.management_locks.delete_by_scope(storage, "keep")
    azure.storage.storage_accounts.delete(GROUP, NAME)


def test_what_must_not_be_deleted_may_be_changed(azure: Clients, storage: str) -> None:
    lock(azure, storage)
    changed: Any = {"tags": {"team": "a"}}
    assert azure.storage.storage_accounts.update(GROUP, NAME, changed).tags == {"team": "a"}


def test_a_lock_holds_what_is_in_the_resource(azure: Clients, storage: str) -> None:
    azure.storage.blob_containers.create(GROUP, NAME, "data", EMPTY)
    lock(azure, storage)
    child = f"{storage}/blobServices/default/containers/data"
    with refused(409, "ScopeLocked", words(child, "delete", storage)):
        azure.storage.blob_containers.delete(GROUP, NAME, "data")


def test_a_lock_on_an_account_holds_its_deployments(azure: Clients, account: Resource) -> None:
    azure.cognitive.deployments.begin_create_or_update(GROUP, account.name, "base", deployment()).result()
    lock(azure, account.id)
    with refused(409, "ScopeLocked"):
        azure.cognitive.deployments.begin_delete(GROUP, account.name, "base")


def test_a_lock_holds_the_role_assignments_upon_the_resource(
    simulator: Simulator, azure: Clients, storage: str
) -> None:
    where = f"/subscriptions/{simulator.cloud.subscription_id}"
    role = f"{where}/providers/Microsoft.Authorization/roleDefinitions/{BLOB_READER}"
    name = str(uuid.uuid4())
    body: Any = {"properties": {"roleDefinitionId": role, "principalId": CALLER.object_id}}
    azure.authorization.role_assignments.create(storage, name, body)
    lock(azure, storage)
    with refused(409, "ScopeLocked"):
        azure.authorization.role_assignments.delete(storage, name)


def test_a_locked_resource_keeps_its_group_from_being_deleted(
    simulator: Simulator, azure: Clients, storage: str
) -> None:
    lock(azure, storage)
    group = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{GROUP}"
    with refused(409, "ScopeLocked", words(group, "delete", storage)):
        azure.resources.resource_groups.begin_delete(GROUP)
    assert find(simulator.cloud, storage) is not None


def test_a_locked_group_keeps_all_that_is_in_it(simulator: Simulator, azure: Clients, storage: str) -> None:
    group = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{GROUP}"
    lock(azure, group)
    with refused(409, "ScopeLocked", words(storage, "delete", group)):
        azure.storage.storage_accounts.delete(GROUP, NAME)
    with refused(409, "ScopeLocked", words(group, "delete", group)):
        azure.resources.resource_groups.begin_delete(GROUP)


def test_read_only_refuses_to_change_to_add_and_to_list_keys(azure: Clients, storage: str) -> None:
    lock(azure, storage, "ReadOnly")
    changed: Any = {"tags": {"team": "a"}}
    with refused(409, "ScopeLocked", words(storage, "write", storage)):
        azure.storage.storage_accounts.update(GROUP, NAME, changed)
    with refused(409, "ScopeLocked"):
        azure.storage.blob_containers.create(GROUP, NAME, "data", EMPTY)
    with refused(409, "ScopeLocked", words(storage, "write", storage)):
        azure.storage.storage_accounts.list_keys(GROUP, NAME)
    assert azure.storage.storage_accounts.get_properties(GROUP, NAME).name == NAME


def test_another_resource_is_free(azure: Clients, storage: str) -> None:
    lock(azure, storage, "ReadOnly")
    azure.storage.storage_accounts.begin_create(GROUP, NAME + "2", STORAGE).result()
    azure.storage.storage_accounts.delete(GROUP, NAME + "2")


def test_only_an_owner_sets_one(simulator: Simulator, azure: Clients, as_: As, storage: str) -> None:
    """Contributors lack Microsoft.Authorization/locks/write."""
    where = f"/subscriptions/{simulator.cloud.subscription_id}"
    role = f"{where}/providers/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR}"
    body: Any = {"properties": {"roleDefinitionId": role, "principalId": CALLER.object_id}}
    azure.authorization.role_assignments.create(where, str(uuid.uuid4()), body)
    with refused(403, "AuthorizationFailed"):
        lock(as_("caller"), storage)


def test_a_level_has_to_be_one_of_three(azure: Clients, storage: str) -> None:
    with refused(400, "InvalidLock", "The lock level 'Delete' is not one of 'NotSpecified, CanNotDelete, ReadOnly'."):
        lock(azure, storage, "Delete")


def test_nothing_is_locked_that_is_not_there(azure: Clients, storage: str) -> None:
    with refused(404, "ResourceNotFound"):
        lock(azure, storage + "2")
