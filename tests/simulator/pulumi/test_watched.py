"""Locks, monitoring, a budget and App Configuration as azure-native declares them: up, up again, changed, destroyed."""

from __future__ import annotations

import pytest

from simulator.pulumi.summary import Failed, Summary
from simulator.roles import CONFIGURATION_OWNER
from tests.simulator.pulumi.conftest import Stage

PLACE = "swedencentral"


def watched(amount: int = 500, *, locked: bool = True, logs: bool = True, data_role: bool = True) -> None:
    """A storage account that is locked and watched, and a store with one key-value."""
    import pulumi
    from pulumi_azure_native import (
        appconfiguration,
        authorization,
        consumption,
        monitor,
        operationalinsights,
        resources,
        storage,
    )

    me = authorization.get_client_config()
    group = resources.ResourceGroup("group", resource_group_name="rg", location=PLACE)
    kept = storage.StorageAccount(
        "storage",
        resource_group_name=group.name,
        account_name="stwatched",
        kind="StorageV2",
        sku={"name": "Standard_LRS"},
        location=PLACE,
    )
    workspace = operationalinsights.Workspace(
        "logs",
        resource_group_name=group.name,
        workspace_name="log-tuned",
        sku={"name": "PerGB2018"},
        retention_in_days=30,
        location=PLACE,
    )
    made: list[pulumi.Resource] = []
    if logs:
        made.append(
            monitor.DiagnosticSetting(
                "blob-logs",
                name="to-logs",
                resource_uri=kept.id.apply(lambda id_: f"{id_}/blobServices/default"),
                workspace_id=workspace.id,
                logs=[{"category_group": "allLogs", "enabled": True}],
                metrics=[{"category": "Transaction", "enabled": True}],
            )
        )
    told = monitor.ActionGroup(
        "on-call",
        resource_group_name=group.name,
        action_group_name="on-call",
        group_short_name="tuned",
        location="global",
        email_receivers=[{"name": "team", "email_address": "team@example.com", "use_common_alert_schema": True}],
    )
    monitor.MetricAlert(
        "available",
        resource_group_name=group.name,
        rule_name="blobs-available",
        location="global",
        scopes=[kept.id],
        severity=1,
        enabled=True,
        evaluation_frequency="PT5M",
        window_size="PT15M",
        criteria=monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
            odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            all_of=[
                monitor.MetricCriteriaArgs(
                    criterion_type="StaticThresholdCriterion",
                    name="available",
                    metric_namespace="Microsoft.Storage/storageAccounts",
                    metric_name="Availability",
                    operator="LessThan",
                    threshold=99.9,
                    time_aggregation="Average",
                )
            ],
        ),
        actions=[{"action_group_id": told.id}],
    )
    consumption.Budget(
        "budget",
        scope=group.id,
        budget_name="tuned",
        category="Cost",
        amount=amount,
        time_grain="Monthly",
        time_period={"start_date": "2026-11-01T00:00:00Z"},
        notifications={
            "at80": {
                "enabled": True,
                "operator": "GreaterThan",
                "threshold": 80,
                "contact_emails": [],
                "contact_groups": [told.id],
            }
        },
    )
    store = appconfiguration.ConfigurationStore(
        "store",
        resource_group_name=group.name,
        config_store_name="appcs-tuned",
        sku={"name": "Standard"},
        disable_local_auth=True,
        data_plane_proxy={"authentication_mode": "Pass-through"},
        location=PLACE,
    )
    before: list[pulumi.Resource] = []
    if data_role:
        role = f"/subscriptions/{me.subscription_id}/providers/Microsoft.Authorization/roleDefinitions"
        before.append(
            authorization.RoleAssignment(
                "writes",
                scope=store.id,
                principal_id=me.object_id,
                principal_type="ServicePrincipal",
                role_definition_id=f"{role}/{CONFIGURATION_OWNER}",
            )
        )
    appconfiguration.KeyValue(
        "pointer",
        resource_group_name=group.name,
        config_store_name=store.name,
        key_value_name="tuned-models~2Fclippy",
        value='{"modelId": "m"}',
        content_type="application/json",
        opts=pulumi.ResourceOptions(depends_on=before),
    )
    if locked:
        authorization.ManagementLockByScope(
            "lock",
            scope=kept.id,
            lock_name="keep",
            level="CanNotDelete",
            opts=pulumi.ResourceOptions(depends_on=made),
        )


def test_a_second_up_changes_nothing_and_a_destroy_leaves_nothing(stage: Stage) -> None:
    first = stage.up(watched)
    assert first.summary == Summary(created=12)
    again = stage.up(watched)
    assert again.summary == Summary(unchanged=12)
    assert stage.writes == []
    stage.destroy()
    assert stage.there() == set()


def test_a_budget_is_changed_in_place(stage: Stage) -> None:
    stage.up(watched)
    result = stage.up(lambda: watched(900))
    assert result.summary == Summary(updated=1, unchanged=11)


def test_what_stands_on_a_locked_resource_is_not_deleted_before_the_lock(stage: Stage) -> None:
    """A lock that nothing says to delete first is in the way of the diagnostic setting under it."""
    stage.up(watched)
    with pytest.raises(Failed) as failed:
        stage.up(lambda: watched(logs=False))
    assert "ScopeLocked" in str(failed.value)
    stage.up(lambda: watched(logs=False, locked=False))
    assert "to-logs" not in stage.there()


def test_a_pointer_needs_the_data_role_of_whoever_deploys(stage: Stage) -> None:
    with pytest.raises(Failed) as failed:
        stage.up(lambda: watched(data_role=False))
    assert "403 Forbidden: Access to the requested resource is forbidden." in str(failed.value)
