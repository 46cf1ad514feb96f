"""When somebody is called: metric alerts where one metric says it, log alerts where it takes a share or an absence.

Metrics are those that Microsoft names for Azure OpenAI; those of all Cognitive Services (``ServerErrors``, ``Latency``)
are not for it (Azure Monitor, "Supported metrics for Microsoft.CognitiveServices/accounts"). A metric alert can't
divide one metric by another, and does not see one that nothing emits: shares and silence are asked of the workspace,
two days of it at most (Microsoft Learn, "Create or edit a log search alert rule", override query time range).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import monitor

from contract.config.monitoring import Alerts as Settings
from infra.alert_queries import Tuned, idle, throttled

ACTION_GROUP = "tuned-models"
"""Its name, and its short one, which mails begin with."""
ERROR, WARNING, INFORMATION = 1, 2, 3
"""Severities."""
SERVER_ERRORS = ("500", "502", "503", "504")
ACCOUNTS = "Microsoft.CognitiveServices/accounts"
BLOB_SERVICES = "Microsoft.Storage/storageAccounts/blobServices"
TOKENS_PER_UNIT = 1_000
"""Tokens per minute that one unit of a deployment's capacity stands for."""
MINUTES = 5
"""For which tokens per minute are averaged."""


@dataclass(frozen=True)
class WatchedDeployment:
    name: str
    capacity: int
    provisioned: bool
    """Whether its capacity is in PTU."""


@dataclass(frozen=True)
class WatchedAccount:
    key: str
    account_id: pulumi.Input[str]
    deployments: Sequence[WatchedDeployment]
    logged: bool = True
    """Whether its logs come here; those of another team's account don't, and its state is theirs to watch."""


@dataclass(frozen=True)
class AlertsArgs:
    resource_group_name: pulumi.Input[str]
    location: str
    """Of the workspace, where its logs are queried."""
    workspace_id: pulumi.Input[str]
    settings: Settings
    accounts: Sequence[WatchedAccount]
    tuned: Sequence[Tuned]
    """Deployments that Azure deletes where nobody calls them."""
    storage_id: pulumi.Input[str]


@dataclass(frozen=True)
class _Metric:
    """What a metric alert watches. ``dimensions`` part the metric: each value is watched by itself."""

    scope: pulumi.Input[str]
    namespace: str
    name: str
    aggregation: str
    operator: str
    threshold: int
    dimensions: Sequence[tuple[str, Sequence[str]]] = ()


class Alerts(pulumi.ComponentResource):
    """Alert rules, and an action group of those who are called."""

    def __init__(self, name: str, args: AlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Alerts", name, None, opts)
        self._name, self._args = name, args
        self._action_group: pulumi.Input[str] = args.settings.action_group or self._group()
        for account in args.accounts:
            if account.logged:
                self._of_account(account)
            for deployment in account.deployments:
                self._tokens(account, deployment)
        self._blobs()
        logged = [account.account_id for account in args.accounts if account.logged]
        if logged:
            self._throttling(logged)
        if args.tuned:
            self._idle()
        self.register_outputs({})

    def _group(self) -> pulumi.Output[str]:
        return monitor.ActionGroup(
            f"{self._name}-group",
            action_group_name=ACTION_GROUP,
            resource_group_name=self._args.resource_group_name,
            location="Global",
            group_short_name=ACTION_GROUP,
            enabled=True,
            email_receivers=[
                monitor.MicrosoftCommonEmailReceiverArgs(name=email, email_address=email, use_common_alert_schema=True)
                for email in self._args.settings.emails
            ],
            opts=pulumi.ResourceOptions(parent=self),
        ).id

    def _of_account(self, account: WatchedAccount) -> None:
        settings = self._args.settings
        self._metric_alert(
            f"server-errors-{account.key}",
            f"{settings.server_errors} server errors with one status code within 5 minutes",
            _Metric(
                account.account_id,
                ACCOUNTS,
                "AzureOpenAIRequests",
                "Total",
                "GreaterThanOrEqual",
                settings.server_errors,
                [("StatusCode", SERVER_ERRORS)],
            ),
            severity=ERROR,
        )
        self._metric_alert(
            f"latency-{account.key}",
            f"calls of a deployment take {settings.latency_milliseconds} ms on average of a quarter of an hour",
            _Metric(
                account.account_id,
                ACCOUNTS,
                "AzureOpenAITTLTInMS",
                "Average",
                "GreaterThan",
                settings.latency_milliseconds,
                [("ModelDeploymentName", ["*"])],
            ),
            window="PT15M",
            every="PT5M",
        )

    def _tokens(self, account: WatchedAccount, deployment: WatchedDeployment) -> None:
        percent = self._args.settings.tokens_percent
        if deployment.provisioned:
            metric, aggregation, threshold = "AzureOpenAIProvisionedManagedUtilizationV2", "Average", percent
        else:
            metric, aggregation = "TokenTransaction", "Total"
            threshold = MINUTES * deployment.capacity * TOKENS_PER_UNIT * percent // 100
        self._metric_alert(
            f"tokens-{account.key}-{deployment.name}",
            f"{percent}% of the capacity of {deployment.name} is in use, on average of {MINUTES} minutes",
            _Metric(
                account.account_id,
                ACCOUNTS,
                metric,
                aggregation,
                "GreaterThanOrEqual",
                threshold,
                [("ModelDeploymentName", [deployment.name])],
            ),
        )

    def _blobs(self) -> None:
        percent = self._args.settings.availability_percent
        self._metric_alert(
            "blob-availability",
            f"less than {percent}% of the blob requests succeed",
            _Metric(
                pulumi.Output.concat(self._args.storage_id, "/blobServices/default"),
                BLOB_SERVICES,
                "Availability",
                "Average",
                "LessThan",
                percent,
            ),
            severity=ERROR,
            window="PT15M",
            every="PT5M",
        )

    def _metric_alert(
        self,
        rule: str,
        description: str,
        metric: _Metric,
        *,
        severity: int = WARNING,
        window: str = f"PT{MINUTES}M",
        every: str = "PT1M",
    ) -> None:
        monitor.MetricAlert(
            f"{self._name}/{rule}",
            rule_name=rule,
            resource_group_name=self._args.resource_group_name,
            location="global",
            description=description,
            severity=severity,
            enabled=True,
            auto_mitigate=True,
            scopes=[metric.scope],
            window_size=window,
            evaluation_frequency=every,
            criteria=monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
                odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
                all_of=[
                    monitor.MetricCriteriaArgs(
                        criterion_type="StaticThresholdCriterion",
                        name=metric.name,
                        metric_namespace=metric.namespace,
                        metric_name=metric.name,
                        time_aggregation=metric.aggregation,
                        operator=metric.operator,
                        threshold=metric.threshold,
                        dimensions=[
                            monitor.MetricDimensionArgs(name=name, operator="Include", values=list(values))
                            for name, values in metric.dimensions
                        ],
                    )
                ],
            ),
            actions=[monitor.MetricAlertActionArgs(action_group_id=self._action_group)],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _throttling(self, accounts: Sequence[pulumi.Input[str]]) -> None:
        percent = self._args.settings.throttled_percent
        self._log_alert(
            "throttling",
            f"{percent}% of the calls of a deployment were refused with 429 within a quarter of an hour",
            monitor.ConditionArgs(
                query=pulumi.Output.all(*accounts).apply(throttled),
                metric_measure_column="share",
                time_aggregation=monitor.TimeAggregation.MAXIMUM,
                operator="GreaterThanOrEqual",
                threshold=percent,
                dimensions=_each("account", "deployment"),
                failing_periods=_ONCE,
            ),
            severity=WARNING,
            window="PT15M",
            every="PT5M",
        )

    def _idle(self) -> None:
        days = self._args.settings.idle_days
        self._log_alert(
            "idle",
            f"nobody called a tuned deployment for {days} days; Azure deletes it after 15",
            monitor.ConditionArgs(
                query=pulumi.Output.all(*(each.account_id for each in self._args.tuned)).apply(self._idle_query),
                time_aggregation=monitor.TimeAggregation.COUNT,
                operator="GreaterThan",
                threshold=0,
                dimensions=_each("account", "deployment"),
                failing_periods=_ONCE,
            ),
            severity=INFORMATION,
            window="P1D",
            every="P1D",
            looks_back=f"P{days}D",
        )

    def _idle_query(self, account_ids: Sequence[str]) -> str:
        return idle([(account_id, each.name) for account_id, each in zip(account_ids, self._args.tuned, strict=True)])

    def _log_alert(
        self,
        rule: str,
        description: str,
        condition: monitor.ConditionArgs,
        *,
        severity: int,
        window: str,
        every: str,
        looks_back: str | None = None,
    ) -> None:
        monitor.ScheduledQueryRule(
            f"{self._name}/{rule}",
            rule_name=rule,
            resource_group_name=self._args.resource_group_name,
            location=self._args.location,
            kind=monitor.Kind.LOG_ALERT,
            display_name=rule,
            description=description,
            severity=severity,
            enabled=True,
            auto_mitigate=True,
            scopes=[self._args.workspace_id],
            window_size=window,
            evaluation_frequency=every,
            override_query_time_range=looks_back,
            # The workspace may be a new one, in which no log has arrived and no table is known yet.
            skip_query_validation=True,
            criteria=monitor.ScheduledQueryRuleCriteriaArgs(all_of=[condition]),
            actions=monitor.ActionsArgs(action_groups=[self._action_group]),
            opts=pulumi.ResourceOptions(parent=self),
        )


_ONCE = monitor.ConditionFailingPeriodsArgs(number_of_evaluation_periods=1, min_failing_periods_to_alert=1)


def _each(*columns: str) -> list[monitor.DimensionArgs]:
    """Every value of these columns is an alert of its own."""
    return [monitor.DimensionArgs(name=column, operator="Include", values=["*"]) for column in columns]
