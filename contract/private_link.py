"""What private endpoints there are for: the group of each service, and the DNS zones that lead to it.

Source: Microsoft Learn, "Azure Private Endpoint private DNS zone values", commercial cloud. Other clouds have other
zone names; an environment there says ``dns: none`` and leaves names to its network team.
"""

from __future__ import annotations

from enum import Enum


class Service(Enum):
    """A service with private endpoints; the value is the group (``groupId``) that an endpoint asks for."""

    ACCOUNT = "account"
    BLOB = "blob"
    VAULT = "vault"
    CONFIGURATION = "configurationStores"

    @property
    def zones(self) -> tuple[str, ...]:
        return _ZONES[self]


_ZONES = {
    Service.ACCOUNT: (
        "privatelink.cognitiveservices.azure.com",
        "privatelink.openai.azure.com",
        "privatelink.services.ai.azure.com",
    ),
    Service.BLOB: ("privatelink.blob.core.windows.net",),
    Service.VAULT: ("privatelink.vaultcore.azure.net",),
    Service.CONFIGURATION: ("privatelink.azconfig.io",),
}
ADDRESSES_OF_ACCOUNT = {"OpenAI": 1, "AIServices": 3}
"""How many addresses an account's endpoint takes, by its kind: one per name (memory). Those of others take one."""
ZONES = tuple(zone for zones in _ZONES.values() for zone in zones)
"""All of them."""
