"""Azure's management libraries, and the bodies their callers send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient
from azure.mgmt.cognitiveservices.models import Account
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient

GROUP = "rg-tuned"
LOCATION = "swedencentral"


@dataclass(frozen=True)
class Clients:
    """One principal's view of the control plane, through the libraries its developers would use."""

    resources: ResourceManagementClient
    cognitive: CognitiveServicesManagementClient
    storage: StorageManagementClient
    authorization: AuthorizationManagementClient


def make_account(azure: Clients, group: str, name: str, **properties: Any) -> Any:
    """Creates an account and waits for it; its subdomain is its name."""
    body = {
        "location": LOCATION,
        "kind": "AIServices",
        "sku": {"name": "S0"},
        "identity": {"type": "SystemAssigned"},
        "properties": {"customSubDomainName": name, "disableLocalAuth": True} | properties,
    }
    return azure.cognitive.accounts.begin_create(group, name, Account.deserialize(body)).result()


def deployment(
    name: str = "gpt-4.1-mini", version: str = "2025-04-14", sku: str = "GlobalStandard", capacity: int = 10
) -> dict[str, Any]:
    """A deployment's body, as a caller sends it."""
    return {
        "sku": {"name": sku, "capacity": capacity},
        "properties": {"model": {"format": "OpenAI", "name": name, "version": version}},
    }
