"""App Configuration stores and the key-values that ARM writes, held against azure-mgmt-appconfiguration."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from simulator.entra.models import DEPLOYER
from simulator.roles import CONFIGURATION_OWNER, CONFIGURATION_READER
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients, refused

NAME = "appcs-tuned"
OPEN: Any = {"disableLocalAuth": False}
PASSING: Any = {"disableLocalAuth": True, "dataPlaneProxy": {"authenticationMode": "Pass-through"}}
VALUE: Any = {"properties": {"value": '{"modelId": "m"}', "contentType": "application/json", "tags": {"run": "1"}}}
DAY = 24 * 3600


def make(azure: Clients, name: str = NAME, sku: str = "Standard", **properties: Any) -> Any:
    body: Any = {"location": LOCATION, "sku": {"name": sku}, "properties": properties}
    return azure.configuration.configuration_stores.begin_create(GROUP, name, body).result()


def assign(azure: Clients, store: Any, role: str, principal: str = DEPLOYER.object_id) -> None:
    """Gives a principal a data role on the store."""
    where = str(store.id).split("/resourceGroups/", 1)[0]
    wanted: Any = {
        "properties": {
            "roleDefinitionId": f"{where}/providers/Microsoft.Authorization/roleDefinitions/{role}",
            "principalId": principal,
        }
    }
    azure.authorization.role_assignments.create(str(store.id), str(uuid.uuid4()), wanted)


def put(azure: Clients, name: str = "tuned-models~2Fclippy", body: Any = VALUE) -> Any:
    return azure.configuration.key_values.create_or_update(GROUP, NAME, name, body)


def test_a_store_has_its_address_under_its_name(simulator: Simulator, azure: Clients, group: str) -> None:
    made = make(azure, disableLocalAuth=True)
    assert made.endpoint == f"{simulator.url}/{NAME}.azconfig.io"
    assert (made.provisioning_state, made.disable_local_auth) == ("Succeeded", True)
    assert (made.soft_delete_retention_in_days, made.enable_purge_protection) == (7, False)
    assert made.data_plane_proxy.authentication_mode == "Local"
    assert made.private_endpoint_connections == []
    assert [each.name for each in azure.configuration.configuration_stores.list()] == [NAME]
    assert [each.name for each in azure.configuration.configuration_stores.list_by_resource_group(group)] == [NAME]


@pytest.mark.parametrize(
    ("sku", "properties", "said"),
    [
        ("Gold", {}, "sku 'gold'"),
        ("Standard", {"softDeleteRetentionInDays": 8}, "softDeleteRetentionInDays '8'"),
        ("Free", {"enablePurgeProtection": True}, "neither soft delete nor purge protection"),
        ("Standard", {"publicNetworkAccess": "Off"}, "publicNetworkAccess"),
        ("Standard", {"dataPlaneProxy": {"authenticationMode": "Both"}}, "dataPlaneProxy.authenticationMode"),
    ],
)
def test_what_a_store_cannot_be(azure: Clients, group: str, sku: str, properties: Any, said: str) -> None:
    with refused(400, "InvalidRequest", containing=said):
        make(azure, sku=sku, **properties)


def test_a_name_is_the_whole_worlds(azure: Clients, group: str) -> None:
    """Words of Azure/azure-cli#22714."""
    make(azure)
    azure.resources.resource_groups.create_or_update("rg-other", {"location": LOCATION})
    body: Any = {"location": LOCATION, "sku": {"name": "Standard"}}
    with refused(409, "NameUnavailable", "The specified name is already in use."):
        azure.configuration.configuration_stores.begin_create("rg-other", NAME, body)


def test_a_deleted_store_holds_its_name_until_it_is_purged(azure: Clients, group: str) -> None:
    make(azure)
    azure.configuration.configuration_stores.begin_delete(group, NAME).result()
    assert [each.name for each in azure.configuration.configuration_stores.list_deleted()] == [NAME]
    asked: Any = {"name": NAME, "type": "Microsoft.AppConfiguration/configurationStores"}
    assert azure.configuration.operations.check_name_availability(asked).name_available is False
    with refused(409, "NameUnavailable"):
        make(azure)
    azure.configuration.configuration_stores.begin_purge_deleted(LOCATION, NAME).result()
    assert list(azure.configuration.configuration_stores.list_deleted()) == []
    make(azure)


def test_after_its_days_it_is_gone(simulator: Simulator, azure: Clients, group: str) -> None:
    make(azure, softDeleteRetentionInDays=2)
    azure.configuration.configuration_stores.begin_delete(group, NAME).result()
    deleted = azure.configuration.configuration_stores.get_deleted(LOCATION, NAME)
    assert deleted.scheduled_purge_date is not None
    assert deleted.deletion_date is not None
    assert deleted.scheduled_purge_date - deleted.deletion_date == timedelta(days=2)
    simulator.clock.advance(2 * DAY)
    assert list(azure.configuration.configuration_stores.list_deleted()) == []


def test_recovery_brings_the_key_values_back(azure: Clients, group: str) -> None:
    make(azure, **OPEN)
    put(azure)
    azure.configuration.configuration_stores.begin_delete(group, NAME).result()
    make(azure, createMode="Recover")
    assert azure.configuration.key_values.get(group, NAME, "tuned-models~2Fclippy").value == '{"modelId": "m"}'


def test_recovery_needs_a_deleted_store(azure: Clients, group: str) -> None:
    with refused(404, "ResourceNotFound"):
        make(azure, createMode="Recover")


def test_a_free_store_is_gone_at_once(azure: Clients, group: str) -> None:
    make(azure, sku="Free")
    azure.configuration.configuration_stores.begin_delete(group, NAME).result()
    assert list(azure.configuration.configuration_stores.list_deleted()) == []


def test_purge_protection_stays_and_protects(azure: Clients, group: str) -> None:
    make(azure, enablePurgeProtection=True)
    off: Any = {"properties": {"enablePurgeProtection": False}}
    with refused(400, "InvalidRequest", "Purge protection can't be turned off again."):
        azure.configuration.configuration_stores.begin_update(group, NAME, off)
    azure.configuration.configuration_stores.begin_delete(group, NAME).result()
    with refused(409, "PurgeProtectionEnabled"):
        azure.configuration.configuration_stores.begin_purge_deleted(LOCATION, NAME)


def test_arm_writes_a_key_value_with_its_label(azure: Clients, group: str) -> None:
    """The name is `key$label`, `~` before what isn't plain: Learn, quickstart-resource-manager."""
    make(azure, **OPEN)
    made = put(azure, "tuned-models~2Fclippy$prod")
    assert (made.key, made.label, made.content_type) == ("tuned-models/clippy", "prod", "application/json")
    assert (made.value, made.tags, made.locked) == ('{"modelId": "m"}', {"run": "1"}, False)
    assert made.e_tag
    changed = put(azure, "tuned-models~2Fclippy$prod", {"properties": {"value": "2"}})
    assert changed.e_tag != made.e_tag
    azure.configuration.key_values.begin_delete(group, NAME, "tuned-models~2Fclippy$prod").result()
    with refused(404, "ResourceNotFound"):
        azure.configuration.key_values.get(group, NAME, "tuned-models~2Fclippy$prod")


def test_in_local_mode_arm_needs_the_keys_of_the_store(azure: Clients, group: str) -> None:
    """Words of pulumi/pulumi-azure-native#4323. A data role is no help."""
    assign(azure, make(azure, disableLocalAuth=True), CONFIGURATION_OWNER)
    with refused(409, "Conflict", containing="please use pass-through authentication mode"):
        put(azure)


def test_in_pass_through_mode_the_caller_needs_a_data_role(azure: Clients, group: str) -> None:
    """Owner of the subscription is none. Words of Azure/reliable-web-app-pattern-dotnet#230."""
    store = make(azure, **PASSING)
    with refused(403, "Forbidden", "Access to the requested resource is forbidden."):
        put(azure)
    assign(azure, store, CONFIGURATION_READER)
    with refused(403, "Forbidden"):
        put(azure)
    assign(azure, store, CONFIGURATION_OWNER)
    assert put(azure).value == '{"modelId": "m"}'


def test_reading_through_arm_needs_the_role_too(azure: Clients, group: str) -> None:
    make(azure, **OPEN)
    put(azure)
    passing: Any = {"properties": PASSING}
    store = azure.configuration.configuration_stores.begin_update(GROUP, NAME, passing).result()
    with refused(403, "Forbidden"):
        azure.configuration.key_values.get(group, NAME, "tuned-models~2Fclippy")
    assign(azure, store, CONFIGURATION_READER)
    assert azure.configuration.key_values.get(group, NAME, "tuned-models~2Fclippy").key == "tuned-models/clippy"


def test_without_public_access_arm_needs_the_delegation(azure: Clients, group: str) -> None:
    store = make(azure, publicNetworkAccess="Disabled", **PASSING)
    assign(azure, store, CONFIGURATION_OWNER)
    with refused(403, "Forbidden"):
        put(azure)
    delegated: Any = {"properties": {"dataPlaneProxy": {"privateLinkDelegation": "Enabled"}}}
    azure.configuration.configuration_stores.begin_update(group, NAME, delegated).result()
    put(azure)
