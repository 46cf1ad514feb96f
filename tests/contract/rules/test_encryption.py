"""What is refused of the section encryption."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.rules.specimens import ACCOUNT, GROUP, KEY, SUBNET, faults

VAULT = {"vault": "contoso-keys"}
TWO_REGIONS = {
    "europe": {"name": "contoso-eu", "location": "swedencentral"},
    "america": {"name": "contoso-us", "location": "northcentralus"},
}


@pytest.mark.parametrize("key", [VAULT, VAULT | {"rotateEveryDays": 90, "restore": True}, {"key": KEY}])
def test_a_vault_or_a_key_of_the_region_in_use_has_no_fault(key: dict[str, Any]) -> None:
    assert faults(encryption={"swedencentral": key}) == {}


class TestTheKey:
    def test_one_is_named(self) -> None:
        assert "names no key" in faults(encryption={"swedencentral": {}})["encryption.swedencentral"]

    def test_only_one_is_named(self) -> None:
        assert "not both" in faults(encryption={"swedencentral": VAULT | {"key": KEY}})["encryption.swedencentral.key"]

    @pytest.mark.parametrize(
        "wrong", [SUBNET, f"{GROUP}/Microsoft.KeyVault/vaults/contoso-keys", f"{GROUP}/Microsoft.KeyVault/vaults"]
    )
    def test_its_id_is_one_of_a_key(self, wrong: str) -> None:
        found = faults(encryption={"swedencentral": {"key": wrong}})

        assert "one of Microsoft.KeyVault/vaults/keys is wanted" in found["encryption.swedencentral.key"]

    def test_a_version_of_a_key_would_stay_when_the_key_is_rotated(self) -> None:
        found = faults(encryption={"swedencentral": {"key": f"{KEY}/versions/1"}})

        assert "without a version" in found["encryption.swedencentral.key"]

    @pytest.mark.parametrize("changes", [{"rotateEveryDays": 365}, {"softDeleteDays": 7}, {"restore": True}])
    def test_a_key_of_yours_is_not_told_how_to_live(self, changes: dict[str, Any]) -> None:
        [[name]] = [changes]

        found = faults(encryption={"swedencentral": {"key": KEY} | changes})

        assert list(found) == [f"encryption.swedencentral.{name}"]

    @pytest.mark.parametrize("days", [27, 1826, "90"])
    def test_rotations_are_neither_too_often_nor_too_rare(self, days: object) -> None:
        found = faults(encryption={"swedencentral": VAULT | {"rotateEveryDays": days}})

        assert list(found) == ["encryption.swedencentral.rotateEveryDays"]

    def test_two_vaults_of_one_name_are_refused(self) -> None:
        found = faults(
            accounts=TWO_REGIONS,
            resourceGroup={"location": "swedencentral"},
            encryption={"swedencentral": {"vault": "contoso-keys"}, "northcentralus": {"vault": "Contoso-Keys"}},
        )

        assert list(found) == ["encryption.swedencentral.vault"]


class TestRegions:
    def test_every_account_has_a_key(self) -> None:
        storage = {"name": "contosodata", "location": "swedencentral"}

        found = faults(accounts=TWO_REGIONS, storage=storage, encryption={"swedencentral": VAULT})

        assert "accounts.america is in northcentralus" in found["encryption.northcentralus"]

    def test_the_storage_has_one_where_it_stands(self) -> None:
        found = faults(storage={"name": "contosodata", "location": "westeurope"}, encryption={"swedencentral": VAULT})

        assert "storage is in westeurope" in found["encryption.westeurope"]

    def test_the_storage_stands_with_the_resource_group(self) -> None:
        found = faults(resourceGroup={"location": "westeurope"}, encryption={"swedencentral": VAULT})

        assert list(found) == ["encryption.westeurope"]

    def test_a_key_of_a_region_without_anything_is_refused_with_what_was_meant(self) -> None:
        found = faults(encryption={"swedencentral": VAULT, "swedencentra": {"key": KEY}})

        assert "did you mean 'swedencentral'?" in found["encryption.swedencentra"]

    def test_accounts_of_other_teams_are_not_encrypted_here(self) -> None:
        accounts = {
            "main": {"name": "contoso-openai", "location": "swedencentral"},
            "theirs": {"existing": ACCOUNT, "location": "eastus2"},
        }
        storage = {"name": "contosodata", "location": "swedencentral"}
        encryption = {"swedencentral": VAULT, "eastus2": {"key": KEY}}

        group = {"location": "swedencentral"}

        found = faults(resourceGroup=group, accounts=accounts, storage=storage, encryption=encryption)

        assert list(found) == ["encryption.eastus2"]
        assert "other teams" in found["encryption.eastus2"]

    def test_of_a_storage_that_is_at_fault_no_region_is_known(self) -> None:
        """Nothing is said of keys until it is known where the storage stands."""
        storage = {"name": "NO", "location": "westeurope"}

        assert list(faults(storage=storage, encryption={"westeurope": VAULT})) == ["storage.name"]
