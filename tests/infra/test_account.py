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
