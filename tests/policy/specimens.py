"""Resources that pass every rule in the strictest environment, written by hand from Azure's types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract.stack_config import StackConfig
from policy.check import check
from policy.demands import Demands
from policy.resources import Resource
from tests.contract.specimens import record

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
TAGS = {"environment": "prod", "owner": "language team", "costCentre": "4711"}
OPENAI_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"

ACCOUNT: dict[str, Any] = {
    "accountName": "contoso",
    "resourceGroupName": "rg",
    "location": "swedencentral",
    "kind": "OpenAI",
    "tags": TAGS,
    "properties": {
        "disableLocalAuth": True,
        "publicNetworkAccess": "Disabled",
        "encryption": {"keySource": "Microsoft.KeyVault"},
    },
}
STORAGE: dict[str, Any] = {
    "accountName": "contosodata",
    "location": "swedencentral",
    "tags": TAGS,
    "allowBlobPublicAccess": False,
    "allowSharedKeyAccess": False,
    "enableHttpsTrafficOnly": True,
    "minimumTlsVersion": "TLS1_2",
    "publicNetworkAccess": "Disabled",
    "encryption": {"keySource": "Microsoft.Keyvault"},
}
DEPLOYMENT: dict[str, Any] = {
    "accountName": "contoso",
    "deploymentName": "gpt-4.1-mini",
    "tags": TAGS,
    "sku": {"name": "Standard", "capacity": 10},
    "properties": {
        "model": {"format": "OpenAI", "name": "gpt-4.1-mini", "version": "2025-04-14"},
        "versionUpgradeOption": "NoAutoUpgrade",
    },
}
ALERT: dict[str, Any] = {
    "enabled": True,
    "tags": TAGS,
    "actions": [{"actionGroupId": f"{GROUP}/providers/Microsoft.Insights/actionGroups/oncall"}],
    "scopes": [
        f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/contoso",
        f"{GROUP}/providers/Microsoft.Storage/storageAccounts/contosodata",
    ],
}
VAULT: dict[str, Any] = {
    "vaultName": "contoso-keys",
    "location": "swedencentral",
    "tags": TAGS,
    "properties": {
        "enablePurgeProtection": True,
        "enableSoftDelete": True,
        "enableRbacAuthorization": True,
        "publicNetworkAccess": "disabled",
    },
}
STORE: dict[str, Any] = {
    "configStoreName": "contoso-pointers",
    "tags": TAGS,
    "disableLocalAuth": True,
    "publicNetworkAccess": "Disabled",
}
ROLE: dict[str, Any] = {
    "scope": f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/contoso",
    "roleDefinitionId": f"/subscriptions/1/providers/Microsoft.Authorization/roleDefinitions/{OPENAI_USER}",
    "principalId": "00000000-0000-0000-0000-0000000000d2",
}
CONTAINER: dict[str, Any] = {"accountName": "contosodata", "containerName": "datasets", "publicAccess": "None"}


def resource(type_: str, inputs: Mapping[str, Any], *, protected: bool = True, name: str | None = None) -> Resource:
    return Resource(f"azure-native:{type_}", name or type_.rpartition(":")[2].lower(), inputs, protected)


def stack() -> list[Resource]:
    """Everything that rules speak of, once, as it should be."""
    return [
        resource("cognitiveservices:Account", ACCOUNT),
        resource("storage:StorageAccount", STORAGE),
        resource("storage:BlobContainer", CONTAINER),
        resource("cognitiveservices:Deployment", DEPLOYMENT),
        resource("monitor:MetricAlert", ALERT),
        resource("keyvault:Vault", VAULT),
        resource("appconfiguration:ConfigurationStore", STORE),
        resource("authorization:RoleAssignment", ROLE),
    ]


def strictest(**changes: Any) -> Demands:
    """What an environment can demand at most. One that applications depend on, with a model trained at home."""
    return Demands.of(
        StackConfig.parse(
            {
                "environment": {"production": True, "residency": "region"},
                "accounts": {"main": {"name": "contoso", "location": "swedencentral"}},
                "storage": {"name": "contosodata"},
                "encryption": {"swedencentral": {"vault": "contoso-keys"}},
                "models": {"clippy": {"skus": {"live": {"name": "Standard", "capacity": 1}}}},
            }
            | changes
        )
    )


def loose() -> Demands:
    """An environment that nobody depends on."""
    return Demands(production=False)


OVERRIDE = {"by": "Ada", "at": "2026-11-20T12:00:00Z", "reason": "the best there is"}


def with_live(**changes: Any) -> dict[str, Any]:
    """The config key ``releases`` with one live model, which has passed its evaluation."""
    return {"clippy": {"live": record(trainingType="Standard") | changes}}


def replaced(inputs: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The inputs with another value at ``properties.model.version``; an absent one where it is ``...``."""
    head, _, rest = path.partition(".")
    found = dict(inputs)
    if rest:
        found[head] = replaced(found.get(head) or {}, rest, value)
    elif value is ...:
        found.pop(head)
    else:
        found[head] = value
    return found


def broken(resources: list[Resource], demands: Demands) -> dict[str, list[str]]:
    """Rule → the names of the resources that break it; a stack's own violation as ``""``."""
    found: dict[str, list[str]] = {}
    for violation in check(resources, demands):
        found.setdefault(violation.rule.name, []).append(violation.resource.name if violation.resource else "")
    return found
