"""What is logged, and where: a Log Analytics workspace, and a diagnostic setting for each resource.

No prompt and no answer is logged. ``RequestResponse`` of an account says who called which deployment when, with which
status, and how long it took: lengths, never texts (Azure Architecture Center, "Implement logging and monitoring for
Azure OpenAI models"; elastic/integrations, packages/azure_openai, says the same of what it reads).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import monitor, operationalinsights


@dataclass(frozen=True)
class Categories:
    """What a type of resource logs, by Azure's names (Azure Monitor, "Supported resource log categories")."""

    logs: tuple[str, ...]
    metrics: tuple[str, ...] = ("AllMetrics",)


OF_ACCOUNT = Categories(("Audit", "RequestResponse", "Trace"))
OF_BLOBS = Categories(("StorageRead", "StorageWrite", "StorageDelete"), ("Transaction",))
OF_VAULT = Categories(("AuditEvent", "AzurePolicyEvaluationDetails"))
OF_POINTERS = Categories(("Audit", "HttpRequest"))

SETTING = "tuned-models"


@dataclass(frozen=True)
class Logged:
    """One resource that logs."""

    key: str
    resource_id: pulumi.Input[str]
    categories: Categories


@dataclass(frozen=True)
class NewWorkspace:
    name: str
    location: str
    retention_days: int


@dataclass(frozen=True)
class MonitoringArgs:
    resource_group_name: pulumi.Input[str]
    workspace: NewWorkspace | str
    """One to be made, or the ID of one that exists."""
    logged: Sequence[Logged]


class Monitoring(pulumi.ComponentResource):
    """The workspace and the diagnostic settings."""

    workspace_id: pulumi.Output[str]

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Monitoring", name, None, opts)
        if isinstance(args.workspace, str):
            self.workspace_id = pulumi.Output.from_input(args.workspace)
        else:
            self.workspace_id = operationalinsights.Workspace(
                f"{name}-workspace",
                workspace_name=args.workspace.name,
                resource_group_name=args.resource_group_name,
                location=args.workspace.location,
                sku=operationalinsights.WorkspaceSkuArgs(name=operationalinsights.WorkspaceSkuNameEnum.PER_GB2018),
                retention_in_days=args.workspace.retention_days,
                # Logs are read and written with Entra tokens alone; the workspace's keys are of no use.
                features=operationalinsights.WorkspaceFeaturesArgs(disable_local_auth=True),
                opts=pulumi.ResourceOptions(parent=self),
            ).id
        for each in args.logged:
            monitor.DiagnosticSetting(
                f"{name}/{each.key}",
                name=SETTING,
                resource_uri=each.resource_id,
                workspace_id=self.workspace_id,
                logs=[
                    monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True)
                    for category in each.categories.logs
                ],
                metrics=[
                    monitor.DiagnosticsMetricSettingsArgs(category=category, enabled=True)
                    for category in each.categories.metrics
                ],
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({"workspaceId": self.workspace_id})
