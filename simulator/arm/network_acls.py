"""Network rules of accounts, storage accounts and vaults, as each provider checks them when they are written.

Rules: Learn, "Configure Azure AI services virtual networks", "Azure Storage firewall rules", "Configure network
security for Azure Key Vault": IP rules are public IPv4 addresses; the first two take no /31 and no /32, which are
written as addresses; a subnet needs the service's endpoint before a rule can name it.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any

from simulator.arm import network_acl_errors as refuse
from simulator.arm.descriptors import Write
from simulator.arm.models import Resource, find
from simulator.arm.network_errors import reference_not_found
from simulator.arm.private_links import SUBNETS
from simulator.cloud import Cloud

_PRIVATE = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def check_account(write: Write) -> None:
    for value in _ip_values(write):
        if _malformed(value) or _private(value) is not None or _small(value):
            raise refuse.account_ip_rule(value)
    service = "Microsoft.CognitiveServices"
    for rule, subnet in _subnets(write):
        if not rule.get("ignoreMissingVnetServiceEndpoint") and not _has_endpoint(subnet, service):
            raise refuse.no_service_endpoint(subnet.name, _network_of(subnet), service)


def check_storage(write: Write) -> None:
    if any(_malformed(value) or _private(value) is not None or _small(value) for value in _ip_values(write)):
        raise refuse.storage_ip_rule()
    service = "Microsoft.Storage"
    for _, subnet in _subnets(write):
        if not _has_endpoint(subnet, service):
            raise refuse.storage_no_service_endpoint(subnet.name, _network_of(subnet), service)


def check_vault(write: Write) -> None:
    for index, value in enumerate(_ip_values(write)):
        if _malformed(value):
            raise refuse.vault_ip_rule(index, value)
        if (within := _private(value)) is not None:
            raise refuse.vault_private_ip_rule(index, value, within)
    service = "Microsoft.KeyVault"
    for rule, subnet in _subnets(write):
        if not rule.get("ignoreMissingVnetServiceEndpoint") and not _has_endpoint(subnet, service):
            raise refuse.no_service_endpoint(subnet.name, _network_of(subnet), service)


def _rules(write: Write, name: str) -> list[dict[str, Any]]:
    found = (write.properties.get("networkAcls") or {}).get(name) or []
    return [each for each in found if isinstance(each, dict)]


def _ip_values(write: Write) -> list[str]:
    return [str(rule.get("value", "")) for rule in _rules(write, "ipRules")]


def _subnets(write: Write) -> Iterator[tuple[dict[str, Any], Resource]]:
    """Each rule for a subnet with the subnet; refuses one that isn't there."""
    for rule in _rules(write, "virtualNetworkRules"):
        subnet_id = str(rule.get("id", ""))
        yield rule, _subnet(write.cloud, subnet_id, write.id.text)


def _subnet(cloud: Cloud, subnet_id: str, by: str) -> Resource:
    found = find(cloud, subnet_id)
    if found is None or found.type != SUBNETS:
        raise reference_not_found(subnet_id, by)
    return found


def _has_endpoint(subnet: Resource, service: str) -> bool:
    """Storage has a second endpoint, for all regions (Learn, "Cross-region service endpoints")."""
    known = {str(each.get("service", "")).lower() for each in subnet.properties.get("serviceEndpoints") or ()}
    return service.lower() in known or f"{service.lower()}.global" in known


def _network_of(subnet: Resource) -> str:
    return subnet.id.rsplit("/subnets/", 1)[0]


def _parsed(value: str) -> IPv4Network | None:
    try:
        return IPv4Network(value)
    except ValueError:
        return None


def _malformed(value: str) -> bool:
    return _parsed(value) is None


def _private(value: str) -> IPv4Network | None:
    """The private range that it lies in, or that lies in it."""
    network = _parsed(value)
    return next((each for each in _PRIVATE if network is not None and network.overlaps(each)), None)


def _small(value: str) -> bool:
    network = _parsed(value)
    return "/" in value and network is not None and network.prefixlen > 30
