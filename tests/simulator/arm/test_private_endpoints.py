"""Private endpoints and their zones, through azure-mgmt-network and azure-mgmt-privatedns."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.cognitiveservices.models import Account
from azure.mgmt.privatedns.models import PrivateZone
from azure.mgmt.storage.models import PrivateEndpointConnection

from simulator.arm.models import Resource
from simulator.server import Simulator
from tests.simulator.arm.clients import LOCATION, Clients, add_tuned_model, refused, tuned_deployment
from tests.simulator.arm.conftest import As, Wire
from tests.simulator.arm.key_vault_clients import key_clients, vault_body
from tests.simulator.arm.networks import begin_endpoint, make_endpoint, make_network, make_zone, make_zone_group


def _network(subnet_id: str) -> str:
    return subnet_id.partition("/subnets/")[0]


def _connection(status: str) -> PrivateEndpointConnection:
    return PrivateEndpointConnection({"properties": {"privateLinkServiceConnectionState": {"status": status}}})


def make_storage(azure: Clients, group: str) -> Any:
    body: Any = {"kind": "StorageV2", "location": LOCATION, "sku": {"name": "Standard_LRS"}}
    return azure.storage.storage_accounts.begin_create(group, "tunedblobs", body).result()


@pytest.fixture
def subnet(azure: Clients, group: str) -> str:
    """An empty subnet, by ID."""
    return str(make_network(azure, group, endpoints="10.0.0.0/24").subnets[0].id)


def test_an_endpoint_gives_each_name_of_its_account_an_address(
    azure: Clients, group: str, account: Resource, subnet: str
) -> None:
    made = make_endpoint(azure, group, "pe", subnet, account.id, "account")

    state = made.private_link_service_connections[0].private_link_service_connection_state
    assert (made.provisioning_state, state.status, state.description) == ("Succeeded", "Approved", "Approved")
    assert {each.fqdn: each.ip_addresses for each in made.custom_dns_configs} == {
        "aoai-tuned.cognitiveservices.azure.com": ["10.0.0.4"],
        "aoai-tuned.openai.azure.com": ["10.0.0.5"],
        "aoai-tuned.services.ai.azure.com": ["10.0.0.6"],
    }
    assert "/networkInterfaces/pe.nic." in made.network_interfaces[0].id


def test_an_account_shows_who_is_connected_to_it(azure: Clients, group: str, account: Resource, subnet: str) -> None:
    made = make_endpoint(azure, group, "pe", subnet, account.id, "account")

    shown: Any = azure.cognitive.accounts.get(group, account.name)
    seen = shown.properties.private_endpoint_connections

    assert [each.properties.private_endpoint.id for each in seen] == [made.id]
    assert seen[0].properties.group_ids == ["account"]
    assert seen[0].properties.private_link_service_connection_state.status == "Approved"


def test_a_storage_account_is_reached_for_its_blobs(azure: Clients, group: str, subnet: str) -> None:
    made = make_storage(azure, group)

    endpoint = make_endpoint(azure, group, "pe", subnet, made.id, "blob")

    assert endpoint.custom_dns_configs[0].fqdn == "tunedblobs.blob.core.windows.net"
    shown = azure.storage.storage_accounts.get_properties(group, "tunedblobs").private_endpoint_connections
    assert [each.private_endpoint.id for each in shown] == [endpoint.id]
    assert shown[0].private_link_service_connection_state.action_required == "None"


def test_what_a_storage_tells_of_a_connection_is_no_more_than_its_provider_does(
    azure: Clients, wire: Wire, group: str, subnet: str
) -> None:
    """Of the groups it says nothing (Microsoft.Storage 2024-01-01)."""
    made = make_storage(azure, group)
    make_endpoint(azure, group, "pe", subnet, made.id, "blob")

    (shown,) = wire("GET", f"{made.id}?api-version=2024-01-01").json()["properties"]["privateEndpointConnections"]

    assert shown["properties"].keys() == {
        "privateEndpoint",
        "privateLinkServiceConnectionState",
        "provisioningState",
    }


def test_in_a_vault_a_connection_has_an_id_and_no_name(azure: Clients, wire: Wire, group: str, subnet: str) -> None:
    """Microsoft.KeyVault 2024-11-01, PrivateEndpointConnectionItem."""
    with key_clients(wire.simulator) as clients:
        made = clients.vaults.vaults.begin_create_or_update(group, "kv-tuned", vault_body(wire.simulator)).result()
    make_endpoint(azure, group, "pe", subnet, made.id, "vault")

    (shown,) = wire("GET", f"{made.id}?api-version=2024-11-01").json()["properties"]["privateEndpointConnections"]

    assert shown.keys() == {"id", "properties"}


def test_a_second_endpoint_gets_the_next_addresses(azure: Clients, group: str, account: Resource, subnet: str) -> None:
    make_endpoint(azure, group, "one", subnet, account.id, "account")
    other = make_endpoint(azure, group, "two", subnet, account.id, "account")

    assert other.custom_dns_configs[0].ip_addresses == ["10.0.0.7"]


def test_a_full_subnet_takes_no_endpoint(azure: Clients, group: str, account: Resource) -> None:
    """A /29 has three addresses to give, and an account of Foundry takes three."""
    small = make_network(azure, group, small="10.0.0.0/29").subnets[0].id
    make_endpoint(azure, group, "one", small, account.id, "account")

    with refused(400, "SubnetIsFull"):
        begin_endpoint(azure, group, "two", small, account.id, "account")
    with pytest.raises(ResourceNotFoundError):
        azure.network.private_endpoints.get(group, "two")


def test_an_account_that_is_being_made_takes_no_endpoint(wire: Wire, azure: Clients, group: str, subnet: str) -> None:
    body = {
        "location": LOCATION,
        "kind": "OpenAI",
        "sku": {"name": "S0"},
        "properties": {"customSubDomainName": "young"},
    }
    wire.simulator.cloud.clock.step_on_poll = False
    scope = subnet.split("/providers/", 1)[0]
    path = f"{scope}/providers/Microsoft.CognitiveServices/accounts/young"
    wire("PUT", f"{path}?api-version=2025-06-01", body)

    with refused(
        400,
        "AccountProvisioningStateInvalid",
        f"Call to Microsoft.CognitiveServices/accounts failed. Error message: Account {path} in state Accepted",
    ):
        begin_endpoint(azure, group, "pe", subnet, path, "account")


def test_an_account_whose_deployment_is_being_made_takes_no_endpoint(
    simulator: Simulator, azure: Clients, group: str, account: Resource, subnet: str
) -> None:
    model = add_tuned_model(simulator, account)
    azure.cognitive.deployments.begin_create_or_update(group, account.name, "tuned", tuned_deployment(model))

    with refused(400, "AccountProvisioningStateInvalid"):
        begin_endpoint(azure, group, "pe", subnet, account.id, "account")


@pytest.mark.parametrize(
    ("target", "group_id", "status", "code"),
    [
        ("{account}", "blob", 400, "BadRequest"),
        ("{account}", "", 400, "MissingParameterOnPrivateLinkServiceConnection"),
        ("{account}-none", "account", 404, "ResourceNotFound"),
    ],
)
def test_an_endpoint_leads_to_a_part_of_something_that_is_there(  # noqa: PLR0917 - fixtures and parameters
    azure: Clients, group: str, account: Resource, subnet: str, target: str, group_id: str, status: int, code: str
) -> None:
    with refused(status, code):
        begin_endpoint(azure, group, "pe", subnet, target.format(account=account.id), group_id)


def test_an_account_without_a_subdomain_takes_no_endpoint(azure: Clients, group: str, subnet: str) -> None:
    body = Account.deserialize({"location": LOCATION, "kind": "OpenAI", "sku": {"name": "S0"}, "properties": {}})
    nameless = azure.cognitive.accounts.begin_create(group, "nameless", body).result()

    with refused(400, "BadRequest"):
        begin_endpoint(azure, group, "pe", subnet, str(nameless.id), "account")


def test_an_endpoint_stands_in_a_subnet_of_its_region(
    azure: Clients, group: str, account: Resource, subnet: str
) -> None:
    with refused(400, "InvalidResourceReference"):
        begin_endpoint(azure, group, "pe", f"{subnet}-none", account.id, "account")


def test_an_endpoint_can_t_be_led_elsewhere(azure: Clients, group: str, account: Resource) -> None:
    network = make_network(azure, group, one="10.0.0.0/24", two="10.0.1.0/24")
    make_endpoint(azure, group, "pe", network.subnets[0].id, account.id, "account")

    with refused(400, "PrivateEndpointCannotBeUpdated"):
        begin_endpoint(azure, group, "pe", network.subnets[1].id, account.id, "account")


def test_who_may_not_approve_is_refused(as_: As, azure: Clients, group: str, account: Resource, subnet: str) -> None:
    """The trainer may neither join the subnet nor write endpoints."""
    with refused(403, "AuthorizationFailed"):
        begin_endpoint(as_("trainer"), group, "pe", subnet, account.id, "account")


def test_a_connection_that_was_asked_for_waits_for_approval(
    azure: Clients, group: str, account: Resource, subnet: str
) -> None:
    made = make_storage(azure, group)
    waiting = make_endpoint(azure, group, "pe", subnet, made.id, "blob", manual=True)
    (connection,) = azure.storage.private_endpoint_connections.list(group, "tunedblobs")
    name = str(connection.name)

    azure.storage.private_endpoint_connections.put(group, "tunedblobs", name, _connection("Approved"))

    before = waiting.manual_private_link_service_connections[0].private_link_service_connection_state
    after = azure.network.private_endpoints.get(group, "pe").manual_private_link_service_connections[0]
    assert before.status == "Pending"
    assert after.private_link_service_connection_state.status == "Approved"
    with refused(400, "InvalidValuesForRequestParameters"):
        azure.storage.private_endpoint_connections.put(group, "tunedblobs", name, _connection("Perhaps"))
    with refused(404, "ResourceNotFound"):
        azure.storage.private_endpoint_connections.get(group, "tunedblobs", "another")


def test_an_endpoint_outlives_its_target_and_leads_nowhere(
    azure: Clients, group: str, account: Resource, subnet: str
) -> None:
    make_endpoint(azure, group, "pe", subnet, account.id, "account")
    azure.cognitive.accounts.begin_delete(group, account.name).result()

    seen = azure.network.private_endpoints.get(group, "pe").private_link_service_connections[0]

    assert seen.private_link_service_connection_state.status == "Disconnected"


def test_a_zone_group_writes_the_addresses_into_its_zones(
    azure: Clients, group: str, account: Resource, subnet: str
) -> None:
    network_id = _network(subnet)
    names = (
        "privatelink.openai.azure.com",
        "privatelink.cognitiveservices.azure.com",
        "privatelink.services.ai.azure.com",
    )
    zones = [make_zone(azure, group, name, network_id) for name in names]
    make_endpoint(azure, group, "pe", subnet, account.id, "account")

    made = make_zone_group(azure, group, "pe", *(zone.id for zone in zones))

    told = [record for config in made.private_dns_zone_configs for record in config.record_sets]
    assert {record.fqdn: record.ip_addresses for record in told} == {
        "aoai-tuned.privatelink.cognitiveservices.azure.com": ["10.0.0.4"],
        "aoai-tuned.privatelink.openai.azure.com": ["10.0.0.5"],
        "aoai-tuned.privatelink.services.ai.azure.com": ["10.0.0.6"],
    }
    record = azure.private_dns.record_sets.get(group, names[0], "A", "aoai-tuned")
    assert [each.ipv4_address for each in record.a_records] == ["10.0.0.5"]
    assert [each.name for each in azure.private_dns.record_sets.list(group, names[0])] == ["aoai-tuned"]
    zone = azure.private_dns.private_zones.get(group, names[0])
    assert (zone.number_of_record_sets, zone.number_of_virtual_network_links) == (2, 1)
    assert azure.network.private_endpoints.get(group, "pe").custom_dns_configs == []

    azure.network.private_endpoints.begin_delete(group, "pe").result()
    assert list(azure.private_dns.record_sets.list_by_type(group, names[0], "A")) == []
    with refused(404, "ResourceNotFound"):
        azure.private_dns.record_sets.get(group, names[0], "A", "aoai-tuned")


def test_an_endpoint_has_one_zone_group(azure: Clients, group: str, account: Resource, subnet: str) -> None:
    make_endpoint(azure, group, "pe", subnet, account.id, "account")
    zone = make_zone(azure, group, "privatelink.openai.azure.com")
    group_of_zones = make_zone_group(azure, group, "pe", zone.id)

    with refused(400, "MoreThanOnePrivateDnsZoneGroupPerPrivateEndpointNotAllowed"):
        azure.network.private_dns_zone_groups.begin_create_or_update(group, "pe", "second", group_of_zones)
    with refused(400, "InvalidResourceReference"):
        make_zone_group(azure, group, "pe", f"{zone.id}.none")
    with refused(404, "NotFound"):
        azure.network.private_dns_zone_groups.get(group, "pe", "second")


def test_a_zone_with_links_stays(azure: Clients, group: str, subnet: str) -> None:
    zone = make_zone(azure, group, "privatelink.openai.azure.com", _network(subnet))
    named = "Microsoft.Network/privateDnsZones/privatelink.openai.azure.com/virtualNetworkLinks/link"

    with refused(
        409,
        "CannotDeleteResource",
        "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: "
        f"'{named}'. Please delete all nested resources before deleting this resource.",
    ):
        azure.private_dns.private_zones.begin_delete(group, zone.name)

    azure.private_dns.virtual_network_links.begin_delete(group, zone.name, "link").result()
    azure.private_dns.private_zones.begin_delete(group, zone.name).result()
    with pytest.raises(HttpResponseError):
        azure.private_dns.private_zones.get(group, zone.name)


def test_the_links_of_a_network_go_with_it(azure: Clients, group: str, subnet: str) -> None:
    zone = make_zone(azure, group, "privatelink.openai.azure.com", _network(subnet))

    azure.network.virtual_networks.begin_delete(group, "vnet").result()

    assert list(azure.private_dns.virtual_network_links.list(group, zone.name)) == []


def test_a_network_asks_one_zone_of_a_name(azure: Clients, group: str, subnet: str) -> None:
    network_id = _network(subnet)
    make_zone(azure, group, "privatelink.openai.azure.com", network_id)
    azure.resources.resource_groups.create_or_update("rg-other", {"location": LOCATION})

    with refused(
        400,
        "BadRequest",
        "A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual "
        "network with 'privatelink.openai.azure.com' and 'privatelink.openai.azure.com' zones.",
    ):
        make_zone(azure, "rg-other", "privatelink.openai.azure.com", network_id)
    with refused(400, "InvalidResourceReference"):
        make_zone(azure, group, "privatelink.blob.core.windows.net", f"{network_id}-none")


def test_a_zone_is_global_and_has_a_name_of_two_parts(azure: Clients, group: str) -> None:
    with refused(400, "BadRequest"):
        make_zone(azure, group, "local")
    with refused(400, "LocationNotAvailableForResourceType"):
        azure.private_dns.private_zones.begin_create_or_update(group, "a.b", PrivateZone(location=LOCATION))
