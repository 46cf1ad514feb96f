"""What the config asks to have watched, limited and locked, as components."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from contract.config import monitoring as config
from contract.serving import served_models
from contract.stack_config import StackConfig
from infra import plan
from infra.alert_queries import Tuned
from infra.alerts import Alerts, AlertsArgs, WatchedAccount, WatchedDeployment
from infra.budget import Budget, BudgetArgs
from infra.locks import Locks, LocksArgs
from infra.monitoring import (
    OF_ACCOUNT,
    OF_BLOBS,
    OF_POINTERS,
    OF_VAULT,
    Logged,
    Monitoring,
    MonitoringArgs,
    NewWorkspace,
)

Ids = Mapping[str, pulumi.Input[str]]
"""Resource IDs by name in this stack."""


def declare_monitoring(
    stack: StackConfig,
    group_name: pulumi.Input[str],
    *,
    accounts: Ids,
    storage_id: pulumi.Input[str],
    vaults: Ids,
    pointers: Ids,
) -> Monitoring | None:
    """Logs of everything that is declared here, and alerts. An account of another team is theirs to log."""
    asked = stack.monitoring
    if asked is None:
        return None
    own = {key: account for key, account in accounts.items() if stack.accounts[key].existing is None}
    blobs = {"blobs": pulumi.Output.concat(storage_id, "/blobServices/default")}
    kinds = (
        (OF_ACCOUNT, {f"account-{key}": account for key, account in own.items()}),
        (OF_BLOBS, blobs),
        (OF_VAULT, vaults),
        (OF_POINTERS, pointers),
    )
    logged = [Logged(key, resource_id, kind) for kind, ids in kinds for key, resource_id in ids.items()]
    location = asked.workspace.location or stack.location
    monitoring = Monitoring("monitoring", MonitoringArgs(group_name, _workspace(asked.workspace, location), logged))
    if asked.alerts is not None:
        Alerts(
            "alerts",
            AlertsArgs(
                resource_group_name=group_name,
                location=location,
                workspace_id=monitoring.workspace_id,
                settings=asked.alerts,
                accounts=[
                    WatchedAccount(key, account, _deployments(stack, key), logged=key in own)
                    for key, account in accounts.items()
                ],
                tuned=_tuned(stack, own),
                storage_id=storage_id,
            ),
        )
    return monitoring


def declare_budget(stack: StackConfig, group_id: pulumi.Input[str]) -> None:
    """The budget, where one is asked for."""
    if stack.budget is not None:
        asked = stack.budget
        Budget("budget", BudgetArgs(group_id, asked.amount, asked.since, asked.thresholds, asked.emails))


def declare_locks(
    stack: StackConfig,
    *,
    storage_id: pulumi.Input[str],
    vaults: Ids,
    monitoring: Monitoring | None,
    inside: Sequence[pulumi.Resource],
) -> None:
    """Locks, where the environment has any: on what keeps data, keys and logs, of what is made here."""
    if not stack.environment.locked:
        return
    scopes: dict[str, pulumi.Input[str]] = {"storage": storage_id, **vaults}
    watched: list[pulumi.Resource] = []
    if monitoring is not None:
        watched = [monitoring]
        if stack.monitoring and stack.monitoring.workspace.name:
            scopes["workspace"] = monitoring.workspace_id
    Locks("locks", LocksArgs(scopes, [*inside, *watched]))


def _workspace(asked: config.Workspace, location: str) -> NewWorkspace | str:
    if asked.name is None:
        return str(asked.existing)
    return NewWorkspace(asked.name, location, asked.retention_days)


def _deployments(stack: StackConfig, account: str) -> list[WatchedDeployment]:
    return [
        WatchedDeployment(planned.name, planned.sku.capacity, provisioned="Provisioned" in planned.sku.name)
        for planned in plan.deployments(stack, account)
    ]


def _tuned(stack: StackConfig, accounts: Ids) -> list[Tuned]:
    """What applications may still call: live and former live models, and no candidates."""
    return [
        Tuned(accounts[key], entry.deployment_name)
        for entry in served_models(stack)
        if entry.role != "candidate"
        for key in stack.served_in(entry.model)
        if key in accounts
    ]
