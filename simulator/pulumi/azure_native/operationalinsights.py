"""Log Analytics workspaces."""

from __future__ import annotations

from simulator.pulumi.azure_native.paths import GROUP
from simulator.pulumi.resource_types import ResourceType

WORKSPACE = ResourceType(
    token="azure-native:operationalinsights:Workspace",
    kind="Microsoft.OperationalInsights/workspaces",
    path=f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/{{workspaceName}}",
    api_version="2023-09-01",
    top=("identity", "location", "tags"),
    properties=(
        "defaultDataCollectionRuleResourceId", "features", "forceCmkForQuery", "publicNetworkAccessForIngestion",
        "publicNetworkAccessForQuery", "retentionInDays", "sku", "workspaceCapping",
    ),
    string_sets=("identity.userAssignedIdentities",),
    replaced_by=("location",),  # by the provider
)  # fmt: skip

TYPES = (WORKSPACE,)
