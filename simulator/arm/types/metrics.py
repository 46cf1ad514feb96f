"""Microsoft.Insights/metrics: how often an account's deployments were called. Nothing else is measured here.

Parameters and the answer's form: Azure's specification of metrics (2024-02-01); names and dimensions: observed.py.
Counted are completions that were answered; what was refused, which Azure counts too by its StatusCode, is not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from simulator.arm import monitor_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Answer, Body, Call, Special
from simulator.arm.errors import resource_not_found
from simulator.arm.ids import parse
from simulator.arm.models import METRICS_KEPT, Resource, find
from simulator.arm.observed import observed
from simulator.arm.types.metric_alerts import MINUTES

_CALLS = frozenset({"AzureOpenAIRequests"})
"""What is counted; other metrics of the type are answered empty."""
_DIMENSION = "ModelDeploymentName"
_CONDITION = re.compile(rf"\s*{_DIMENSION}\s+eq\s+'([^']*)'\s*", re.IGNORECASE)
_MOST_SERIES = 10
"""Unless `top` says another number."""


@dataclass(frozen=True)
class _Window:
    """From when to when, in steps of so long."""

    start: datetime
    end: datetime
    interval: str
    step: timedelta

    def data(self, counts: Iterable[tuple[datetime, int]]) -> list[Body]:
        """A point for every interval, also where there was nothing to count."""
        totals = [0] * math.ceil((self.end - self.start) / self.step)
        for hour, count in counts:
            totals[int((hour - self.start) / self.step)] += count
        return [
            {"timeStamp": _text(self.start + index * self.step), "total": float(total)}
            for index, total in enumerate(totals)
        ]


def _metrics(call: Call, _: Body) -> Answer:
    resource = find(call.cloud, call.id.scope)
    if resource is None:
        identity = parse(call.id.scope)
        raise resource_not_found(identity if identity is not None else call.id)
    window = _window(call)
    names = [name for name in call.query.get("metricnames", "").split(",") if name]
    known = observed(resource.type)
    valid = sorted(known.metrics) if known is not None else []
    for name in names:
        if name not in valid:
            namespace, type_ = resource.type.split("/", 1)
            raise refuse.metric_unknown(namespace, type_, name, valid)
    return Answer(
        body={
            "cost": 0,
            "timespan": f"{_text(window.start)}/{_text(window.end)}",
            "interval": window.interval,
            "value": [_metric(call, resource, name, window) for name in names],
            "namespace": resource.type,
            "resourceregion": resource.location,
        }
    )


def _metric(call: Call, resource: Resource, name: str, window: _Window) -> Body:
    counted = _counted(call, resource, window) if name in _CALLS else {}
    split = call.query.get("$filter")
    if split is None:
        whole = [moment for moments in counted.values() for moment in moments]
        series: list[Body] = [{"metadatavalues": [], "data": window.data(whole)}]
    else:
        wanted = _wanted(split)
        dimension = {"value": _DIMENSION.lower(), "localizedValue": _DIMENSION.lower()}
        series = [
            {"metadatavalues": [{"name": dimension, "value": deployment}], "data": window.data(moments)}
            for deployment, moments in sorted(counted.items())
            if "*" in wanted or deployment in wanted
        ][: int(call.query.get("top") or _MOST_SERIES)]
    return {
        "id": f"{resource.id}/providers/Microsoft.Insights/metrics/{name}",
        "type": "Microsoft.Insights/metrics",
        "name": {"value": name, "localizedValue": name},
        "unit": "Count",
        "timeseries": series,
        "errorCode": "Success",
    }


def _counted(call: Call, resource: Resource, window: _Window) -> dict[str, list[tuple[datetime, int]]]:
    """Calls by the hour, of each deployment that had any, also of one that is gone."""
    found: dict[str, list[tuple[datetime, int]]] = {}
    for key, hours in call.cloud.state.arm.calls.items():
        counts = [(datetime.fromisoformat(hour), count) for hour, count in hours.items()]
        counts = [(hour, count) for hour, count in counts if window.start <= hour < window.end]
        if counts and key.startswith(f"{resource.key}/deployments/"):
            found[key.rsplit("/", 1)[-1]] = counts
    return found


def _wanted(text: str) -> frozenset[str]:
    """The deployments that a filter names; `*` for each."""
    conditions = [_CONDITION.fullmatch(part) for part in re.split(r"\s+or\s+", text, flags=re.IGNORECASE)]
    if not all(conditions):
        raise refuse.metric_query_invalid(f"The filter '{text}' names no dimension that is counted by here.")
    return frozenset(condition[1].lower() for condition in conditions if condition is not None)


def _window(call: Call) -> _Window:
    """The last hour unless asked for otherwise; from the whole hour on (Azure rounds too: memory)."""
    now = call.cloud.clock.now()
    interval, span = call.query.get("interval", "PT1M"), call.query.get("timespan")
    if interval not in MINUTES:
        raise refuse.metric_query_invalid(f"The interval '{interval}' is not one of '{', '.join(MINUTES)}'.")
    start, end = now - timedelta(hours=1), now
    if span is not None:
        try:
            start, end = (datetime.fromisoformat(part).astimezone(UTC) for part in span.split("/"))
        except ValueError:
            raise refuse.metric_query_invalid(f"The timespan '{span}' is not two moments with a slash.") from None
    if not now - METRICS_KEPT <= start < end:
        raise refuse.metric_query_invalid(f"The timespan '{span}' is empty, or begins earlier than is kept.")
    whole_hour = start.replace(minute=0, second=0, microsecond=0)
    return _Window(whole_hour, end, interval, timedelta(minutes=MINUTES[interval]))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


SPECIALS = (
    Special("GET", "microsoft.insights/metrics", versions.METRICS, _metrics, "Microsoft.Insights/metrics/read"),
)
