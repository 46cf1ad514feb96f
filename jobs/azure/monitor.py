"""Azure Monitor, as far as ``jobs status`` looks at it: metrics of accounts, and the activity log. Nothing is written.

Metrics (``AzureOpenAIRequests``; ``ModelRequests`` counts calls by the Foundry endpoint): Microsoft Learn, supported
metrics of Microsoft.CognitiveServices/accounts. They come some minutes late, and count calls that were refused too.
Filters of the activity log: Azure's specification of activity logs, 2015-04-01.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, cast

from azure.mgmt.monitor import MonitorManagementClient

from jobs.azure.control_plane import OPTIONS, find_cloud
from jobs.azure.core_errors import translated
from jobs.azure.credentials import Credential
from jobs.errors import ServiceRefused
from jobs.monitor_ports import Deletion

_METRICS = ("AzureOpenAIRequests,ModelRequests", "AzureOpenAIRequests")
"""Asked for in this order: one name that an account doesn't know, and all are refused (400)."""
_DIMENSION = "ModelDeploymentName"
_HOUR = timedelta(hours=1)
_MOST = 100
"""Deployments that are told of: more than an account can have."""
_WANTED = "caller,eventTimestamp,operationName,resourceId,status"


class ArmMonitor:
    """Azure Monitor for one subscription. A ``Monitor``."""

    def __init__(self, subscription_id: str, authority: str | None, credential: Credential) -> None:
        self._subscription = subscription_id
        self._authority = authority
        self._credential = credential
        self._opened = ExitStack()

    def close(self) -> None:
        self._opened.close()

    def last_calls(self, account_id: str, since: datetime, until: datetime) -> Mapping[str, datetime]:
        both, one = _METRICS
        try:
            return self._last_calls(account_id, since, until, both)
        except ServiceRefused as refused:
            if refused.status != 400:
                raise
            return self._last_calls(account_id, since, until, one)

    def _last_calls(self, account_id: str, since: datetime, until: datetime, metrics: str) -> Mapping[str, datetime]:
        with translated("when its deployments were called last cannot be read"):
            found = self._client.metrics.list(
                account_id,
                timespan=f"{_text(since)}/{_text(until)}",
                interval="PT1H",
                metricnames=metrics,
                aggregation="total",
                filter=f"{_DIMENSION} eq '*'",
                top=_MOST,
            )
            last: dict[str, datetime] = {}
            for deployment, at in _called(found.value):
                # All that is known is the hour: its end is taken, as far as it is over.
                last[deployment] = max(last.get(deployment, at), min(at + _HOUR, until))
            return last

    def deletions(self, resource_id: str, since: datetime) -> Sequence[Deletion]:
        asked = f"eventTimestamp ge '{_text(since)}' and resourceUri eq '{resource_id}'"
        with translated("who deleted it cannot be read"):
            found = [
                Deletion(each.event_timestamp, str(each.caller or ""))
                for each in self._client.activity_logs.list(asked, select=_WANTED)
                if each.event_timestamp is not None
                and str(each.resource_id or "").lower() == resource_id.lower()
                and str((each.operation_name and each.operation_name.value) or "").lower().endswith("/delete")
                and str((each.status and each.status.value) or "").lower() not in ("failed", "canceled")
            ]
            return sorted(found, key=lambda each: each.at, reverse=True)

    @cached_property
    def _client(self) -> MonitorManagementClient:
        cloud = find_cloud(self._authority)
        made = MonitorManagementClient(
            cast("Any", self._credential),  # A credential by its methods, not by its type.
            self._subscription,
            base_url=cloud.endpoint,
            credential_scopes=[cloud.scope],
            **OPTIONS,
        )
        return self._opened.enter_context(made)


def _called(metrics: Any) -> Iterator[tuple[str, datetime]]:
    """The beginning of each hour in which there were calls, with the deployment that was called."""
    for series in (series for metric in metrics for series in metric.timeseries or ()):
        named = [str(each.value or "") for each in series.metadatavalues or () if _is_deployment(each)]
        for point in series.data or ():
            if named and point.total:
                yield named[0].lower(), point.time_stamp


def _is_deployment(dimension: Any) -> bool:
    return str((dimension.name and dimension.name.value) or "").lower() == _DIMENSION.lower()


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
