"""What is asked for an account."""

from __future__ import annotations

import pytest

from tests.infra.recording import Asked, declare
from tests.infra.specimens import stack


@pytest.fixture(scope="module")
def account() -> Asked:
    (account,) = declare(stack()).of_type("Account")
    return account


class TestTheAccount:
    def test_takes_tokens_only(self, account: Asked) -> None:
        assert account.inputs["properties"]["disableLocalAuth"] is True

    def test_has_a_custom_subdomain_without_which_tokens_are_refused(self, account: Asked) -> None:
        assert account.inputs["properties"]["customSubDomainName"] == "contoso-openai"

    def test_has_an_identity_of_its_own(self, account: Asked) -> None:
        assert account.inputs["identity"] == {"type": "SystemAssigned"}

    def test_is_of_the_only_sku_that_openai_accounts_have(self, account: Asked) -> None:
        assert account.inputs["sku"] == {"name": "S0"}

    def test_is_named_in_azure_as_in_the_config(self, account: Asked) -> None:
        assert account.inputs["accountName"] == "contoso-openai"

    def test_its_endpoint_is_reached_from_everywhere(self, account: Asked) -> None:
        """Stated and not left to Azure, so that what somebody closes by hand is opened by the next up."""
        assert account.inputs["properties"]["publicNetworkAccess"] == "Enabled"
        assert account.inputs["properties"]["networkAcls"] == {
            "defaultAction": "Allow",
            "ipRules": [],
            "virtualNetworkRules": [],
        }

    def test_is_of_the_kind_in_the_region_and_under_the_subdomain_of_the_config(self) -> None:
        config = {"name": "contoso-2", "location": "eastus2", "kind": "AIServices", "subdomain": "contoso-models"}
        (account,) = declare(stack(accounts={"main": config}, models={}, baseDeployments={})).of_type("Account")

        assert (account.inputs["kind"], account.inputs["location"]) == ("AIServices", "eastus2")
        assert account.inputs["accountName"] == "contoso-2"
        assert account.inputs["properties"]["customSubDomainName"] == "contoso-models"
