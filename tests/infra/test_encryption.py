"""What is asked for customer-managed keys: identity, vault, key and role, then what is encrypted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.recording import SUBSCRIPTION, TENANT, Asked, Declared, declare
from tests.infra.specimens import stack, two_accounts

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tuned-models-dev/providers"
ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
"""Key Vault Crypto Service Encryption User (Microsoft Learn, "Azure built-in roles for Security")."""
THEIRS = (
    "/subscriptions/99999999-2222-3333-4444-555555555555/resourceGroups/keys/providers"
    "/Microsoft.KeyVault/vaults/corporate/keys/models"
)


def _on_keys(declared: Declared) -> list[Asked]:
    return [asked for asked in declared.of_type("RoleAssignment") if "/keys/" in asked.inputs["scope"]]


@pytest.fixture(scope="module")
def declared() -> Declared:
    return declare(stack(encryption={"swedencentral": {"vault": "contoso-keys", "rotateEveryDays": 90}}))


class TestTheVault:
    def test_it_is_governed_by_roles_and_never_purged(self, declared: Declared) -> None:
        (vault,) = declared.of_type("Vault")

        assert vault.inputs["vaultName"] == "contoso-keys"
        assert vault.inputs["location"] == "swedencentral"
        assert vault.inputs["properties"] == {
            # azure-native says these three by itself.
            "enabledForDeployment": False,
            "enabledForDiskEncryption": False,
            "enabledForTemplateDeployment": False,
            "tenantId": TENANT,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "enableSoftDelete": True,
            "enablePurgeProtection": True,
            "softDeleteRetentionInDays": 90,
            "publicNetworkAccess": "Enabled",
            "networkAcls": {
                "bypass": "AzureServices",
                "defaultAction": "Allow",
                "ipRules": [],
                "virtualNetworkRules": [],
            },
        }

    def test_a_deleted_one_comes_back_where_the_config_says_so(self) -> None:
        """How it came about is nothing of a vault that stands: asking for it again is no difference."""
        encryption = {"swedencentral": {"vault": "contoso-keys", "restore": True, "softDeleteDays": 30}}
        declared = declare(stack(encryption=encryption))
        (vault,) = declared.of_type("Vault")

        assert vault.inputs["properties"]["createMode"] == "recover"
        assert vault.inputs["properties"]["softDeleteRetentionInDays"] == 30
        assert list(vault.request.ignoreChanges) == ["properties.createMode"]

    def test_its_key_comes_back_with_it_and_is_read(self) -> None:
        """To create what exists already is refused."""
        encryption = {"swedencentral": {"vault": "contoso-keys", "restore": True}}
        declared = declare(stack(encryption=encryption))

        assert declared.of_type("Key") == []
        assert declared.outputs["keys"]["swedencentral"]["keyId"] == (
            f"{GROUP}/Microsoft.KeyVault/vaults/contoso-keys/keys/tuned-models"
        )


class TestTheKey:
    def test_it_is_an_rsa_key_that_rotates(self, declared: Declared) -> None:
        (key,) = declared.of_type("Key")

        assert (key.inputs["vaultName"], key.inputs["keyName"]) == ("contoso-keys", "tuned-models")
        assert (key.inputs["properties"]["kty"], key.inputs["properties"]["keySize"]) == ("RSA", 2048)
        assert key.inputs["properties"]["rotationPolicy"]["lifetimeActions"][0] == {
            "action": {"type": "rotate"},
            "trigger": {"timeAfterCreate": "P90D"},
        }

    def test_key_vault_says_when_a_rotation_is_overdue(self, declared: Declared) -> None:
        """A version expires 60 days after its rotation, and 30 days before that somebody is told."""
        (key,) = declared.of_type("Key")
        policy = key.inputs["properties"]["rotationPolicy"]

        assert policy["attributes"] == {"expiryTime": "P150D"}
        assert policy["lifetimeActions"][1] == {
            "action": {"type": "notify"},
            "trigger": {"timeBeforeExpiry": "P30D"},
        }

    def test_once_made_it_is_neither_changed_nor_deleted_by_itself(self, declared: Declared) -> None:
        (key,) = declared.of_type("Key")

        assert list(key.request.ignoreChanges) == ["properties", "tags"]
        assert key.request.retainOnDelete


class TestTheIdentity:
    def test_it_may_use_the_key_and_nothing_else_in_the_vault(self, declared: Declared) -> None:
        (identity,) = declared.of_type("UserAssignedIdentity")
        (role,) = _on_keys(declared)

        assert identity.inputs["resourceName"] == "tuned-models-dev-keys-swedencentral"
        assert role.inputs["scope"] == f"{GROUP}/Microsoft.KeyVault/vaults/contoso-keys/keys/tuned-models"
        assert role.inputs["roleDefinitionId"].endswith(ENCRYPTION_USER)
        assert role.inputs["principalType"] == "ServicePrincipal"
        assert identity.urn in role.dependencies

    def test_is_one_of_the_account_s_beside_its_own(self, declared: Declared) -> None:
        (account,) = declared.of_type("Account")

        assert account.inputs["identity"] == {
            "type": "SystemAssigned, UserAssigned",
            "userAssignedIdentities": [_identity_id("swedencentral")],
        }

    def test_is_one_of_the_account_s_beside_another_user_assigned_one(self) -> None:
        main = {"name": "contoso-openai", "location": "swedencentral", "identity": "user"}
        (account,) = declare(
            stack(accounts={"main": main}, encryption={"swedencentral": {"vault": "contoso-keys"}})
        ).of_type("Account")

        assert account.inputs["identity"]["type"] == "UserAssigned"
        assert len(account.inputs["identity"]["userAssignedIdentities"]) == 2
        assert _identity_id("swedencentral") in account.inputs["identity"]["userAssignedIdentities"]


class TestWhatIsEncrypted:
    def test_the_account_names_the_key_without_a_version(self, declared: Declared) -> None:
        """So it follows the rotations."""
        (account,) = declared.of_type("Account")

        encryption = account.inputs["properties"]["encryption"]
        assert encryption["keySource"] == "Microsoft.KeyVault"
        assert encryption["keyVaultProperties"].keys() == {"keyVaultUri", "keyName", "identityClientId"}
        assert encryption["keyVaultProperties"]["keyVaultUri"] == "https://contoso-keys.vault.azure.net/"
        assert encryption["keyVaultProperties"]["keyName"] == "tuned-models"

    def test_so_does_the_storage_which_is_encrypted_twice(self, declared: Declared) -> None:
        (storage,) = declared.of_type("StorageAccount")

        assert storage.inputs["identity"] == {
            "type": "UserAssigned",
            "userAssignedIdentities": [_identity_id("swedencentral")],
        }
        assert storage.inputs["encryption"] == {
            "keySource": "Microsoft.Keyvault",
            "keyVaultProperties": {
                "keyVaultUri": "https://contoso-keys.vault.azure.net/",
                "keyName": "tuned-models",
            },
            "encryptionIdentity": {"encryptionUserAssignedIdentity": _identity_id("swedencentral")},
            "requireInfrastructureEncryption": True,
            "services": {
                "blob": {"enabled": True, "keyType": "Account"},
                "file": {"enabled": True, "keyType": "Account"},
            },
        }
        # A storage that was made without keeps to that: Azure takes it at creation only.
        assert list(storage.request.ignoreChanges) == ["encryption.requireInfrastructureEncryption"]

    @pytest.mark.parametrize("type_", ["Account", "StorageAccount"])
    def test_the_role_comes_before_anything_is_encrypted(self, declared: Declared, type_: str) -> None:
        """Otherwise the first up fails: Azure tries the key at once."""
        (role,) = _on_keys(declared)
        (encrypted,) = declared.of_type(type_)

        assert role.urn in encrypted.dependencies

    def test_without_keys_the_account_is_told_nothing_and_the_storage_takes_microsofts(self) -> None:
        declared = declare(stack())

        (account,), (storage,) = declared.of_type("Account"), declared.of_type("StorageAccount")
        assert "encryption" not in account.inputs["properties"]
        assert storage.inputs["encryption"]["keySource"] == "Microsoft.Storage"
        assert "identity" not in storage.inputs
        assert declared.of_type("Vault") == []
        assert declared.outputs["keys"] == {}


class TestRegions:
    def test_each_has_a_key_of_its_own(self) -> None:
        declared = declare(
            two_accounts(
                storage={"name": "contosodata", "location": "swedencentral"},
                encryption={"swedencentral": {"vault": "keys-eu"}, "northcentralus": {"vault": "keys-us"}},
            )
        )

        uris = {
            asked.inputs["location"]: asked.inputs["properties"]["encryption"]["keyVaultProperties"]["keyVaultUri"]
            for asked in declared.of_type("Account")
        }
        assert uris == {
            "swedencentral": "https://keys-eu.vault.azure.net/",
            "northcentralus": "https://keys-us.vault.azure.net/",
        }
        assert declared.outputs["keys"].keys() == {"swedencentral", "northcentralus"}


@pytest.fixture(scope="module")
def theirs() -> Declared:
    return declare(stack(encryption={"swedencentral": {"key": THEIRS}}))


class TestAKeyOfTheTeams:
    def test_no_vault_and_no_key_is_made(self, theirs: Declared) -> None:
        assert theirs.of_type("Vault") == theirs.of_type("Key") == []

    def test_the_role_is_one_of_the_key_s_subscription(self, theirs: Declared) -> None:
        (role,) = _on_keys(theirs)

        assert role.inputs["scope"] == THEIRS
        assert role.inputs["roleDefinitionId"] == (
            "/subscriptions/99999999-2222-3333-4444-555555555555/providers/Microsoft.Authorization/roleDefinitions/"
            + ENCRYPTION_USER
        )

    def test_its_vault_is_asked_and_not_guessed(self, theirs: Declared) -> None:
        (account,) = theirs.of_type("Account")
        settings = account.inputs["properties"]["encryption"]["keyVaultProperties"]

        assert settings["keyVaultUri"] == "https://corporate.vault.azure.net/"
        assert settings["keyName"] == "models"
        assert theirs.outputs["keys"]["swedencentral"]["keyId"] == THEIRS


class TestProtection:
    @pytest.mark.parametrize(
        ("environment", "models", "kept"),
        [
            ({"production": True}, {}, True),
            ({"production": True, "protection": "off"}, {}, False),
            ({}, {}, False),
            ({}, {"clippy": {"skus": {"live": {"name": "GlobalStandard", "capacity": 10}}}}, True),
        ],
    )
    def test_a_vault_is_kept_in_production_and_where_it_encrypts_weights(
        self, environment: dict[str, Any], models: dict[str, Any], *, kept: bool
    ) -> None:
        declared = declare(
            stack(environment=environment, models=models, encryption={"swedencentral": {"vault": "contoso-keys"}})
        )

        (vault,) = declared.of_type("Vault")
        assert vault.request.protect is kept
        assert vault.request.retainOnDelete is kept

    @pytest.mark.parametrize(
        ("environment", "kept"),
        [({"production": True}, True), ({"production": True, "protection": "off"}, False), ({}, False)],
    )
    def test_the_storage_is_kept_in_production(self, environment: dict[str, Any], *, kept: bool) -> None:
        (storage,) = declare(stack(environment=environment)).of_type("StorageAccount")

        assert storage.request.protect is kept
        assert storage.request.retainOnDelete is kept


def _identity_id(region: str) -> str:
    return f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/tuned-models-dev-keys-{region}"
