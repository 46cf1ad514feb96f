"""From where a data plane can be reached: one decision for every resource with publicNetworkAccess and network rules.

A request comes from outside, from one fixed address, or from inside: a virtual network that has the private endpoints
and stands in every subnet there is. What Azure documents (Learn, "Configure Azure AI services virtual networks", "Azure
Storage firewall", "Azure Key Vault network security", "Private access in App Configuration"): an approved private
endpoint passes whatever the rules say; without public network access nothing else does; else the rules decide, and
trusted services pass where `bypass` has them. That these pass with public access off as well is documented for Key
Vault and Storage.
"""

from __future__ import annotations

from enum import Enum
from ipaddress import ip_address, ip_network
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.arm.models import CONFIGURATION_STORES, Resource, find
from simulator.arm.private_links import SUBNETS, connected, connections
from simulator.cloud import Cloud

OUTSIDE = "203.0.113.10"
"""The address that every request from outside comes from, whoever sends it: one kept for documents (RFC 5737)."""
SERVICE = "198.51.100.20"
"""The address that a service of Azure's comes from when it fetches something by its address (RFC 5737 too). That it has
one of its own, which is not its customer's, is certain; that no storage's `bypass` counts for it is memory."""
_INSIDE = "simulator.inside"


class Barred(Enum):
    """Why a request may not pass."""

    PUBLIC_ACCESS_OFF = "publicNetworkAccess is Disabled"
    RULES = "the network rules deny"


class Inside:
    """Marks every request of a listener as coming from inside."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_INSIDE] = True
        await self.app(scope, receive, send)


def is_inside(scope: Scope) -> bool:
    """Whether a request (its ASGI scope) came through the inside."""
    return bool(scope.get(_INSIDE))


def barred(
    cloud: Cloud, resource: Resource, *, inside: bool, trusted: bool = False, address: str = OUTSIDE
) -> Barred | None:
    """Why a request may not reach a resource's data plane; None where it may.

    `trusted` is a request of one of Azure's trusted services, such as an account that reads its key. `address` is
    where a request from outside comes from.
    """
    rules: dict[str, Any] = resource.properties.get("networkAcls") or {}
    if inside and connected(cloud, resource):
        return None
    if trusted and "azureservices" in str(rules.get("bypass") or "AzureServices").lower().replace(" ", "").split(","):
        return None
    if not _public(cloud, resource):
        return Barred.PUBLIC_ACCESS_OFF
    if str(rules.get("defaultAction") or "Allow").lower() != "deny":
        return None
    if inside:
        named = any(_is_subnet(cloud, str(rule.get("id", ""))) for rule in rules.get("virtualNetworkRules") or ())
    else:
        named = any(_within(str(rule.get("value", "")), address) for rule in rules.get("ipRules") or ())
    return None if named else Barred.RULES


def _public(cloud: Cloud, resource: Resource) -> bool:
    """An App Configuration store that says nothing is public until it has a private endpoint (Learn, "Private access in
    App Configuration"); everything else is."""
    said = resource.properties.get("publicNetworkAccess")
    if said is None and resource.type == CONFIGURATION_STORES:
        return not any(connections(cloud, resource))
    return str(said or "Enabled").lower() == "enabled"


def _is_subnet(cloud: Cloud, subnet_id: str) -> bool:
    found = find(cloud, subnet_id)
    return found is not None and found.type == SUBNETS


def _within(rule: str, address: str) -> bool:
    try:
        return ip_address(address) in ip_network(rule, strict=False)
    except ValueError:
        return False
