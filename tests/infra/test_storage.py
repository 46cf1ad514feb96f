"""What is asked for the storage of datasets and runs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.recording import Declared, declare
from tests.infra.specimens import stack


@pytest.fixture(scope="module")
def declared() -> Declared:
    return declare(stack(storage={"name": "contosodata", "redundancy": "Standard_ZRS", "softDeleteDays": 30}))


class TestStorage:
    def test_nothing_in_it_is_public(self, declared: Declared) -> None:
        (account,) = declared.of_type("StorageAccount")

        assert account.inputs["allowBlobPublicAccess"] is False
        assert {asked.inputs["publicAccess"] for asked in declared.of_type("BlobContainer")} == {"None"}

    def test_its_keys_sign_nothing(self, declared: Declared) -> None:
        (account,) = declared.of_type("StorageAccount")

        assert account.inputs["allowSharedKeyAccess"] is False

    def test_it_speaks_tls_1_2_at_least(self, declared: Declared) -> None:
        (account,) = declared.of_type("StorageAccount")

        assert account.inputs["enableHttpsTrafficOnly"] is True
        assert account.inputs["minimumTlsVersion"] == "TLS1_2"

    def test_it_keeps_versions_and_what_was_deleted(self, declared: Declared) -> None:
        (blobs,) = declared.of_type("BlobServiceProperties")

        assert blobs.inputs["blobServicesName"] == "default"
        assert blobs.inputs["isVersioningEnabled"] is True
        assert blobs.inputs["deleteRetentionPolicy"] == {"enabled": True, "days": 30}
        assert blobs.inputs["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 30}

    def test_it_has_a_container_for_datasets_and_one_for_runs_once_versions_are_kept(self, declared: Declared) -> None:
        (blobs,) = declared.of_type("BlobServiceProperties")
        containers = declared.of_type("BlobContainer")

        assert {asked.inputs["containerName"] for asked in containers} == {"datasets", "runs"}
        assert all(blobs.urn in asked.dependencies for asked in containers)

    def test_it_is_of_the_redundancy_that_the_config_says(self, declared: Declared) -> None:
        (account,) = declared.of_type("StorageAccount")

        assert (account.inputs["kind"], account.inputs["sku"]) == ("StorageV2", {"name": "Standard_ZRS"})

    def test_tokens_are_the_way_in_and_nothing_is_copied_to_another_tenant(self, declared: Declared) -> None:
        (account,) = declared.of_type("StorageAccount")

        assert account.inputs["defaultToOAuthAuthentication"] is True
        assert account.inputs["allowCrossTenantReplication"] is False

    def test_its_endpoint_is_reached_from_everywhere(self, declared: Declared) -> None:
        """By tokens only; stated, so that what somebody closes by hand is opened by the next up."""
        (account,) = declared.of_type("StorageAccount")

        assert account.inputs["publicNetworkAccess"] == "Enabled"
        assert account.inputs["networkRuleSet"] == {
            "defaultAction": "Allow",
            "bypass": "AzureServices",
            "ipRules": [],
            "virtualNetworkRules": [],
        }

    @pytest.mark.parametrize(
        ("changes", "location"),
        [
            ({}, "swedencentral"),
            ({"resourceGroup": {"location": "westeurope"}}, "westeurope"),
            ({"storage": {"name": "contosodata", "location": "eastus"}}, "eastus"),
        ],
    )
    def test_it_stands_with_the_resource_group_unless_the_config_says_where(
        self, changes: dict[str, Any], location: str
    ) -> None:
        (account,) = declare(stack(**changes)).of_type("StorageAccount")

        assert account.inputs["location"] == location
