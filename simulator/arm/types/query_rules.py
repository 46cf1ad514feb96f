"""Microsoft.Insights/scheduledQueryRules: alerts on logs, checked as Azure checks them, and never evaluated.

Frequencies, windows, six dimensions at most, and two days as the longest time that a query sees: Microsoft Learn,
azure-monitor/alerts/alerts-create-log-alert-rule; members and enums: Azure/azure-rest-api-specs, monitor,
scheduledQueryRule_API. Queries themselves are not read: no log arrives here.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from simulator.arm import monitor_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Body, Descriptor, Write
from simulator.arm.models import ACTION_GROUPS, WORKSPACES, find
from simulator.arm.regions import NAMES

QUERY_RULES = "Microsoft.Insights/scheduledQueryRules"
MINUTES = {
    "PT1M": 1, "PT5M": 5, "PT10M": 10, "PT15M": 15, "PT30M": 30, "PT45M": 45, "PT1H": 60, "PT2H": 120, "PT3H": 180,
    "PT4H": 240, "PT5H": 300, "PT6H": 360, "P1D": 1440, "P2D": 2880,
}  # fmt: skip
"""Windows; those up to a day are frequencies too."""
_SLOWEST = 1440
_LONGEST = 2880
_OPERATORS = ("Equals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual")
_AGGREGATIONS = ("Average", "Count", "Maximum", "Minimum", "Total")
_MOST_DIMENSIONS = 6
_MOST_PERIODS = 6
_MOST_ACTION_GROUPS = 5


def _check(write: Write) -> None:
    sent = write.properties
    if sent.get("severity") not in range(5):
        raise refuse.query_rule_invalid(f"The severity '{sent.get('severity')}' must be a whole number from 0 to 4.")
    scopes = sent.get("scopes") or []
    if len(scopes) != 1:
        raise refuse.query_rule_invalid("The rule needs one scope.")
    scope = find(write.cloud, str(scopes[0]))
    if scope is None or scope.type != WORKSPACES:
        raise refuse.linked_resource_not_found(str(scopes[0]))
    conditions = (sent.get("criteria") or {}).get("allOf") or []
    if len(conditions) != 1:
        raise refuse.query_rule_invalid("The rule needs one condition.")
    _check_times(sent, conditions[0])
    _check_condition(conditions[0])
    groups = (sent.get("actions") or {}).get("actionGroups") or []
    if len(groups) > _MOST_ACTION_GROUPS:
        raise refuse.query_rule_invalid(f"The rule can have up to {_MOST_ACTION_GROUPS} action groups.")
    for named in groups:
        if (at := find(write.cloud, str(named))) is None or at.type != ACTION_GROUPS:
            raise refuse.linked_resource_not_found(str(named))


def _check_times(sent: Body, condition: Mapping[str, Any]) -> None:
    window, frequency = str(sent.get("windowSize")), str(sent.get("evaluationFrequency"))
    for name, value, longest in (("windowSize", window, _LONGEST), ("evaluationFrequency", frequency, _SLOWEST)):
        allowed = [each for each, minutes in MINUTES.items() if minutes <= longest]
        if value not in allowed:
            raise refuse.query_rule_invalid(f"The {name} '{value}' is not one of '{', '.join(allowed)}'.")
    periods = condition.get("failingPeriods") or {}
    least, of = periods.get("minFailingPeriodsToAlert", 1), periods.get("numberOfEvaluationPeriods", 1)
    if not 1 <= least <= of <= _MOST_PERIODS:
        raise refuse.query_rule_invalid("minFailingPeriodsToAlert must be at most numberOfEvaluationPeriods.")
    seen = sent.get("overrideQueryTimeRange")
    if seen is not None and seen not in MINUTES:
        raise refuse.query_rule_invalid(f"The overrideQueryTimeRange '{seen}' is not one of '{', '.join(MINUTES)}'.")
    if MINUTES[window] * of > (MINUTES[seen] if seen else _LONGEST):
        raise refuse.query_rule_invalid("The query time range must cover windowSize times numberOfEvaluationPeriods.")


def _check_condition(condition: Mapping[str, Any]) -> None:
    if not condition.get("query"):
        raise refuse.query_rule_invalid("The condition needs a query.")
    aggregation, operator = condition.get("timeAggregation"), condition.get("operator")
    if aggregation not in _AGGREGATIONS:
        raise refuse.query_rule_invalid(
            f"The timeAggregation '{aggregation}' is not one of '{', '.join(_AGGREGATIONS)}'."
        )
    if operator not in _OPERATORS:
        raise refuse.query_rule_invalid(f"The operator '{operator}' is not one of '{', '.join(_OPERATORS)}'.")
    if (aggregation == "Count") is bool(condition.get("metricMeasureColumn")):
        raise refuse.query_rule_invalid("A metricMeasureColumn is for every timeAggregation but Count.")
    threshold = condition.get("threshold")
    if isinstance(threshold, bool) or not isinstance(threshold, (int, float)):
        raise refuse.query_rule_invalid(f"The threshold '{threshold}' is not a number.")
    dimensions = condition.get("dimensions") or []
    if len(dimensions) > _MOST_DIMENSIONS:
        raise refuse.query_rule_invalid(f"The condition can have up to {_MOST_DIMENSIONS} dimensions.")
    for dimension in dimensions:
        if dimension.get("operator") not in ("Include", "Exclude") or not dimension.get("values"):
            raise refuse.query_rule_invalid(
                f"The dimension '{dimension.get('name')}' needs the operator Include or Exclude, and values."
            )


def _complete(write: Write) -> Body:
    properties: Body = {"enabled": True, "autoMitigate": True} | copy.deepcopy(write.properties)
    once = {"numberOfEvaluationPeriods": 1, "minFailingPeriodsToAlert": 1}
    for condition in properties["criteria"]["allOf"]:
        condition.setdefault("dimensions", [])
        condition.setdefault("failingPeriods", once)
    kind: Body = {"kind": "LogAlert"}
    return (
        kind | {name: value for name, value in write.body.items() if name != "properties"} | {"properties": properties}
    )


RULES = Descriptor(
    type=QUERY_RULES,
    api_versions=versions.QUERY_RULES,
    members=frozenset({"location", "tags", "identity", "kind", "properties"}),
    patchable=frozenset({"tags", "identity", "properties"}),
    locations=NAMES,
    read_only=(
        "properties.createdWithApiVersion",
        "properties.isLegacyLogAnalyticsRule",
        "properties.isWorkspaceAlertsStorageConfigured",
    ),
    check=_check,
    complete=_complete,
    shows=frozenset({"systemData", "etag"}),
)
