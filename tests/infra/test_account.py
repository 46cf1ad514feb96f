"""What is asked for an account."""

from __future__ import annotations

from typing import Any, ClassVar

import pulumi
import pytest

from contract.outputs import StackOutputs
from tests.infra.recording import SUBSCRIPTION, Asked, Declared, declare
from tests.infra.specimens import GLOBAL, stack, trained


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
        assert account.inputs["properties"]["allowProjectManagement"] is True

    def test_nothing_is_sent_that_nobody_asked_for(self, account: Asked) -> None:
        """An account that stands already is not updated by an up of a newer version of this program."""
        assert not {"restore", "allowProjectManagement"} & account.inputs["properties"].keys()


FOUNDRY = {"name": "contoso-foundry", "location": "swedencentral", "kind": "AIServices"}
EXISTING = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers/"
    "Microsoft.CognitiveServices/accounts/theirs"
)


def declared(account: dict[str, Any], **changes: Any) -> Declared:
    return declare(stack(accounts={"main": account}, **changes))


class TestIdentity:
    def test_one_is_made_where_none_is_named(self) -> None:
        made = declared(FOUNDRY | {"identity": "user"})
        (identity,) = made.of_type("UserAssignedIdentity")
        (account,) = made.of_type("Account")

        group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tuned-models-dev"
        its_id = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/contoso-foundry-identity"

        assert identity.inputs["resourceName"] == "contoso-foundry-identity"
        assert account.inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [its_id]}

    def test_one_that_is_named_is_taken(self) -> None:
        theirs = f"{EXISTING.partition('/Microsoft')[0]}/Microsoft.ManagedIdentity/userAssignedIdentities/theirs"
        made = declared(FOUNDRY | {"identity": "user", "identityId": theirs})
        (account,) = made.of_type("Account")

        assert made.of_type("UserAssignedIdentity") == []
        assert account.inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [theirs]}


class TestProjects:
    def test_each_has_an_identity_and_comes_after_all_earlier_ones_and_before_deployments(self) -> None:
        made = declared(FOUNDRY | {"projects": {"support": {"displayName": "Support"}, "sales": {}}})
        (account,) = made.of_type("Account")
        sales, support = made.of_type("Project")
        (deployment,) = made.of_type("Deployment")

        assert account.inputs["properties"]["allowProjectManagement"] is True
        assert support.inputs["properties"] == {"displayName": "Support"}
        assert {sales.inputs["identity"]["type"], support.inputs["identity"]["type"]} == {"SystemAssigned"}
        assert sales.urn in support.dependencies
        assert {sales.urn, support.urn} <= deployment.dependencies


class TestSoftDelete:
    def test_a_deleted_namesake_is_restored_where_that_is_asked_for(self) -> None:
        (account,) = declared(FOUNDRY | {"restore": True}).of_type("Account")

        assert account.inputs["properties"]["restore"] is True


class TestProtection:
    """Weights live in the account that trained them: in dev too."""

    TWO: ClassVar = {
        "trains": {"name": "contoso-eu", "location": "swedencentral"},
        "serves": {"name": "contoso-us", "location": "northcentralus"},
    }

    @pytest.mark.parametrize(
        ("environment", "protected"),
        [
            ({}, {"contoso-eu"}),
            ({"production": True}, {"contoso-eu", "contoso-us"}),
            ({"protection": "off"}, set()),
            ({"production": True, "protection": "off"}, set()),
        ],
    )
    def test_accounts_are_protected_and_retained(self, environment: dict[str, Any], protected: set[str]) -> None:
        made = declare(
            stack(
                environment=environment,
                resourceGroup={"location": "swedencentral"},
                accounts=self.TWO,
                baseDeployments={},
                models={"clippy": {"trainIn": "trains", "skus": {"live": GLOBAL}}},
            )
        )
        accounts = made.of_type("Account")

        assert {each.inputs["accountName"] for each in accounts if each.request.protect} == protected
        assert {each.inputs["accountName"] for each in accounts if each.request.retainOnDelete} == protected

    def test_what_stands_in_an_account_is_not(self) -> None:
        made = declare(stack(environment={"production": True}))

        assert not any(each.request.protect for each in made.of_type("Deployment"))


class TestAnAccountOfAnotherTeam:
    @pytest.fixture
    def made(self) -> Declared:
        return declared({"existing": EXISTING, "location": "swedencentral"}, releases={"clippy": {"live": trained(1)}})

    def test_is_read_and_never_declared(self, made: Declared) -> None:
        assert EXISTING in made.read
        assert made.of_type("Account") == []

    def test_has_its_deployments_in_its_own_resource_group(self, made: Declared) -> None:
        places = {(each.inputs["resourceGroupName"], each.inputs["accountName"]) for each in made.of_type("Deployment")}

        assert places == {("hub", "theirs")}

    def test_gives_nobody_a_role(self, made: Declared) -> None:
        """Its owners say who may do what in it."""
        assert not any("theirs" in each.inputs["scope"] for each in made.of_type("RoleAssignment"))

    def test_of_another_subscription_is_refused(self) -> None:
        """Its deployments would be made in an account of that name in this subscription, or nowhere."""
        elsewhere = EXISTING.replace("11111111", "99999999")

        with pytest.raises(pulumi.RunError, match="in another subscription"):
            declared({"existing": elsewhere, "location": "swedencentral"})

    def test_is_in_the_outputs_as_any_other(self, made: Declared) -> None:
        main = StackOutputs.parse(made.outputs).accounts["main"]

        assert (main.id, main.endpoint) == (EXISTING, "https://theirs.openai.azure.com/")
