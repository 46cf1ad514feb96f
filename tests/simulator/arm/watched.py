"""What the tests of monitoring watch, and the bodies they send."""

from __future__ import annotations

from typing import Any

from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients

WORKSPACE: Any = {"location": LOCATION, "properties": {"sku": {"name": "PerGB2018"}, "retentionInDays": 30}}
SINGLE = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"
MULTIPLE = "Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria"


def make_workspace(azure: Clients, name: str = "log-tuned") -> str:
    """A workspace, by its ID."""
    made = azure.logs.workspaces.begin_create_or_update(GROUP, name, WORKSPACE).result()
    return str(made.id)


def make_action_group(azure: Clients, name: str = "on-call") -> str:
    """An action group with one address, by its ID."""
    body: Any = {
        "location": "global",
        "properties": {
            "groupShortName": "tuned",
            "enabled": True,
            "emailReceivers": [{"name": "team", "emailAddress": "team@example.com", "useCommonAlertSchema": True}],
        },
    }
    return str(azure.monitor.action_groups.create_or_update(GROUP, name, body).id)


def criterion(name: str = "errors", **changes: Any) -> dict[str, Any]:
    """More than five server errors, of one deployment."""
    return {
        "name": name,
        "criterionType": "StaticThresholdCriterion",
        "metricNamespace": "Microsoft.CognitiveServices/accounts",
        "metricName": "AzureOpenAIRequests",
        "dimensions": [{"name": "StatusCode", "operator": "Include", "values": ["500"]}],
        "operator": "GreaterThan",
        "threshold": 5,
        "timeAggregation": "Total",
    } | changes


def alert(scope: str, *criteria: dict[str, Any], **properties: Any) -> Any:
    """A metric alert on one resource."""
    return {
        "location": "global",
        "properties": {
            "severity": 2,
            "enabled": True,
            "scopes": [scope],
            "evaluationFrequency": "PT5M",
            "windowSize": "PT15M",
            "criteria": {"odata.type": SINGLE, "allOf": list(criteria) or [criterion()]},
        }
        | properties,
    }


def group_id(simulator: Simulator) -> str:
    return f"/subscriptions/{simulator.cloud.subscription_id}/resourceGroups/{GROUP}"
