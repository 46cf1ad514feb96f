"""azure-native's functions: who asks, and `getX` of every resource type that is in the table.

The published provider answers `getX` with what a GET of the resource says, its ID included, and fails where there is
none (pulumi-azure-native provider/pkg/provider/provider.go, Invoke; the failure as in pulumi-azure-native#1043).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulator.pulumi.arm_client import ArmClient
from simulator.pulumi.azure_native import TYPES
from simulator.pulumi.resource_types import ResourceType
from simulator.pulumi.values import Properties, revealed

CLIENT_CONFIG = "azure-native:authorization:getClientConfig"
_GET = re.compile(r"(?P<module>azure-native:\w+)(?:/\w+)?:get(?P<name>\w+)")


def call(client: ArmClient, token: str, arguments: Mapping[str, Any]) -> Properties:
    """A function's result. Raises ValueError for one that isn't simulated, ArmError with what ARM refuses."""
    if token == CLIENT_CONFIG:
        return {
            "clientId": client.connection.client_id,
            "objectId": client.object_id(),
            "subscriptionId": client.connection.subscription_id,
            "tenantId": client.connection.tenant_id,
        }
    resource = _read_by(token)
    if resource is None:
        raise ValueError(
            f"{token} is not simulated: of azure-native's functions {CLIENT_CONFIG} is, and getX of each type that is"
        )
    told = {**resource.constants, **revealed(dict(arguments))}
    resource_id = resource.id_of(told, client.connection.subscription_id)
    if resource_id is None:
        raise ValueError(f"{token}: {', '.join(resource.parameters)} must all be text")
    return {**resource.to_outputs(client.require(resource_id, resource.api_version)), "id": resource_id}


def _read_by(token: str) -> ResourceType | None:
    """The type that a function reads: azure-native:storage:getBlobContainer → azure-native:storage:BlobContainer."""
    found = _GET.fullmatch(token)
    return TYPES.get(f"{found['module']}:{found['name']}") if found else None
