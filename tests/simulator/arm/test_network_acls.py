"""Network rules that Azure doesn't take, by the providers that refuse them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulator.server import Simulator
from tests.simulator.arm.clients import LOCATION, Clients, make_account, refused
from tests.simulator.arm.key_vault_clients import key_clients, vault_body
from tests.simulator.arm.networks import make_network, subnet_body

Make = Callable[[dict[str, Any]], Any]

NOT_PUBLIC = ["10.0.0.0/8", "192.168.1.0/24", "172.20.1.1", "0.0.0.0/0"]
SMALL = ["198.51.100.0/31", "198.51.100.7/32"]
GOOD = ["198.51.100.7", "198.51.100.0/30"]


def rules(*addresses: str, subnets: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {
        "defaultAction": "Deny",
        "ipRules": [{"value": each} for each in addresses],
        "virtualNetworkRules": list(subnets),
    }


def storage(azure: Clients, group: str, acls: dict[str, Any]) -> Any:
    body: Any = {
        "kind": "StorageV2",
        "location": LOCATION,
        "sku": {"name": "Standard_LRS"},
        "properties": {"networkAcls": acls},
    }
    return azure.storage.storage_accounts.begin_create(group, "tunedblobs", body).result()


@pytest.fixture
def vault(simulator: Simulator, group: str) -> Iterator[Make]:
    """Makes a vault with these rules."""
    with key_clients(simulator) as clients:

        def make(acls: dict[str, Any]) -> Any:
            body = vault_body(simulator, networkAcls=acls)
            return clients.vaults.vaults.begin_create_or_update(group, "tuned-vault", body).result()

        yield make


@pytest.mark.parametrize("address", [*NOT_PUBLIC, *SMALL, "2001:db8::1", "nonsense"])
def test_accounts_and_storage_take_public_addresses_and_ranges_only(azure: Clients, group: str, address: str) -> None:
    with refused(400, "BadRequest"):
        make_account(azure, group, "ruled", networkAcls=rules(address))
    with refused(
        400,
        "InvalidValuesForRequestParameters",
        "Values for request parameters are invalid: networkAcls.ipRule[*].value. For more information, see - "
        "https://aka.ms/storagenetworkruleset",
    ):
        storage(azure, group, rules(address))


def test_good_rules_are_kept(azure: Clients, group: str) -> None:
    account = make_account(azure, group, "ruled", networkAcls=rules(*GOOD))
    stored = storage(azure, group, rules(*GOOD))

    assert [each.value for each in account.properties.network_acls.ip_rules] == GOOD
    assert [each.ip_address_or_range for each in stored.network_rule_set.ip_rules] == GOOD


def test_a_vault_says_which_range_is_forbidden(vault: Make) -> None:
    with refused(
        400,
        "BadRequest",
        "Invalid value found at properties.networkAcls.ipRules[1].value: 10.0.0.0/8 belongs to forbidden range "
        "10.0.0.0\N{EN DASH}10.255.255.255 (private IP addresses)",
    ):
        vault(rules("198.51.100.7", "10.0.0.0/8"))
    with refused(400, "BadRequest"):
        vault(rules("nonsense"))
    assert vault(rules(*GOOD, *SMALL)).name == "tuned-vault"


def test_a_subnet_needs_the_service_s_endpoint(vault: Make, azure: Clients, group: str) -> None:
    network = make_network(azure, group, callers="10.0.0.0/24")
    subnet = {"id": network.subnets[0].id}
    said = (
        f"Subnets callers of virtual network {network.id} do not have ServiceEndpoints for {{service}} resources "
        "configured. Add {service} to subnet's ServiceEndpoints collection before trying to ACL {service} resources "
        "to these subnets."
    )
    lacking = "SubnetsHaveNoServiceEndpointsConfigured"

    with refused(400, lacking, said.format(service="Microsoft.CognitiveServices")):
        make_account(azure, group, "ruled", networkAcls=rules(subnets=(subnet,)))
    with refused(400, lacking, said.format(service="Microsoft.KeyVault")):
        vault(rules(subnets=(subnet,)))
    with refused(
        400,
        "NetworkAclsValidationFailure",
        f"Validation of network acls failure: {lacking}:{said.format(service='Microsoft.Storage')}.",
    ):
        storage(azure, group, rules(subnets=(subnet,)))

    services = ("Microsoft.CognitiveServices", "Microsoft.Storage", "Microsoft.KeyVault")
    equipped = subnet_body("10.0.0.0/24", serviceEndpoints=[{"service": each} for each in services])
    azure.network.subnets.begin_create_or_update(group, "vnet", "callers", equipped).result()
    assert make_account(azure, group, "ruled", networkAcls=rules(subnets=(subnet,)))
    assert storage(azure, group, rules(subnets=(subnet,)))
    assert vault(rules(subnets=(subnet,)))


def test_an_account_may_name_a_subnet_that_gets_its_endpoint_later(azure: Clients, group: str) -> None:
    subnet = {"id": make_network(azure, group, callers="10.0.0.0/24").subnets[0].id}

    assert make_account(
        azure, group, "ruled", networkAcls=rules(subnets=(subnet | {"ignoreMissingVnetServiceEndpoint": True},))
    )


def test_a_subnet_has_to_be_there(azure: Clients, group: str) -> None:
    subnet = {
        "id": f"/subscriptions/none/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/a/subnets/b"
    }

    with refused(400, "InvalidResourceReference"):
        make_account(azure, group, "ruled", networkAcls=rules(subnets=(subnet,)))
    with refused(400, "InvalidResourceReference"):
        storage(azure, group, rules(subnets=(subnet,)))
