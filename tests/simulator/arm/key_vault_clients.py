"""The management libraries of Key Vault and managed identities, and the bodies their callers send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from azure.identity import ClientSecretCredential
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient

from simulator.entra.models import SEEDED
from simulator.server import Simulator
from tests.simulator.arm.clients import LOCATION

RSA: dict[str, Any] = {"properties": {"kty": "RSA", "keySize": 3072}}
ROTATION: dict[str, Any] = {
    "attributes": {"expiryTime": "P2Y"},
    "lifetimeActions": [
        {"trigger": {"timeAfterCreate": "P18M"}, "action": {"type": "rotate"}},
        {"trigger": {"timeBeforeExpiry": "P30D"}, "action": {"type": "notify"}},
    ],
}


class KeyClients:
    """Vaults and identities, as one principal; untyped, for the bodies are given as JSON."""

    def __init__(self, vaults: Any, identities: Any) -> None:
        self.vaults = vaults
        self.identities = identities


@contextmanager
def key_clients(simulator: Simulator, principal: str = "deployer") -> Iterator[KeyClients]:
    """Those clients, closed in the end."""
    who = SEEDED[principal]
    where: dict[str, Any] = {
        "base_url": simulator.url,
        "credential_scopes": ["https://management.azure.com/.default"],
    }
    with ExitStack() as opened:
        credential = opened.enter_context(
            ClientSecretCredential(
                simulator.cloud.tenant_id,
                who.client_id,
                who.secret or "",
                authority=simulator.url,
                disable_instance_discovery=True,
            )
        )
        vaults = KeyVaultManagementClient(credential, simulator.cloud.subscription_id, **where)
        identities = ManagedServiceIdentityClient(credential, simulator.cloud.subscription_id, **where)
        opened.enter_context(vaults)
        opened.enter_context(identities)
        yield KeyClients(vaults, identities)


def vault_body(simulator: Simulator, **properties: Any) -> dict[str, Any]:
    """A vault with Azure RBAC and purge protection, unless told otherwise."""
    usual = {
        "tenantId": simulator.cloud.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
        "enablePurgeProtection": True,
        "softDeleteRetentionInDays": 7,
    }
    sent = {name: value for name, value in (usual | properties).items() if value is not None}
    return {"location": LOCATION, "properties": sent}
