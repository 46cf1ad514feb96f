"""Azure OpenAI accounts and what is in them."""

from __future__ import annotations

from simulator.pulumi.azure_native.paths import GROUP
from simulator.pulumi.resource_types import ResourceType

_COGNITIVE = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/{{accountName}}"

ACCOUNT = ResourceType(
    token="azure-native:cognitiveservices:Account",
    kind="Microsoft.CognitiveServices/accounts",
    path=_COGNITIVE,
    api_version="2025-06-01",
    top=("identity", "kind", "location", "properties", "sku", "tags"),
    nested=(
        "allowProjectManagement", "allowedFqdnList", "amlWorkspace", "apiProperties", "associatedProjects",
        "customSubDomainName", "defaultProject", "disableLocalAuth", "dynamicThrottlingEnabled", "encryption",
        "locations", "migrationToken", "networkAcls", "networkInjections", "publicNetworkAccess", "raiMonitorConfig",
        "restore", "restrictOutboundNetworkAccess", "userOwnedStorage",
    ),
    string_sets=("identity.userAssignedIdentities",),
    replaced_by=(
        "location",  # by the provider
        "kind",  # by Azure
    ),
    set_once=("properties.customSubDomainName",),  # by Azure
)  # fmt: skip
DEPLOYMENT = ResourceType(
    token="azure-native:cognitiveservices:Deployment",
    kind="Microsoft.CognitiveServices/accounts/deployments",
    path=f"{_COGNITIVE}/deployments/{{deploymentName}}",
    api_version="2025-06-01",
    top=("properties", "sku", "tags"),
    nested=(
        "capacitySettings", "currentCapacity", "model", "parentDeploymentName", "raiPolicyName", "scaleSettings",
        "spilloverDeploymentName", "versionUpgradeOption",
    ),
    # By Azure: CannotChangeDeploymentModel (Azure-Samples/azure-search-openai-demo#1330, #1121, #1429).
    replaced_by=("properties.model.format", "properties.model.name", "properties.model.version"),
)  # fmt: skip

TYPES = (
    ACCOUNT,
    DEPLOYMENT,
)
