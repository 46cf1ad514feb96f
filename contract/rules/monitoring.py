"""Logs, alerts and the budget: one workspace, somebody who is called, thresholds that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from contract.config.monitoring import Alerts, Budget, Workspace
from contract.faults import Fault
from contract.resource_id import ResourceId

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig

WORKSPACE = "Microsoft.OperationalInsights/workspaces"
ACTION_GROUP = "Microsoft.Insights/actionGroups"
FIRST_BUDGETS = "2017-06"
"""The month before which Azure knows no budgets (azure-rest-api-specs, Consumption 2024-08-01, BudgetTimePeriod)."""


def monitoring_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    faults: list[Fault] = []
    if config.monitoring is not None:
        faults += _workspace_faults(config.monitoring.workspace)
        if config.monitoring.alerts is not None:
            faults += _alert_faults(config.monitoring.alerts)
    if config.budget is not None:
        faults += _budget_faults(config.budget)
    return faults


def _workspace_faults(workspace: Workspace) -> Iterator[Fault]:
    key = "monitoring.workspace"
    if (workspace.name is None) is (workspace.existing is None):
        yield Fault(key, "needs either name (a workspace is made here) or existing (the ID of yours), not both")
    if workspace.existing is None:
        return
    yield from _type_fault(f"{key}.existing", workspace.existing, WORKSPACE, "a Log Analytics workspace")
    for attribute, word in (("location", "location"), ("retention_days", "retentionDays")):
        if attribute in workspace.model_fields_set:
            yield Fault(f"{key}.{word}", "is of a workspace that is made here; an existing one has its own")


def _alert_faults(alerts: Alerts) -> Iterator[Fault]:
    key = "monitoring.alerts"
    if bool(alerts.emails) is (alerts.action_group is not None):
        yield Fault(key, "needs either emails or actionGroup, not both: who is called")
    if alerts.action_group is not None:
        yield from _type_fault(f"{key}.actionGroup", alerts.action_group, ACTION_GROUP, "an action group")
    yield from _repeated(f"{key}.emails", [mail.lower() for mail in alerts.emails])


def _budget_faults(budget: Budget) -> Iterator[Fault]:
    if budget.since < FIRST_BUDGETS:
        yield Fault("budget.since", f"{budget.since} is before {FIRST_BUDGETS}, when Azure's budgets began")
    yield from _repeated("budget.thresholds", [str(threshold) for threshold in budget.thresholds])
    yield from _repeated("budget.emails", [mail.lower() for mail in budget.emails])


def _type_fault(key: str, resource_id: str, expected: str, words: str) -> Iterator[Fault]:
    found = ResourceId.parse(resource_id)
    if not found.is_a(expected):
        yield Fault(key, f"is the ID of a {found.type or 'something else'}, not of {words} ({expected})")


def _repeated(key: str, values: Sequence[str]) -> Iterator[Fault]:
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield Fault(key, f"names {value} twice")
