"""What is logged, and when somebody is called."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.recording import SUBSCRIPTION, Asked, Declared, declare
from tests.infra.specimens import GLOBAL, stack, trained, two_accounts

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tuned-models-dev/providers"
ACCOUNT = f"{GROUP}/Microsoft.CognitiveServices/accounts/contoso-openai"
STORAGE = f"{GROUP}/Microsoft.Storage/storageAccounts/contosodata"
WORKSPACE = f"{GROUP}/Microsoft.OperationalInsights/workspaces/logs"
ALERTS = {"emails": ["oncall@contoso.com"]}
OWN: dict[str, Any] = {"workspace": {"name": "logs"}}
THEIRS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/central/providers"


def _watched(alerts: dict[str, Any] | None = None, **changes: Any) -> Declared:
    asked = OWN | ({"alerts": ALERTS | alerts} if alerts is not None else {})
    return declare(stack(monitoring=asked, **changes))


def _rules(declared: Declared) -> dict[str, Asked]:
    """By name in Azure."""
    return {asked.inputs["ruleName"]: asked for asked in (*_metric_alerts(declared), *_log_alerts(declared))}


def _metric_alerts(declared: Declared) -> list[Asked]:
    return declared.of_type("MetricAlert")


def _log_alerts(declared: Declared) -> list[Asked]:
    return declared.of_type("ScheduledQueryRule")


def _criterion(asked: Asked) -> dict[str, Any]:
    (criterion,) = asked.inputs["criteria"]["allOf"]
    found: dict[str, Any] = criterion
    return found


class TestLogs:
    def test_nothing_is_watched_unless_asked_for(self) -> None:
        kinds = {asked.short_type for asked in declare(stack()).resources}

        assert kinds.isdisjoint({"Workspace", "DiagnosticSetting", "MetricAlert", "ScheduledQueryRule", "ActionGroup"})

    def test_accounts_and_blobs_log_each_category_by_name(self) -> None:
        """A group of categories would grow by what Azure adds: none is sent that nobody has looked at."""
        settings = {
            asked.inputs["resourceUri"]: (
                [(log["category"], log["enabled"]) for log in asked.inputs["logs"]],
                [metric["category"] for metric in asked.inputs["metrics"]],
            )
            for asked in _watched().of_type("DiagnosticSetting")
        }

        assert settings == {
            ACCOUNT: ([("Audit", True), ("RequestResponse", True), ("Trace", True)], ["AllMetrics"]),
            f"{STORAGE}/blobServices/default": (
                [("StorageRead", True), ("StorageWrite", True), ("StorageDelete", True)],
                ["Transaction"],
            ),
        }

    def test_everything_is_logged_to_one_workspace(self) -> None:
        """Made here, with its keys turned off and the retention that was asked for; or the one that was named."""
        own = declare(stack(monitoring={"workspace": {"name": "logs", "retentionDays": 90}}))
        central = f"{THEIRS}/Microsoft.OperationalInsights/workspaces/central"
        theirs = declare(stack(monitoring={"workspace": {"existing": central}}))
        (workspace,) = own.of_type("Workspace")

        assert workspace.inputs["retentionInDays"] == 90
        assert workspace.inputs["features"] == {"disableLocalAuth": True}
        assert {asked.inputs["workspaceId"] for asked in own.of_type("DiagnosticSetting")} == {WORKSPACE}
        assert theirs.of_type("Workspace") == []
        assert {asked.inputs["workspaceId"] for asked in theirs.of_type("DiagnosticSetting")} == {central}

    def test_the_outputs_name_the_workspace(self) -> None:
        assert _watched().outputs["monitoring"] == {"workspaceId": WORKSPACE}
        assert "monitoring" not in declare(stack()).outputs


class TestWhoIsCalled:
    def test_mails_go_to_a_group_of_this_environment(self) -> None:
        declared = _watched({})
        (group,) = declared.of_type("ActionGroup")
        group_id = f"{GROUP}/Microsoft.Insights/actionGroups/tuned-models"

        assert [each["emailAddress"] for each in group.inputs["emailReceivers"]] == ["oncall@contoso.com"]
        assert len(group.inputs["groupShortName"]) <= 12
        for asked in _metric_alerts(declared):
            assert asked.inputs["actions"] == [{"actionGroupId": group_id}]
        for asked in _log_alerts(declared):
            assert asked.inputs["actions"] == {"actionGroups": [group_id]}

    def test_or_to_a_group_of_theirs(self) -> None:
        oncall = f"{THEIRS}/Microsoft.Insights/actionGroups/oncall"
        declared = declare(stack(monitoring=OWN | {"alerts": {"actionGroup": oncall}}))

        assert declared.of_type("ActionGroup") == []
        assert {asked.inputs["actions"][0]["actionGroupId"] for asked in _metric_alerts(declared)} == {oncall}


class TestAlerts:
    def test_server_errors_are_counted_by_status_code(self) -> None:
        """Metrics and dimensions of "Supported metrics for Microsoft.CognitiveServices/accounts"."""
        rule = _rules(_watched({"serverErrors": 7}))["server-errors-main"]

        assert rule.inputs["scopes"] == [ACCOUNT]
        assert rule.inputs["windowSize"] == "PT5M"
        assert _criterion(rule) | {"name": ""} == {
            "criterionType": "StaticThresholdCriterion",
            "name": "",
            "metricNamespace": "Microsoft.CognitiveServices/accounts",
            "metricName": "AzureOpenAIRequests",
            "timeAggregation": "Total",
            "operator": "GreaterThanOrEqual",
            "threshold": 7,
            "dimensions": [{"name": "StatusCode", "operator": "Include", "values": ["500", "502", "503", "504"]}],
        }

    def test_latency_is_watched_per_deployment(self) -> None:
        criterion = _criterion(_rules(_watched({"latencyMilliseconds": 9000}))["latency-main"])

        assert (criterion["metricName"], criterion["timeAggregation"]) == ("AzureOpenAITTLTInMS", "Average")
        assert (criterion["operator"], criterion["threshold"]) == ("GreaterThan", 9000)
        assert criterion["dimensions"] == [{"name": "ModelDeploymentName", "operator": "Include", "values": ["*"]}]

    @pytest.mark.parametrize(
        ("sku", "metric", "threshold"),
        [
            # 80% of 10 units of 1,000 tokens per minute, for five minutes.
            (GLOBAL, "TokenTransaction", 40_000),
            ({"name": "ProvisionedManaged", "capacity": 50}, "AzureOpenAIProvisionedManagedUtilizationV2", 80),
        ],
    )
    def test_tokens_near_the_capacity_of_a_deployment(self, sku: dict[str, Any], metric: str, threshold: int) -> None:
        base = {"gpt-4.1-mini": {"model": "gpt-4.1-mini", "version": "2025-04-14", "sku": sku}}
        criterion = _criterion(_rules(_watched({}, baseDeployments=base))["tokens-main-gpt-4.1-mini"])

        assert (criterion["metricName"], criterion["threshold"]) == (metric, threshold)
        assert criterion["dimensions"][0]["values"] == ["gpt-4.1-mini"]

    def test_blobs_that_fail(self) -> None:
        rule = _rules(_watched({"availabilityPercent": 98}))["blob-availability"]

        assert rule.inputs["scopes"] == [f"{STORAGE}/blobServices/default"]
        assert _criterion(rule)["metricNamespace"] == "Microsoft.Storage/storageAccounts/blobServices"
        assert (_criterion(rule)["operator"], _criterion(rule)["threshold"]) == ("LessThan", 98)

    def test_a_share_of_refusals_is_asked_of_the_logs(self) -> None:
        """No metric alert divides one metric by another."""
        rule = _rules(_watched({"throttledPercent": 15}))["throttling"]
        condition = _criterion(rule)

        assert rule.inputs["scopes"] == [WORKSPACE]
        assert (condition["metricMeasureColumn"], condition["threshold"]) == ("share", 15)
        assert f'account in ("{ACCOUNT.lower()}")' in condition["query"]
        assert {each["name"] for each in condition["dimensions"]} == {"account", "deployment"}

    def test_silence_is_asked_of_the_logs_as_far_back_as_azure_looks(self) -> None:
        """Two days (Microsoft Learn, "Create or edit a log search alert rule"), while Azure deletes after fifteen."""
        live = {"clippy": {"live": trained(1, servedWith=GLOBAL), "candidate": trained(2)}}
        rule = _rules(_watched({}, releases=live))["idle"]
        condition = _criterion(rule)

        assert rule.inputs["overrideQueryTimeRange"] == "P2D"
        assert (condition["timeAggregation"], condition["operator"], condition["threshold"]) == (
            "Count",
            "GreaterThan",
            0,
        )
        # The digest was taken with ``printf '%s\n%s' MODEL_ID SKU | sha256sum``; nobody has to call a candidate.
        assert f'["{ACCOUNT.lower()}", "clippy-fc7b4a5f"]' in condition["query"]

    def test_without_a_tuned_deployment_nothing_falls_silent(self) -> None:
        assert "idle" not in _rules(_watched({}))

    def test_every_alert_has_a_window_that_azure_knows(self) -> None:
        """Microsoft Learn, "Create or edit a metric alert rule" and "… a log search alert rule"."""
        declared = declare(two_accounts(monitoring=OWN | {"alerts": ALERTS}))
        windows = {"PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D"}

        for asked in _rules(declared).values():
            assert asked.inputs["windowSize"] in windows
            assert asked.inputs["evaluationFrequency"] in windows

    def test_each_rule_has_a_name_of_its_own_in_the_resource_group(self) -> None:
        declared = declare(
            two_accounts(
                monitoring=OWN | {"alerts": ALERTS},
                releases={"clippy": {"live": trained(1, trainedIn="europe", servedWith=GLOBAL)}},
            )
        )

        assert len(_rules(declared)) == len(_metric_alerts(declared)) + len(_log_alerts(declared)) == 9
