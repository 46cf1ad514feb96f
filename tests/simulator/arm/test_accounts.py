"""Cognitive Services accounts, held against azure-mgmt-cognitiveservices and recordings of Azure's own CLI."""

from __future__ import annotations

from typing import Any

import pytest
from azure.mgmt.cognitiveservices.models import Account, AccountProperties

from simulator.arm.models import Resource, account_keys, find_account_by_id, find_account_by_subdomain
from simulator.entra.models import SEEDED
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients, deployment, make_account, name_of, refused
from tests.simulator.arm.conftest import Wire

V = "api-version=2025-06-01"
BODY: dict[str, Any] = {"location": "JAPANEAST", "kind": "OpenAI", "sku": {"name": "S0"}, "properties": {}}


def path_of(simulator: Simulator, name: str = "a1") -> str:
    group = f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{GROUP}"
    return f"{group}/providers/Microsoft.CognitiveServices/accounts/{name}"


def test_creating_one_is_announced_as_recorded(simulator: Simulator, wire: Wire, group: str) -> None:
    """Azure/azure-cli, test_cognitiveservices_deployment.yaml, 2025-10-28."""
    simulator.clock.step_on_poll = False
    made = wire("PUT", f"{path_of(simulator)}?{V}", BODY)
    assert made.status_code == 201
    body = made.json()
    assert body["location"] == "JAPANEAST"
    assert body["properties"]["provisioningState"] == "Creating"
    assert body["etag"] == made.headers["etag"]
    assert "Location" not in made.headers
    operation = made.headers["azure-asyncoperation"]
    base = f"/subscriptions/{simulator.cloud.subscription_id}/providers/Microsoft.CognitiveServices"
    assert operation.startswith(f"{simulator.url}{base}/locations/JAPANEAST/operationResults/")
    assert "api-version=2017-04-18" in operation
    assert wire("GET", operation).json()["status"] not in ("Succeeded", "Failed", "Canceled")
    simulator.clock.advance(3)
    done = wire("GET", operation).json()
    assert set(done) == {"id", "name", "status", "startTime", "endTime"}
    assert done["status"] == "Succeeded"
    assert done["id"].endswith(f"/operationResults/{done['name']}")
    settled = wire("GET", f"{path_of(simulator)}?{V}").json()
    assert settled["properties"]["provisioningState"] == "Succeeded"
    assert settled["etag"] != body["etag"]


def test_an_account_with_a_subdomain_answers_there(simulator: Simulator, azure: Clients, account: Resource) -> None:
    properties = azure.cognitive.accounts.get(*name_of(account)).properties
    assert properties is not None
    assert properties.endpoint == f"{simulator.url}/aoai-tuned.openai.azure.com/"
    found = find_account_by_subdomain(simulator.cloud, "AOAI-Tuned")
    assert found is not None
    assert find_account_by_id(simulator.cloud, account.id.upper()) == found


def test_one_of_openai_becomes_one_of_foundry_unless_it_has_a_key_of_its_own(
    simulator: Simulator, azure: Clients, wire: Wire, group: str
) -> None:
    """upgrade-azure-openai.md: an identity comes first, and with customer-managed keys it is by request only."""
    wire("PUT", f"{path_of(simulator)}?{V}", BODY)
    simulator.clock.advance(3)
    account = find_account_by_id(simulator.cloud, path_of(simulator))
    assert account is not None
    foundry = Account(kind="AIServices", properties=AccountProperties(allow_project_management=True))

    with refused(400, "BadRequest"):
        azure.cognitive.accounts.begin_update(group, "a1", foundry)
    account.body["identity"] = {"type": "SystemAssigned"}
    account.properties["encryption"] = {"keySource": "Microsoft.KeyVault"}
    with refused(400, "BadRequest"):
        azure.cognitive.accounts.begin_update(group, "a1", foundry)
    del account.properties["encryption"]
    assert azure.cognitive.accounts.begin_update(group, "a1", foundry).result().kind == "AIServices"


def test_accounts_are_listed_by_group_and_subscription(azure: Clients, account: Resource, group: str) -> None:
    make_account(azure, group, "aoai-second")
    assert [each.name for each in azure.cognitive.accounts.list()] == ["aoai-second", account.name]
    assert [each.name for each in azure.cognitive.accounts.list_by_resource_group(group)] == [
        "aoai-second",
        account.name,
    ]


def test_an_account_without_one_answers_at_its_region(simulator: Simulator, wire: Wire, group: str) -> None:
    made = wire("PUT", f"{path_of(simulator)}?{V}", BODY).json()
    assert made["properties"]["endpoint"] == f"{simulator.url}/japaneast.api.cognitive.microsoft.com/"


def test_an_account_tells_its_limits_as_recorded(azure: Clients, account: Resource) -> None:
    properties = azure.cognitive.accounts.get(*name_of(account)).properties
    assert properties is not None
    limits = {each.name: each.value for each in properties.capabilities or [] if each.value is not None}
    assert limits == {
        "MaxFineTuneCount": "500",
        "MaxRunningFineTuneCount": "3",
        "MaxRunningGlobalStandardFineTuneCount": "3",
        "MaxUserFileCount": "100",
        "MaxTrainingFileSize": "512000000",
        "MaxUserFileImportDurationInHours": "1",
        "MaxFineTuneJobDurationInHours": "720",
    }


def test_its_identity_is_a_principal_of_the_directory(simulator: Simulator, azure: Clients, account: Resource) -> None:
    identity = azure.cognitive.accounts.get(*name_of(account)).identity
    assert identity is not None
    assert identity.tenant_id == simulator.cloud.tenant_id
    assert simulator.cloud.state.entra.by_object_id(identity.principal_id or "") is not None


def test_a_patch_changes_what_it_names_and_keeps_the_identity(azure: Clients, account: Resource) -> None:
    before = azure.cognitive.accounts.get(*name_of(account))
    change = Account(tags={"team": "ml"}, properties=AccountProperties(public_network_access="Disabled"))
    after = azure.cognitive.accounts.begin_update(*name_of(account), change).result()
    assert after.tags == {"team": "ml"}
    assert after.properties is not None
    assert (after.properties.public_network_access, after.properties.disable_local_auth) == ("Disabled", True)
    assert after.identity is not None
    assert before.identity is not None
    assert after.identity.as_dict() == before.identity.as_dict()


def test_keys_are_not_listed_where_local_auth_is_off(azure: Clients, account: Resource) -> None:
    with refused(400, "BadRequest", "Failed to list key. disableLocalAuth is set to be true"):
        azure.cognitive.accounts.list_keys(*name_of(account))
    with refused(400, "BadRequest"):
        azure.cognitive.accounts.regenerate_key(*name_of(account), "Key1")


def test_keys_are_listed_and_made_anew(simulator: Simulator, azure: Clients, group: str) -> None:
    make_account(azure, group, "with-keys", disableLocalAuth=False)
    before = azure.cognitive.accounts.list_keys(group, "with-keys")
    after = azure.cognitive.accounts.regenerate_key(group, "with-keys", "Key1")
    assert (before.key1 != after.key1, before.key2 == after.key2) == (True, True)
    account = find_account_by_subdomain(simulator.cloud, "with-keys")
    assert account is not None
    assert account_keys(simulator.cloud, account) == (after.key1, after.key2)


def test_a_subdomain_in_use_is_refused(azure: Clients, account: Resource, group: str) -> None:
    with refused(
        409,
        "CustomDomainInUse",
        "Please pick a different name. The subdomain name 'aoai-tuned' is not available as it's already used by a "
        "resource. If the resource using the name was deleted in the last 48 hours, you may need to purge the deleted "
        'resource. Learn more at "https://go.microsoft.com/fwlink/?linkid=2215493"',
    ):
        make_account(azure, group, "another", customSubDomainName="aoai-tuned")


def test_the_subdomain_of_a_deleted_account_is_still_in_use(azure: Clients, account: Resource, group: str) -> None:
    azure.cognitive.accounts.begin_delete(*name_of(account)).result()
    with refused(409, "CustomDomainInUse"):
        make_account(azure, group, "another", customSubDomainName="aoai-tuned")
    asked = azure.cognitive.check_domain_availability("aoai-tuned", "Microsoft.CognitiveServices/accounts")
    assert asked.is_subdomain_available is False


def test_a_subdomain_is_immutable(azure: Clients, account: Resource, group: str) -> None:
    with refused(400, "InvalidRequest"):
        make_account(azure, group, account.name, customSubDomainName="other-name")


@pytest.mark.parametrize("subdomain", ["a", "-ab", "ab-", "a.b", "a" * 65])
def test_a_subdomain_has_2_to_64_letters_digits_and_dashes(azure: Clients, group: str, subdomain: str) -> None:
    with refused(400, "InvalidCustomDomainName"):
        make_account(azure, group, "another", customSubDomainName=subdomain)


def test_the_sku_has_no_tier_to_send(simulator: Simulator, wire: Wire, group: str) -> None:
    answer = wire("PUT", f"{path_of(simulator)}?{V}", BODY | {"sku": {"name": "S0", "tier": "Standard"}})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRequestContent")


def test_a_child_of_an_account_that_is_still_made_is_refused(simulator: Simulator, wire: Wire, group: str) -> None:
    simulator.clock.step_on_poll = False
    wire("PUT", f"{path_of(simulator)}?{V}", BODY)
    answer = wire(
        "PUT",
        f"{path_of(simulator)}/deployments/d1?{V}",
        {"sku": {"name": "Standard", "capacity": 1}, "properties": {}},
    )
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "AccountProvisioningStateInvalid",
        "message": f"Account {path_of(simulator)} in state Creating",
    }


# --- deleted accounts


def test_a_delete_answers_200_and_nothing_as_recorded(simulator: Simulator, wire: Wire, account: Resource) -> None:
    answer = wire("DELETE", f"{account.id}?{V}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert find_account_by_id(simulator.cloud, account.id) is None


def test_a_deleted_account_is_kept_for_48_hours(simulator: Simulator, azure: Clients, account: Resource) -> None:
    """Azure/azure-cli, test_cognitiveservices_softdelete.yaml."""
    azure.cognitive.accounts.begin_delete(*name_of(account)).result()
    (kept,) = list(azure.cognitive.deleted_accounts.list())
    assert kept.type == "Microsoft.CognitiveServices/deletedAccounts"
    assert kept.properties is not None
    assert kept.properties.deletion_date == "2026-11-20T09:00:03.0000000Z"
    assert kept.properties.scheduled_purge_date == "2026-11-22T09:00:03.0000000Z"
    simulator.clock.advance(48 * 3600)
    assert list(azure.cognitive.deleted_accounts.list()) == []
    make_account(azure, GROUP, account.name)


def test_the_name_of_a_deleted_account_wants_the_flag(azure: Clients, account: Resource, group: str) -> None:
    azure.cognitive.accounts.begin_delete(*name_of(account)).result()
    with refused(
        409,
        "FlagMustBeSetForRestore",
        f"An existing resource with ID '{account.id}' has been soft-deleted. To restore the resource, you must specify "
        "'restore' to be 'true' in the property. If you don't want to restore existing resource, please purge it "
        "first.",
    ):
        make_account(azure, group, account.name)


def test_a_restored_account_has_its_deployments_again(azure: Clients, account: Resource, group: str) -> None:
    azure.cognitive.deployments.begin_create_or_update(*name_of(account), "base", deployment()).result()
    azure.cognitive.accounts.begin_delete(*name_of(account)).result()
    restored = make_account(azure, group, account.name, restore=True)
    assert restored.properties.custom_sub_domain_name == "aoai-tuned"
    assert [each.name for each in azure.cognitive.deployments.list(*name_of(account))] == ["base"]
    assert list(azure.cognitive.deleted_accounts.list()) == []


def test_a_purged_account_frees_its_name(simulator: Simulator, azure: Clients, account: Resource, group: str) -> None:
    principal = account.body["identity"]["principalId"]
    azure.cognitive.accounts.begin_delete(*name_of(account)).result()
    kept = azure.cognitive.deleted_accounts.get(LOCATION, group, account.name)
    assert kept.name == account.name
    azure.cognitive.deleted_accounts.begin_purge(LOCATION, group, account.name).result()
    assert simulator.cloud.state.entra.by_object_id(principal) is None
    make_account(azure, group, account.name)


def test_only_what_is_deleted_can_be_restored(azure: Clients, account: Resource, group: str) -> None:
    with refused(409, "CanNotRestoreAnActiveResource"):
        make_account(azure, group, account.name, restore=True)
    with refused(409, "CanNotRestoreANonExistingResource"):
        make_account(azure, group, "never-there", restore=True)


def test_purging_takes_a_role_of_its_own(simulator: Simulator, wire: Wire, account: Resource) -> None:
    wire("DELETE", f"{account.id}?{V}")
    kept = wire(
        "GET",
        f"/subscriptions/{simulator.cloud.subscription_id}/providers/Microsoft.CognitiveServices/deletedAccounts?{V}",
    )
    stranger = {"Authorization": f"Bearer {wire.token('stranger')}"}
    answer = wire("DELETE", f"{kept.json()['value'][0]['id']}?{V}", headers=stranger)
    assert answer.status_code == 403
    action = "Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts/delete"
    assert f"'{action}'" in answer.json()["error"]["message"]
    assert SEEDED["stranger"].client_id in answer.json()["error"]["message"]
