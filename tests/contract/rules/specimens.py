"""A small stack config, and what is wrong with it once something is changed."""

from __future__ import annotations

from typing import Any

from contract.faults import Faults
from contract.stack_config import StackConfig

SMALLEST: dict[str, Any] = {
    "accounts": {"main": {"name": "contoso-openai", "location": "swedencentral"}},
    "storage": {"name": "contosodata"},
}
GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub/providers"
SUBNET = f"{GROUP}/Microsoft.Network/virtualNetworks/hub/subnets/endpoints"
ZONE = f"{GROUP}/Microsoft.Network/privateDnsZones/privatelink.openai.azure.com"
KEY = f"{GROUP}/Microsoft.KeyVault/vaults/contoso-keys/keys/tuned-models"
ACCOUNT = f"{GROUP}/Microsoft.CognitiveServices/accounts/theirs"


def faults(**changes: Any) -> dict[str, str]:
    """Key without namespace → what is wrong with it; empty where nothing is."""
    try:
        StackConfig.parse(SMALLEST | changes)
    except Faults as found:
        return {fault.key.removeprefix("tuned-models:"): fault.message for fault in found.faults}
    return {}
