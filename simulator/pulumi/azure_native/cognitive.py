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
    # Not by kind, which Azure changes in place (upgrade-azure-openai.md); that azure-native lets it is memory: its
    # specification forbids nothing there.
    replaced_by=("location",),
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
RAI_POLICY = ResourceType(
    token="azure-native:cognitiveservices:RaiPolicy",
    kind="Microsoft.CognitiveServices/accounts/raiPolicies",
    path=f"{_COGNITIVE}/raiPolicies/{{raiPolicyName}}",
    api_version="2025-06-01",
    top=("properties", "tags"),
    # The package's class has safetyProviders too, which this api-version doesn't know.
    nested=("basePolicyName", "contentFilters", "customBlocklists", "mode", "safetyProviders"),
)
RAI_BLOCKLIST = ResourceType(
    token="azure-native:cognitiveservices:RaiBlocklist",
    kind="Microsoft.CognitiveServices/accounts/raiBlocklists",
    path=f"{_COGNITIVE}/raiBlocklists/{{raiBlocklistName}}",
    api_version="2025-06-01",
    top=("properties", "tags"),
    nested=("description",),
)
RAI_BLOCKLIST_ITEM = ResourceType(
    token="azure-native:cognitiveservices:RaiBlocklistItem",
    kind="Microsoft.CognitiveServices/accounts/raiBlocklists/raiBlocklistItems",
    path=f"{_COGNITIVE}/raiBlocklists/{{raiBlocklistName}}/raiBlocklistItems/{{raiBlocklistItemName}}",
    api_version="2025-06-01",
    top=("properties", "tags"),
    nested=("isRegex", "pattern"),
)
PROJECT = ResourceType(
    token="azure-native:cognitiveservices:Project",
    kind="Microsoft.CognitiveServices/accounts/projects",
    path=f"{_COGNITIVE}/projects/{{projectName}}",
    api_version="2025-06-01",
    top=("identity", "location", "properties", "tags"),
    nested=("description", "displayName"),
    string_sets=("identity.userAssignedIdentities",),
    replaced_by=("location",),  # by the provider
)

TYPES = (
    ACCOUNT,
    DEPLOYMENT,
    RAI_POLICY,
    RAI_BLOCKLIST,
    RAI_BLOCKLIST_ITEM,
    PROJECT,
)
