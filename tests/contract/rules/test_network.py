"""What is refused of the section network."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.rules.specimens import ACCOUNT, GROUP, KEY, SUBNET, ZONE, faults

OWN = {"mode": "private", "virtualNetwork": {"addressSpace": "10.40.0.0/24"}}
THEIRS = {"mode": "private", "subnet": SUBNET}


class TestWhatIsAccepted:
    @pytest.mark.parametrize(
        "network",
        [
            {},
            {"mode": "restricted", "ipRules": ["203.0.113.7", "198.51.100.0/24"]},
            {"mode": "restricted", "subnets": [SUBNET], "trustedServices": False},
            OWN,
            {"mode": "private", "virtualNetwork": {"addressSpace": "10.40.0.0/16", "subnet": "10.40.7.0/26"}},
            THEIRS | {"subnetLocation": "northeurope"},
            OWN | {"dns": "none"},
            OWN | {"dnsZones": {"privatelink.openai.azure.com": ZONE}},
        ],
    )
    def test_whole_networks_have_no_fault(self, network: dict[str, Any]) -> None:
        assert faults(network=network) == {}


class TestModes:
    @pytest.mark.parametrize(
        ("network", "key", "mode"),
        [
            ({"ipRules": ["203.0.113.7"]}, "ipRules", "restricted"),
            ({"subnets": [SUBNET]}, "subnets", "restricted"),
            (OWN | {"ipRules": ["203.0.113.7"]}, "ipRules", "restricted"),
            ({"virtualNetwork": {"addressSpace": "10.40.0.0/24"}}, "virtualNetwork", "private"),
            ({"mode": "restricted", "subnets": [SUBNET], "subnet": SUBNET}, "subnet", "private"),
            ({"subnetLocation": "swedencentral"}, "subnetLocation", "private"),
            ({"dns": "none"}, "dns", "private"),
            ({"dnsZones": {"privatelink.openai.azure.com": ZONE}}, "dnsZones", "private"),
        ],
    )
    def test_a_key_of_another_mode_builds_no_wall_here(self, network: dict[str, Any], key: str, mode: str) -> None:
        found = faults(network=network)

        assert list(found) == [f"network.{key}"]
        assert f"it is for mode {mode}" in found[f"network.{key}"]

    def test_restricted_to_nobody_is_refused(self) -> None:
        assert "nobody is let in" in faults(network={"mode": "restricted"})["network"]

    def test_private_needs_a_network(self) -> None:
        assert "virtualNetwork" in faults(network={"mode": "private"})["network"]

    def test_private_endpoints_are_in_one_network(self) -> None:
        assert list(faults(network=OWN | {"subnet": SUBNET})) == ["network.subnet"]

    def test_a_region_of_no_subnet_is_refused(self) -> None:
        assert list(faults(network=OWN | {"subnetLocation": "northeurope"})) == ["network.subnetLocation"]

    def test_an_account_of_another_team_cannot_be_made_private_here(self) -> None:
        accounts = {"main": {"existing": ACCOUNT, "location": "swedencentral"}}

        assert "its network is its owner's" in faults(accounts=accounts, network=OWN)["accounts.main.existing"]


class TestIpRules:
    @pytest.mark.parametrize(
        ("rule", "why"),
        [
            ("203.0.113.7/32", "no /31 and no /32"),
            ("203.0.113.6/31", "no /31 and no /32"),
            ("10.1.2.3", "isn't public"),
            ("172.20.0.0/16", "isn't public"),
            ("192.168.1.0/24", "isn't public"),
            ("100.64.0.1", "isn't public"),
            ("0.0.0.0/0", "lets everybody in"),
            ("300.1.1.1", "is no IPv4 range"),
            ("203.0.113.0/40", "is no IPv4 range"),
            ("203.0.113.7/24", "write 203.0.113.0/24"),
        ],
    )
    def test_what_azure_takes_for_no_caller_is_refused(self, rule: str, why: str) -> None:
        found = faults(network={"mode": "restricted", "ipRules": ["198.51.100.0/24", rule]})

        assert list(found) == ["network.ipRules[1]"]
        assert why in found["network.ipRules[1]"]

    def test_rules_do_not_overlap(self) -> None:
        found = faults(network={"mode": "restricted", "ipRules": ["198.51.100.0/24", "198.51.100.9"]})

        assert found == {"network.ipRules[1]": "'198.51.100.9' overlaps with '198.51.100.0/24'"}


class TestSubnets:
    def test_a_network_is_no_subnet(self) -> None:
        found = faults(network={"mode": "restricted", "subnets": [f"{GROUP}/Microsoft.Network/virtualNetworks/hub"]})

        assert "Microsoft.Network/virtualNetworks, one of" in found["network.subnets[0]"]

    def test_a_subnet_is_named_once_whatever_its_case(self) -> None:
        assert "network.subnets" in faults(
            network={"mode": "restricted", "subnets": [SUBNET, SUBNET.replace("/hub/", "/HUB/")]}
        )

    def test_the_existing_subnet_is_one(self) -> None:
        assert "network.subnet" in faults(network={"mode": "private", "subnet": KEY})


class TestVirtualNetwork:
    @pytest.mark.parametrize(
        ("virtual", "key", "why"),
        [
            ({"addressSpace": "10.40.0.1/24"}, "addressSpace", "write 10.40.0.0/24"),
            ({"addressSpace": "169.254.0.0/24"}, "addressSpace", "Azure keeps from virtual networks"),
            ({"addressSpace": "10.40.0.0"}, "addressSpace", "smallest subnet is a /29"),
            ({"addressSpace": "10.40.0.0/24", "subnet": "10.41.0.0/26"}, "subnet", "lies outside of addressSpace"),
            ({"addressSpace": "10.40.0.0/24", "subnet": "10.40.0.0/16"}, "subnet", "lies outside of addressSpace"),
            ({"addressSpace": "10.40.0.0/24", "subnet": "10.40.0.0/30"}, "subnet", "smallest subnet is a /29"),
            ({"addressSpace": "10.40.0.0/24", "subnet": "10.40.0.5/26"}, "subnet", "write 10.40.0.0/26"),
        ],
    )
    def test_ranges_that_azure_refuses(self, virtual: dict[str, str], key: str, why: str) -> None:
        found = faults(network={"mode": "private", "virtualNetwork": virtual})

        assert list(found) == [f"network.virtualNetwork.{key}"]
        assert why in found[f"network.virtualNetwork.{key}"]

    def test_the_subnet_holds_every_endpoint(self) -> None:
        """A /29 has three addresses to give: a Foundry account takes them, and the storage one more."""
        network = {"mode": "private", "virtualNetwork": {"addressSpace": "10.40.0.0/29"}}
        foundry = {"name": "contoso-openai", "location": "swedencentral", "kind": "AIServices"}

        assert faults(network=network) == {}
        found = faults(network=network, accounts={"main": foundry})
        assert "has 3 addresses to give" in found["network.virtualNetwork.addressSpace"]
        assert "take 4" in found["network.virtualNetwork.addressSpace"]

    def test_every_vault_and_the_store_take_an_address(self) -> None:
        """An account and the storage leave one of three."""
        network = {"mode": "private", "virtualNetwork": {"addressSpace": "10.40.0.0/29"}}
        encryption = {"swedencentral": {"vault": "contoso-keys"}}
        access = {"deployers": [{"principalId": "00000000-0000-0000-0000-00000000000a", "principalType": "User"}]}
        pointers = {"appConfiguration": "contoso-pointers"}

        assert faults(network=network, encryption=encryption) == {}
        assert faults(network=network, pointers=pointers, access=access) == {}
        found = faults(network=network, encryption=encryption, pointers=pointers, access=access)
        assert "take 4" in found["network.virtualNetwork.addressSpace"]


class TestDns:
    def test_an_unknown_zone_is_met_with_the_one_that_was_meant(self) -> None:
        zones = {"privatelink.openai.azure.co": ZONE}

        assert "did you mean 'privatelink.openai.azure.com'?" in _only(faults(network=OWN | {"dnsZones": zones}))

    def test_zones_are_refused_where_dns_is_somebody_elses(self) -> None:
        zones = {"privatelink.openai.azure.com": ZONE}

        assert list(faults(network=OWN | {"dns": "none", "dnsZones": zones})) == ["network.dnsZones"]

    def test_an_id_is_one_of_a_zone(self) -> None:
        assert "one of Microsoft.Network/privateDnsZones" in _only(
            faults(network=OWN | {"dnsZones": {"privatelink.openai.azure.com": SUBNET}})
        )

    def test_an_id_is_one_of_the_zone_it_stands_under(self) -> None:
        assert "another zone" in _only(faults(network=OWN | {"dnsZones": {"privatelink.azconfig.io": ZONE}}))


def _only(found: dict[str, str]) -> str:
    [(key, message)] = [(key, message) for key, message in found.items() if key.startswith("network.dnsZones.")]
    assert "privatelink" in key
    return message
