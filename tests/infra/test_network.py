"""What is asked for the network: rules where the mode is restricted, endpoints and names where it is private."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.recording import SUBSCRIPTION, Asked, Declared, declare
from tests.infra.specimens import CALLER, stack, two_accounts

HUB = "/subscriptions/99999999-2222-3333-4444-555555555555/resourceGroups/hub/providers/Microsoft.Network"
SUBNET = f"{HUB}/virtualNetworks/hub/subnets/endpoints"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tuned-models-dev/providers"
OWN: dict[str, Any] = {"mode": "private", "virtualNetwork": {"addressSpace": "10.40.0.0/24"}}
ACCOUNT_ZONES = [
    "privatelink.cognitiveservices.azure.com",
    "privatelink.openai.azure.com",
    "privatelink.services.ai.azure.com",
]


def _endpoints(declared: Declared) -> dict[str, Asked]:
    return {asked.inputs["privateEndpointName"]: asked for asked in declared.of_type("PrivateEndpoint")}


@pytest.fixture(scope="module")
def restricted() -> Declared:
    rules = {"mode": "restricted", "ipRules": ["203.0.113.7", "198.51.100.0/24"], "subnets": [SUBNET]}
    return declare(stack(network=rules, encryption={"swedencentral": {"vault": "contoso-keys"}}))


class TestRestricted:
    def test_accounts_answer_only_whom_the_rules_name(self, restricted: Declared) -> None:
        (account,) = restricted.of_type("Account")

        assert account.inputs["properties"]["publicNetworkAccess"] == "Enabled"
        assert account.inputs["properties"]["networkAcls"] == {
            "defaultAction": "Deny",
            "bypass": "AzureServices",
            "ipRules": [{"value": "203.0.113.7"}, {"value": "198.51.100.0/24"}],
            "virtualNetworkRules": [{"id": SUBNET}],
        }

    def test_so_does_the_storage(self, restricted: Declared) -> None:
        (storage,) = restricted.of_type("StorageAccount")

        assert storage.inputs["publicNetworkAccess"] == "Enabled"
        assert storage.inputs["networkRuleSet"] == {
            "defaultAction": "Deny",
            "bypass": "AzureServices",
            "ipRules": [
                {"iPAddressOrRange": "203.0.113.7", "action": "Allow"},
                {"iPAddressOrRange": "198.51.100.0/24", "action": "Allow"},
            ],
            "virtualNetworkRules": [{"virtualNetworkResourceId": SUBNET, "action": "Allow"}],
        }

    def test_so_do_vaults_to_which_an_address_is_a_range(self, restricted: Declared) -> None:
        """As Key Vault gives it back: otherwise every up would find a difference."""
        (vault,) = restricted.of_type("Vault")

        assert vault.inputs["properties"]["publicNetworkAccess"] == "Enabled"
        assert vault.inputs["properties"]["networkAcls"] == {
            "defaultAction": "Deny",
            "bypass": "AzureServices",
            "ipRules": [{"value": "203.0.113.7/32"}, {"value": "198.51.100.0/24"}],
            "virtualNetworkRules": [{"id": SUBNET}],
        }

    def test_nothing_private_is_made(self, restricted: Declared) -> None:
        assert _endpoints(restricted) == {}
        assert restricted.of_type("PrivateZone") == []

    def test_trusted_services_can_be_kept_out_of_all_but_the_vaults(self) -> None:
        """Without them nobody could be encrypted with a vault's key."""
        rules = {"mode": "restricted", "subnets": [SUBNET], "trustedServices": False}
        declared = declare(stack(network=rules, encryption={"swedencentral": {"vault": "contoso-keys"}}))

        (account,), (storage,), (vault,) = map(declared.of_type, ("Account", "StorageAccount", "Vault"))
        assert account.inputs["properties"]["networkAcls"]["bypass"] == "None"
        assert storage.inputs["networkRuleSet"]["bypass"] == "None"
        assert vault.inputs["properties"]["networkAcls"]["bypass"] == "AzureServices"


@pytest.fixture(scope="module")
def private() -> Declared:
    return declare(
        stack(
            network=OWN,
            encryption={"swedencentral": {"vault": "contoso-keys"}},
            pointers={"appConfiguration": "contoso-pointers"},
            access={"deployers": [{"principalId": CALLER, "principalType": "User"}]},
        )
    )


class TestPrivate:
    def test_nothing_answers_from_outside(self, private: Declared) -> None:
        (account,), (storage,), (vault,) = map(private.of_type, ("Account", "StorageAccount", "Vault"))
        (store,) = private.of_type("ConfigurationStore")

        assert account.inputs["properties"]["publicNetworkAccess"] == "Disabled"
        assert account.inputs["properties"]["networkAcls"]["defaultAction"] == "Deny"
        assert storage.inputs["publicNetworkAccess"] == "Disabled"
        assert storage.inputs["networkRuleSet"]["defaultAction"] == "Deny"
        assert vault.inputs["properties"]["publicNetworkAccess"] == "Disabled"
        assert vault.inputs["properties"]["networkAcls"]["defaultAction"] == "Deny"
        assert store.inputs["publicNetworkAccess"] == "Disabled"

    def test_every_data_plane_has_an_endpoint_of_its_group(self, private: Declared) -> None:
        """Groups: Microsoft Learn, "Azure Private Endpoint private DNS zone values"."""
        links = {
            name: (connection["privateLinkServiceId"], connection["groupIds"])
            for name, asked in _endpoints(private).items()
            for connection in asked.inputs["privateLinkServiceConnections"]
        }

        assert links == {
            "account-main-endpoint": (f"{GROUP}/Microsoft.CognitiveServices/accounts/contoso-openai", ["account"]),
            "storage-endpoint": (f"{GROUP}/Microsoft.Storage/storageAccounts/contosodata", ["blob"]),
            "vault-swedencentral-endpoint": (f"{GROUP}/Microsoft.KeyVault/vaults/contoso-keys", ["vault"]),
            "pointers-endpoint": (
                f"{GROUP}/Microsoft.AppConfiguration/configurationStores/contoso-pointers",
                ["configurationStores"],
            ),
        }

    def test_endpoints_are_made_one_after_the_other(self, private: Declared) -> None:
        """Each depends on all earlier ones, and the first on its account."""
        endpoints = list(_endpoints(private).values())
        (account,) = private.of_type("Account")

        for index, endpoint in enumerate(endpoints):
            assert {earlier.urn for earlier in endpoints[:index]} <= endpoint.dependencies
        assert account.urn in endpoints[0].dependencies

    def test_an_account_s_deployments_come_after_its_endpoint(self, private: Declared) -> None:
        """Azure does one thing at a time in an account."""
        endpoint = _endpoints(private)["account-main-endpoint"]

        assert private.deployments("contoso-openai")
        assert all(endpoint.urn in asked.dependencies for asked in private.deployments("contoso-openai"))

    def test_endpoints_stand_in_a_subnet_of_the_environment_s_own(self, private: Declared) -> None:
        (network,), (subnet,) = private.of_type("VirtualNetwork"), private.of_type("Subnet")

        assert network.inputs["virtualNetworkName"] == "tuned-models-dev"
        assert network.inputs["addressSpace"] == {"addressPrefixes": ["10.40.0.0/24"]}
        # A subnet of its own resource, so that those of others in this network stay.
        assert "subnets" not in network.inputs
        assert subnet.inputs["addressPrefix"] == "10.40.0.0/24"
        assert subnet.inputs["privateEndpointNetworkPolicies"] == "Disabled"
        assert subnet.inputs["defaultOutboundAccess"] is False
        subnet_id = f"{GROUP}/Microsoft.Network/virtualNetworks/tuned-models-dev/subnets/private-endpoints"
        assert {asked.inputs["subnet"]["id"] for asked in _endpoints(private).values()} == {subnet_id}

    def test_every_zone_is_made_once_and_linked_to_the_network(self, private: Declared) -> None:
        zones = [asked.inputs["privateZoneName"] for asked in private.of_type("PrivateZone")]
        links = private.of_type("VirtualNetworkLink")

        assert sorted(zones) == sorted(
            [
                *ACCOUNT_ZONES,
                "privatelink.blob.core.windows.net",
                "privatelink.vaultcore.azure.net",
                "privatelink.azconfig.io",
            ]
        )
        assert {asked.inputs["location"] for asked in private.of_type("PrivateZone") + links} == {"global"}
        assert [asked.inputs["privateZoneName"] for asked in links] == zones
        assert {asked.inputs["virtualNetwork"]["id"] for asked in links} == {
            f"{GROUP}/Microsoft.Network/virtualNetworks/tuned-models-dev"
        }
        assert not any(asked.inputs["registrationEnabled"] for asked in links)

    def test_an_endpoint_s_addresses_are_kept_in_its_service_s_zones(self, private: Declared) -> None:
        groups = {
            asked.inputs["privateEndpointName"]: [
                config["privateDnsZoneId"].rpartition("/")[2] for config in asked.inputs["privateDnsZoneConfigs"]
            ]
            for asked in private.of_type("PrivateDnsZoneGroup")
        }

        assert groups == {
            "account-main-endpoint": ACCOUNT_ZONES,
            "storage-endpoint": ["privatelink.blob.core.windows.net"],
            "vault-swedencentral-endpoint": ["privatelink.vaultcore.azure.net"],
            "pointers-endpoint": ["privatelink.azconfig.io"],
        }

    def test_the_outputs_say_so(self, private: Declared) -> None:
        assert private.outputs["network"] == {"mode": "private"}

    def test_a_network_may_have_another_name_place_and_part(self) -> None:
        virtual = {
            "name": "ml",
            "location": "westeurope",
            "addressSpace": "10.40.0.0/16",
            "subnet": "10.40.7.0/26",
        }
        declared = declare(stack(network={"mode": "private", "virtualNetwork": virtual}))

        (network,), (subnet,) = declared.of_type("VirtualNetwork"), declared.of_type("Subnet")
        assert (network.inputs["virtualNetworkName"], network.inputs["location"]) == ("ml", "westeurope")
        assert subnet.inputs["addressPrefix"] == "10.40.7.0/26"
        assert {asked.inputs["location"] for asked in _endpoints(declared).values()} == {"westeurope"}

    def test_accounts_of_several_regions_are_reached_in_one_network(self) -> None:
        declared = declare(two_accounts(network=OWN))

        assert list(_endpoints(declared)) == [
            "account-america-endpoint",
            "account-europe-endpoint",
            "storage-endpoint",
        ]
        (network,) = declared.of_type("VirtualNetwork")
        assert {asked.inputs["location"] for asked in _endpoints(declared).values()} == {network.inputs["location"]}


class TestInANetworkOfOthers:
    def test_endpoints_stand_in_their_subnet_and_zones_are_linked_to_its_network(self) -> None:
        declared = declare(stack(network={"mode": "private", "subnet": SUBNET, "subnetLocation": "northeurope"}))

        assert declared.of_type("VirtualNetwork") == declared.of_type("Subnet") == []
        endpoints = _endpoints(declared).values()
        assert {(asked.inputs["subnet"]["id"], asked.inputs["location"]) for asked in endpoints} == {
            (SUBNET, "northeurope")
        }
        assert {asked.inputs["virtualNetwork"]["id"] for asked in declared.of_type("VirtualNetworkLink")} == {
            f"{HUB}/virtualNetworks/hub"
        }

    def test_zones_of_others_are_used_and_left_alone(self) -> None:
        theirs = f"{HUB}/privateDnsZones/privatelink.openai.azure.com"
        declared = declare(stack(network=OWN | {"dnsZones": {"privatelink.openai.azure.com": theirs}}))

        made = {asked.inputs["privateZoneName"] for asked in declared.of_type("PrivateZone")}
        assert "privatelink.openai.azure.com" not in made
        assert {asked.inputs["privateZoneName"] for asked in declared.of_type("VirtualNetworkLink")} == made
        used = {
            config["privateDnsZoneId"]
            for asked in declared.of_type("PrivateDnsZoneGroup")
            for config in asked.inputs["privateDnsZoneConfigs"]
        }
        assert theirs in used

    def test_names_can_be_somebody_elses_business(self) -> None:
        declared = declare(stack(network=OWN | {"dns": "none"}))

        assert len(_endpoints(declared)) == 2
        assert declared.of_type("PrivateZone") == declared.of_type("PrivateDnsZoneGroup") == []


def test_a_public_environment_says_so_and_has_nothing_of_all_this() -> None:
    declared = declare(stack())

    assert declared.outputs["network"] == {"mode": "public"}
    assert _endpoints(declared) == {}
