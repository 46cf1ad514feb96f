"""The types of azure-native that rules speak of, by token."""

from __future__ import annotations

ACCOUNT = "azure-native:cognitiveservices:Account"
DEPLOYMENT = "azure-native:cognitiveservices:Deployment"
STORAGE = "azure-native:storage:StorageAccount"
CONTAINER = "azure-native:storage:BlobContainer"
VAULT = "azure-native:keyvault:Vault"
CONFIGURATION_STORE = "azure-native:appconfiguration:ConfigurationStore"
METRIC_ALERT = "azure-native:monitor:MetricAlert"
ROLE_ASSIGNMENT = "azure-native:authorization:RoleAssignment"

TAGGED = frozenset(
    {
        ACCOUNT,
        DEPLOYMENT,
        STORAGE,
        VAULT,
        CONFIGURATION_STORE,
        METRIC_ALERT,
        "azure-native:resources:ResourceGroup",
        "azure-native:network:VirtualNetwork",
        "azure-native:network:PrivateEndpoint",
        "azure-native:privatedns:PrivateZone",
        "azure-native:managedidentity:UserAssignedIdentity",
        "azure-native:operationalinsights:Workspace",
        "azure-native:monitor:ActionGroup",
        "azure-native:monitor:ScheduledQueryRule",
    }
)
"""Those that take tags, as far as the program may declare them."""
