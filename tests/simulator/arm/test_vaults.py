"""Key vaults, held against azure-mgmt-keyvault and recordings of Azure's own CLI."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients, refused
from tests.simulator.arm.conftest import Wire
from tests.simulator.arm.key_vault_clients import ROTATION, RSA, KeyClients, key_clients, vault_body

NAME = "kv-tuned"
V = "api-version=2024-11-01"


@pytest.fixture
def clients(simulator: Simulator, group: str) -> Iterator[KeyClients]:
    with key_clients(simulator) as opened:
        yield opened


@pytest.fixture
def make(simulator: Simulator, clients: KeyClients) -> Any:
    """Creates a vault and gives it as the library reads it."""

    def made(name: str = NAME, **properties: Any) -> Any:
        body = vault_body(simulator, **properties)
        return clients.vaults.vaults.begin_create_or_update(GROUP, name, body).result()

    return made


def path_of(simulator: Simulator, name: str = NAME) -> str:
    group = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{GROUP}"
    return f"{group}/providers/Microsoft.KeyVault/vaults/{name}"


def test_a_vault_answers_as_recorded(simulator: Simulator, make: Any, wire: Wire) -> None:
    """Azure/azure-cli, test_keyvault_softdelete.yaml, but for access policies, which Azure RBAC replaces."""
    make()
    told = wire("GET", f"{path_of(simulator)}?{V}").json()
    assert set(told) == {"id", "name", "type", "location", "tags", "systemData", "properties"}
    assert told["properties"] == {
        "sku": {"family": "A", "name": "standard"},
        "tenantId": simulator.cloud.tenant_id,
        "accessPolicies": [],
        "enabledForDeployment": False,
        "enableSoftDelete": True,
        "softDeleteRetentionInDays": 7,
        "enableRbacAuthorization": True,
        "enablePurgeProtection": True,
        "vaultUri": f"{simulator.url}/{NAME}.vault.azure.net/",
        "provisioningState": "Succeeded",
        "publicNetworkAccess": "Enabled",
    }


def test_vaults_are_listed_and_patched(clients: KeyClients, make: Any) -> None:
    make()
    assert [each.name for each in clients.vaults.vaults.list_by_subscription()] == [NAME]
    assert [each.name for each in clients.vaults.vaults.list_by_resource_group(GROUP)] == [NAME]
    change: Any = {"tags": {"team": "ml"}, "properties": {"publicNetworkAccess": "Disabled"}}
    after = clients.vaults.vaults.update(GROUP, NAME, change)
    assert after.tags == {"team": "ml"}
    assert after.properties.public_network_access == "Disabled"
    assert after.properties.enable_purge_protection is True


@pytest.mark.parametrize("name", ["1st-vault", "kv", "kv--two", "kv-", "k" * 25, "kv_under"])
def test_a_name_is_held_to_the_rules(make: Any, name: str) -> None:
    with refused(400, "VaultNameNotValid"):
        make(name)


@pytest.mark.parametrize(
    "properties",
    [
        {"enablePurgeProtection": False},
        {"enableSoftDelete": False},
        {"softDeleteRetentionInDays": 6},
        {"softDeleteRetentionInDays": 91},
        {"tenantId": "11111111-2222-4333-8444-555555555555"},
        {"sku": {"family": "A", "name": "gold"}},
        {"publicNetworkAccess": "Perhaps"},
        {"networkAcls": {"defaultAction": "Refuse"}},
        {"enableRbacAuthorization": False},
    ],
    ids=str,
)
def test_what_azure_refuses_is_a_bad_request(make: Any, properties: dict[str, Any]) -> None:
    with refused(400, "BadRequest"):
        make(**properties)


def test_purge_protection_is_on_for_good(make: Any) -> None:
    """Left out it stays, and false is refused in Azure's words (Azure/azure-cli#29115)."""
    make()
    assert make(enablePurgeProtection=None).properties.enable_purge_protection is True
    with refused(
        400,
        "BadRequest",
        'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an '
        "irreversible action.",
    ):
        make(enablePurgeProtection=False)


def test_the_retention_is_set_once(make: Any) -> None:
    make()
    assert make(softDeleteRetentionInDays=None).properties.soft_delete_retention_in_days == 7
    with refused(
        400, "BadRequest", 'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.'
    ):
        make(softDeleteRetentionInDays=90)


@pytest.mark.parametrize(("version", "rbac"), [("2024-11-01", False), ("2026-02-01", True)])
def test_azure_rbac_is_the_default_from_2026_on(
    simulator: Simulator, wire: Wire, group: str, version: str, rbac: bool
) -> None:
    body = vault_body(simulator, enableRbacAuthorization=None, accessPolicies=[])
    made = wire("PUT", f"{path_of(simulator)}?api-version={version}", body)
    assert made.status_code == 200
    assert made.json()["properties"]["enableRbacAuthorization"] is rbac


# --- soft delete


def test_a_name_is_the_whole_worlds(simulator: Simulator, azure: Clients, clients: KeyClients, make: Any) -> None:
    make()
    with refused(409, "VaultAlreadyExists"):
        make("taken-by-another")
    azure.resources.resource_groups.create_or_update("rg-other", {"location": LOCATION})
    with refused(409, "VaultAlreadyExists"):
        clients.vaults.vaults.begin_create_or_update("rg-other", NAME.upper(), vault_body(simulator)).result()
    asked = clients.vaults.vaults.check_name_availability({"name": NAME, "type": "Microsoft.KeyVault/vaults"})
    assert (asked.name_available, asked.reason) == (False, "AlreadyExists")


def test_a_deleted_vault_is_kept_and_keeps_its_name(clients: KeyClients, make: Any) -> None:
    make(enablePurgeProtection=None)
    clients.vaults.vaults.delete(GROUP, NAME)
    (kept,) = clients.vaults.vaults.list_deleted()
    assert kept.properties.scheduled_purge_date - kept.properties.deletion_date == timedelta(days=7)
    assert clients.vaults.vaults.get_deleted(NAME, LOCATION).name == NAME
    with refused(
        409,
        "ConflictError",
        "A vault with the same name already exists in deleted state. You need to either recover or purge existing key "
        "vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
    ):
        make()
    clients.vaults.vaults.begin_purge_deleted(NAME, LOCATION).result()
    assert list(clients.vaults.vaults.list_deleted()) == []
    make()


def test_a_protected_vault_is_not_purged_before_its_time(simulator: Simulator, clients: KeyClients, make: Any) -> None:
    make()
    clients.vaults.vaults.delete(GROUP, NAME)
    with refused(405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed."):
        clients.vaults.vaults.begin_purge_deleted(NAME, LOCATION).result()
    simulator.clock.advance(7 * 86400)
    assert list(clients.vaults.vaults.list_deleted()) == []


def test_a_vault_is_recovered_with_its_keys(clients: KeyClients, make: Any) -> None:
    make()
    before = clients.vaults.keys.create_if_not_exist(GROUP, NAME, "cmk", RSA)
    clients.vaults.vaults.delete(GROUP, NAME)
    recovered = make(createMode="recover", softDeleteRetentionInDays=None)
    assert recovered.properties.soft_delete_retention_in_days == 7
    after = clients.vaults.keys.get(GROUP, NAME, "cmk")
    assert after.key_uri_with_version == before.key_uri_with_version


def test_there_must_be_something_to_recover(make: Any) -> None:
    with refused(400, "SoftDeletedVaultDoesNotExist"):
        make(createMode="recover")


def test_a_vault_deleted_with_its_group_is_kept_too(
    simulator: Simulator, clients: KeyClients, make: Any, wire: Wire
) -> None:
    make()
    wire("DELETE", f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{GROUP}?api-version=2021-04-01")
    simulator.clock.advance(60)
    assert [each.name for each in clients.vaults.vaults.list_deleted()] == [NAME]


# --- keys


def test_a_key_is_made_once_and_never_changed(simulator: Simulator, clients: KeyClients, make: Any) -> None:
    """Azure-rest-api-specs: a PUT on a key that is there returns it without any write."""
    make()
    made = clients.vaults.keys.create_if_not_exist(GROUP, NAME, "cmk", RSA)
    uri = f"{simulator.url}/{NAME}.vault.azure.net/keys/cmk"
    assert made.key_uri == uri
    assert made.key_uri_with_version.rsplit("/", 1)[0] == uri
    assert (made.kty, made.key_size) == ("RSA", 3072)
    assert made.attributes.recovery_level == "Recoverable"
    again = clients.vaults.keys.create_if_not_exist(GROUP, NAME, "cmk", {"properties": {"kty": "EC"}})
    assert again.as_dict() == made.as_dict()
    assert [each.name for each in clients.vaults.keys.list(GROUP, NAME)] == ["cmk"]


@pytest.mark.parametrize(
    "properties",
    [
        {"kty": "oct"},
        {"kty": "RSA", "keySize": 1024},
        {"kty": "EC", "curveName": "P-192"},
        {"kty": "RSA", "keyOps": ["juggle"]},
        {"kty": "RSA-HSM"},
        {"kty": "RSA", "rotationPolicy": {"attributes": {"expiryTime": "P27D"}}},
        {"kty": "RSA", "rotationPolicy": {"attributes": {"expiryTime": "soon"}}},
        {"kty": "RSA", "rotationPolicy": {"attributes": {"expiryTime": 90}}},
        {
            "kty": "RSA",
            "rotationPolicy": {
                "lifetimeActions": [{"trigger": {"timeAfterCreate": "P9D"}, "action": {"type": "burn"}}]
            },
        },
        {
            "kty": "RSA",
            "rotationPolicy": {
                "lifetimeActions": [{"trigger": {"timeAfterCreate": "P6D"}, "action": {"type": "rotate"}}]
            },
        },
        {
            "kty": "RSA",
            "rotationPolicy": {
                "lifetimeActions": [{"trigger": {"timeBeforeExpiry": "P9D"}, "action": {"type": "rotate"}}]
            },
        },
    ],
    ids=str,
)
def test_a_key_azure_does_not_have_is_refused(clients: KeyClients, make: Any, properties: dict[str, Any]) -> None:
    make()
    with refused(400, "BadParameter"):
        clients.vaults.keys.create_if_not_exist(GROUP, NAME, "cmk", {"properties": properties})


def test_a_policy_rotates_the_key_when_its_time_has_come(simulator: Simulator, clients: KeyClients, make: Any) -> None:
    make()
    body: Any = {"properties": RSA["properties"] | {"rotationPolicy": ROTATION}}
    first = clients.vaults.keys.create_if_not_exist(GROUP, NAME, "cmk", body)
    assert first.rotation_policy.lifetime_actions[0].action.type == "rotate"
    simulator.clock.advance(500 * 86400)
    assert clients.vaults.keys.get(GROUP, NAME, "cmk").key_uri_with_version == first.key_uri_with_version
    simulator.clock.advance(60 * 86400)
    second = clients.vaults.keys.get(GROUP, NAME, "cmk")
    assert second.key_uri_with_version != first.key_uri_with_version
    versions = list(clients.vaults.keys.list_versions(GROUP, NAME, "cmk"))
    assert [each.key_uri_with_version for each in versions] == [first.key_uri_with_version, second.key_uri_with_version]
    read = clients.vaults.keys.get_version(GROUP, NAME, "cmk", str(versions[0].name))
    assert read.key_uri_with_version == first.key_uri_with_version
