"""Customer-managed keys across resources, held against Azure's management libraries and a real blob client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.mgmt.cognitiveservices.models import Account
from azure.storage.blob import BlobClient

from simulator.cloud import seeded_assignment
from simulator.entra.models import SEEDED
from simulator.roles import (
    BLOB_CONTRIBUTOR,
    COGNITIVE_CONTRIBUTOR,
    KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER,
    KEY_VAULT_CRYPTO_USER,
    KEY_VAULT_READER,
)
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients, refused
from tests.simulator.arm.key_vault_clients import RSA, KeyClients, key_clients, vault_body

VAULT = "kv-tuned"
ROLE = KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER


class Keys:
    """A vault with a key, an identity, and the bodies that name them."""

    def __init__(self, simulator: Simulator, clients: KeyClients, azure: Clients) -> None:
        self.simulator, self.clients, self.azure = simulator, clients, azure
        where: Any = {"location": LOCATION}
        self.identity = clients.identities.user_assigned_identities.create_or_update(GROUP, "id-cmk", where)
        self.vault = self.make_vault()
        self.key = clients.vaults.keys.create_if_not_exist(GROUP, VAULT, "cmk", RSA)

    def make_vault(self, name: str = VAULT, **properties: Any) -> Any:
        location = properties.pop("location", LOCATION)
        body = vault_body(self.simulator, **properties) | {"location": location}
        return self.clients.vaults.vaults.begin_create_or_update(GROUP, name, body).result()

    def grant(self, role: str = ROLE, scope: str | None = None) -> Any:
        """Gives the identity a role, on the key unless said otherwise."""
        scope = scope or str(self.key.id)
        role_id = (
            f"/subscriptions/{self.simulator.cloud.subscription_id}/providers/Microsoft.Authorization/roleDefinitions"
        )
        parameters: Any = {
            "properties": {
                "roleDefinitionId": f"{role_id}/{role}",
                "principalId": self.identity.principal_id,
                "principalType": "ServicePrincipal",
            }
        }
        name = "11111111-2222-4333-8444-555555555555"
        return self.azure.authorization.role_assignments.create(scope, name, parameters)

    def assigned(self) -> dict[str, Any]:
        return {"type": "UserAssigned", "userAssignedIdentities": {self.identity.id: {}}}

    def make_account(self, name: str = "aoai-cmk", identity: Any = None, **settings: Any) -> Any:
        key = {
            "keyVaultUri": self.vault.properties.vault_uri,
            "keyName": "cmk",
            "identityClientId": self.identity.client_id,
        } | settings
        body = {
            "location": LOCATION,
            "kind": "AIServices",
            "sku": {"name": "S0"},
            "identity": identity or self.assigned(),
            "properties": {
                "customSubDomainName": name,
                "encryption": {"keySource": "Microsoft.KeyVault", "keyVaultProperties": key},
            },
        }
        return self.azure.cognitive.accounts.begin_create(GROUP, name, Account.deserialize(body)).result()

    def make_storage(self, identity: Any = None, **settings: Any) -> Any:
        key = {"keyvaulturi": self.vault.properties.vault_uri, "keyname": "cmk"} | settings
        body: Any = {
            "location": LOCATION,
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS"},
            "identity": identity or self.assigned(),
            "properties": {
                "encryption": {
                    "keySource": "Microsoft.Keyvault",
                    "keyvaultproperties": key,
                    "identity": {"userAssignedIdentity": self.identity.id},
                }
            },
        }
        return self.azure.storage.storage_accounts.begin_create(GROUP, "sttunedcmk", body).result()


@pytest.fixture
def keys(simulator: Simulator, azure: Clients, group: str) -> Iterator[Keys]:
    with key_clients(simulator) as clients:
        yield Keys(simulator, clients, azure)


Make = Callable[..., Any]


@pytest.mark.parametrize("role", [ROLE, KEY_VAULT_CRYPTO_USER])
def test_both_stand_once_the_identity_may_use_the_key(keys: Keys, role: str) -> None:
    keys.grant(role)
    account, storage = keys.make_account(), keys.make_storage()
    assert account.properties.encryption.key_source == "Microsoft.KeyVault"
    assert account.properties.encryption.key_vault_properties.key_name == "cmk"
    assert storage.encryption.key_source == "Microsoft.Keyvault"
    for made in (account, storage):
        (known,) = made.identity.user_assigned_identities.values()
        assert (known.principal_id, known.client_id) == (keys.identity.principal_id, keys.identity.client_id)


def test_a_role_on_the_vault_does_as_well(keys: Keys) -> None:
    keys.grant(scope=str(keys.vault.id))
    keys.make_account()
    keys.make_storage()


def test_a_version_may_be_named_and_must_be_there(keys: Keys) -> None:
    keys.grant()
    version = keys.key.key_uri_with_version.rsplit("/", 1)[-1]
    keys.make_account(keyVersion=version)
    keys.make_storage(keyversion=version)
    with refused(400, "KeyVaultKeyNotFound"):
        keys.make_account("aoai-other", keyVersion="0" * 32)
    with refused(409, "KeyVaultEncryptionKeyNotFound"):
        keys.make_storage(keyversion="0" * 32)


def test_the_vaults_address_in_azure_means_the_same_vault(keys: Keys) -> None:
    keys.grant()
    keys.make_account(keyVaultUri=f"https://{VAULT}.vault.azure.net")


@pytest.mark.parametrize("role", [None, KEY_VAULT_READER])
def test_without_the_role_neither_is_made(keys: Keys, role: str | None) -> None:
    if role is not None:
        keys.grant(role)
    with refused(400, "AccessPolicyNotConfiguredForKeyVault"):
        keys.make_account()
    with refused(
        409,
        "KeyVaultAuthenticationFailure",
        "The operation failed because of authentication issue on the keyvault. For more information, see - "
        "https://aka.ms/storagekeyvaultaccesspolicy",
    ):
        keys.make_storage()
    assert list(keys.azure.cognitive.accounts.list()) == []
    assert list(keys.azure.storage.storage_accounts.list()) == []


def test_vault_and_key_must_be_there(keys: Keys) -> None:
    keys.grant()
    with refused(400, "KeyVaultNotFound"):
        keys.make_account(keyVaultUri="https://kv-nowhere.vault.azure.net/")
    with refused(409, "KeyVaultVaultNotFound"):
        keys.make_storage(keyvaulturi="https://kv-nowhere.vault.azure.net/")
    with refused(400, "KeyVaultKeyNotFound"):
        keys.make_account(keyName="other")
    with refused(409, "KeyVaultEncryptionKeyNotFound"):
        keys.make_storage(keyname="other")


def test_the_settings_must_be_whole(keys: Keys) -> None:
    with refused(400, "InvalidEncryptionProperties"):
        keys.make_account(keyName="")
    with refused(400, "InvalidValuesForRequestParameters"):
        keys.make_storage(keyname="")


def test_the_vault_must_be_protected_from_purging(keys: Keys) -> None:
    """Azure/azure-cli#17914 for storage."""
    open_vault = keys.make_vault("kv-open", enablePurgeProtection=None)
    keys.clients.vaults.keys.create_if_not_exist(GROUP, "kv-open", "cmk", RSA)
    keys.grant(scope=str(open_vault.id))
    uri = open_vault.properties.vault_uri
    with refused(400, "KeyVaultNotProtected"):
        keys.make_account(keyVaultUri=uri)
    with refused(409, "KeyVaultPolicyError", "Keyvault policy recoverable is not set"):
        keys.make_storage(keyvaulturi=uri)


def test_an_accounts_vault_is_in_its_region_and_storages_need_not_be(keys: Keys) -> None:
    far = keys.make_vault("kv-far", location="eastus2")
    keys.clients.vaults.keys.create_if_not_exist(GROUP, "kv-far", "cmk", RSA)
    keys.grant(scope=str(far.id))
    uri = far.properties.vault_uri
    with refused(400, "KeyVaultRegionMismatch"):
        keys.make_account(keyVaultUri=uri)
    keys.make_storage(keyvaulturi=uri)


def test_an_elliptic_key_encrypts_nothing(keys: Keys) -> None:
    curve: Any = {"properties": {"kty": "EC"}}
    keys.clients.vaults.keys.create_if_not_exist(GROUP, VAULT, "curve", curve)
    keys.grant(scope=str(keys.vault.id))
    with refused(400, "KeyVaultKeyNotSupported"):
        keys.make_account(keyName="curve")
    with refused(409, "KeyVaultKeyTypeNotSupported"):
        keys.make_storage(keyname="curve")


def test_the_identity_must_be_the_resources_own(keys: Keys) -> None:
    keys.grant()
    system = {"type": "SystemAssigned"}
    with refused(400, "ManagedIdentityNotConfigured"):
        keys.make_account(identity=system)
    with refused(400, "MissingPrerequisitesForEncryptionAtRest"):
        keys.make_storage(identity=system)


def test_a_vault_that_lets_in_no_trusted_service_is_of_no_use(keys: Keys) -> None:
    keys.grant()
    keys.make_vault(networkAcls={"defaultAction": "Deny", "bypass": "AzureServices"})
    keys.make_account()
    keys.make_vault(networkAcls={"defaultAction": "Deny", "bypass": "None"})
    with refused(400, "AccessPolicyNotConfiguredForKeyVault"):
        keys.make_account("aoai-other")
    with refused(409, "KeyVaultAuthenticationFailure"):
        keys.make_storage()


def test_access_policies_count_where_the_vault_has_them(simulator: Simulator, keys: Keys) -> None:
    policy = {
        "tenantId": simulator.cloud.tenant_id,
        "objectId": keys.identity.principal_id,
        "permissions": {"keys": ["get", "wrapKey"]},
    }
    keys.grant()
    keys.make_vault(enableRbacAuthorization=False, accessPolicies=[policy])
    with refused(400, "AccessPolicyNotConfiguredForKeyVault"):
        keys.make_account()
    policy["permissions"] = {"keys": ["get", "wrapKey", "unwrapKey"]}
    keys.make_vault(enableRbacAuthorization=False, accessPolicies=[policy])
    keys.make_account()


def test_blobs_can_not_be_read_once_the_key_can_not_be_used(keys: Keys, environment: Callable[..., Any]) -> None:
    """Microsoft Learn, blob service error codes. Without Azurite, 501 is what a request gets that may go on to it."""
    simulator = keys.simulator
    given = seeded_assignment(simulator.cloud, SEEDED["trainer"], BLOB_CONTRIBUTOR)
    simulator.cloud.state.arm.resources[given.key] = given
    role = keys.grant()
    keys.make_storage()
    environment("trainer")
    with (
        DefaultAzureCredential(disable_instance_discovery=True) as credential,
        BlobClient(f"{simulator.blob_url}/sttunedcmk", "models", "a.json", credential=credential) as blob,
    ):
        with pytest.raises(HttpResponseError) as reached:
            blob.get_blob_properties()
        assert reached.value.status_code == 501
        keys.azure.authorization.role_assignments.delete_by_id(role.id)
        with pytest.raises(HttpResponseError) as lost:
            blob.get_blob_properties()
        assert lost.value.status_code == 403
        answer: Any = lost.value.response
        assert answer.headers["x-ms-error-code"] == "KeyVaultEncryptionKeyNotFound"


# --- identities


def test_an_identity_that_is_not_there_can_not_be_assigned(keys: Keys) -> None:
    keys.grant()
    gone = f"{keys.identity.id}-gone"
    with refused(400, "FailedIdentityOperation"):
        keys.make_account(identity={"type": "UserAssigned", "userAssignedIdentities": {gone: {}}})
    with refused(400, "FailedIdentityOperation"):
        keys.make_storage(identity={"type": "UserAssigned", "userAssignedIdentities": {gone: {}}})


def test_user_assigned_wants_an_identity(keys: Keys) -> None:
    """hashicorp/terraform-provider-azurerm#17082."""
    with refused(
        400, "MissingIdentityIds", "The identity ids must not be null or empty for 'UserAssigned' identity type."
    ):
        keys.make_storage(identity={"type": "UserAssigned"})


def test_assigning_an_identity_takes_a_right_of_its_own(simulator: Simulator, keys: Keys, as_: Make) -> None:
    """Cognitive Services Contributor manages accounts, and may not assign identities."""
    given = seeded_assignment(simulator.cloud, SEEDED["stranger"], COGNITIVE_CONTRIBUTOR)
    simulator.cloud.state.arm.resources[given.key] = given
    keys.grant()
    keys.azure = as_("stranger")
    with refused(403, "LinkedAuthorizationFailed"):
        keys.make_account()


def test_an_account_can_have_both_kinds_of_identity(simulator: Simulator, keys: Keys) -> None:
    keys.grant()
    both = keys.assigned() | {"type": "SystemAssigned, UserAssigned"}
    made = keys.make_account(identity=both)
    assert made.identity.principal_id not in (None, keys.identity.principal_id)
    assert simulator.cloud.state.entra.by_object_id(made.identity.principal_id) is not None
    assert list(made.identity.user_assigned_identities) == [keys.identity.id]


def test_a_storage_accounts_identities_are_replaced_as_a_whole(simulator: Simulator, keys: Keys) -> None:
    keys.grant()
    first = keys.make_storage(identity=keys.assigned() | {"type": "SystemAssigned,UserAssigned"})
    principal = first.identity.principal_id
    assert simulator.cloud.state.entra.by_object_id(principal) is not None
    second = keys.make_storage()
    assert (second.identity.type, second.identity.principal_id) == ("UserAssigned", None)
    assert simulator.cloud.state.entra.by_object_id(principal) is None


def test_a_system_assigned_identity_can_take_over_once_it_has_the_role(keys: Keys) -> None:
    """In two steps, as documented: the identity is there before its rights, and those before the key."""
    name = "aoai-system"
    body: Any = {
        "location": LOCATION,
        "kind": "AIServices",
        "sku": {"name": "S0"},
        "identity": {"type": "SystemAssigned"},
        "properties": {"customSubDomainName": name},
    }
    made = keys.azure.cognitive.accounts.begin_create(GROUP, name, Account.deserialize(body)).result()
    keys.identity.principal_id = made.identity.principal_id if made.identity else None
    keys.grant()
    keys.make_account(name, identity={"type": "SystemAssigned"}, identityClientId=None)
