"""Diagnostic settings, metric alerts and action groups: Microsoft.Insights, which the package calls monitor."""

from __future__ import annotations

from simulator.pulumi.azure_native.paths import GROUP
from simulator.pulumi.resource_types import ResourceType

_INSIGHTS = f"{GROUP}/providers/Microsoft.Insights"

DIAGNOSTIC_SETTING = ResourceType(
    token="azure-native:monitor:DiagnosticSetting",
    kind="Microsoft.Insights/diagnosticSettings",
    path="/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    api_version="2021-05-01-preview",
    properties=(
        "eventHubAuthorizationRuleId", "eventHubName", "logAnalyticsDestinationType", "logs", "marketplacePartnerId",
        "metrics", "serviceBusRuleId", "storageAccountId", "workspaceId",
    ),
)  # fmt: skip
METRIC_ALERT = ResourceType(
    token="azure-native:monitor:MetricAlert",
    kind="Microsoft.Insights/metricAlerts",
    path=f"{_INSIGHTS}/metricAlerts/{{ruleName}}",
    api_version="2018-03-01",
    top=("location", "tags"),
    properties=(
        "actions", "autoMitigate", "criteria", "description", "enabled", "evaluationFrequency", "scopes", "severity",
        "targetResourceRegion", "targetResourceType", "windowSize",
    ),
    renamed={"criteria.odataType": "odata.type"},
    replaced_by=("location",),  # by the provider
)  # fmt: skip
SCHEDULED_QUERY_RULE = ResourceType(
    token="azure-native:monitor:ScheduledQueryRule",
    kind="Microsoft.Insights/scheduledQueryRules",
    path=f"{_INSIGHTS}/scheduledQueryRules/{{ruleName}}",
    api_version="2025-01-01-preview",
    top=("identity", "kind", "location", "tags"),
    properties=(
        "actions", "autoMitigate", "checkWorkspaceAlertsStorageConfigured", "criteria", "description", "displayName",
        "enabled", "evaluationFrequency", "muteActionsDuration", "overrideQueryTimeRange", "resolveConfiguration",
        "scopes", "severity", "skipQueryValidation", "targetResourceTypes", "windowSize",
    ),
    string_sets=("identity.userAssignedIdentities",),
    replaced_by=("location",),  # by the provider
)  # fmt: skip
ACTION_GROUP = ResourceType(
    token="azure-native:monitor:ActionGroup",
    kind="Microsoft.Insights/actionGroups",
    path=f"{_INSIGHTS}/actionGroups/{{actionGroupName}}",
    api_version="2024-10-01-preview",
    top=("identity", "location", "tags"),
    properties=(
        "armRoleReceivers", "automationRunbookReceivers", "azureAppPushReceivers", "azureFunctionReceivers",
        "emailReceivers", "enabled", "eventHubReceivers", "groupShortName", "incidentReceivers", "itsmReceivers",
        "logicAppReceivers", "smsReceivers", "voiceReceivers", "webhookReceivers",
    ),
    string_sets=("identity.userAssignedIdentities",),
    replaced_by=("location",),  # by the provider
)  # fmt: skip

TYPES = (
    DIAGNOSTIC_SETTING,
    METRIC_ALERT,
    SCHEDULED_QUERY_RULE,
    ACTION_GROUP,
)
