"""Microsoft.Insights/metricAlerts: checked as Azure checks them, and never evaluated.

Windows and frequencies: Microsoft Learn, azure-monitor/alerts/alerts-create-metric-alert-rule and
alerts-troubleshoot-metric; criteria: Azure's types of 2018-03-01.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from simulator.arm import monitor_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Body, Descriptor, Write
from simulator.arm.ids import GROUPS, parse
from simulator.arm.models import ACTION_GROUPS, Resource, find
from simulator.arm.observed import Observed, observed
from simulator.arm.regions import normalised

METRIC_ALERTS = "Microsoft.Insights/metricAlerts"
SINGLE = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"
MULTIPLE = "Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria"
MINUTES = {
    "PT1M": 1, "PT5M": 5, "PT15M": 15, "PT30M": 30, "PT1H": 60, "PT6H": 360, "PT12H": 720, "PT24H": 1440, "P1D": 1440,
}  # fmt: skip
"""Windows; those up to an hour are frequencies too."""
_SLOWEST = 60
_SHORTEST_DYNAMIC = 5
_OPERATORS = {
    "StaticThresholdCriterion": ("Equals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"),
    "DynamicThresholdCriterion": ("GreaterThan", "LessThan", "GreaterOrLessThan"),
}
_AGGREGATIONS = ("Average", "Count", "Minimum", "Maximum", "Total")
_MOST_STATIC = 5
_SENSITIVITIES = ("Low", "Medium", "High")


def _check(write: Write) -> None:
    sent = write.properties
    if sent.get("severity") not in range(5):
        raise refuse.alert_invalid(f"The severity '{sent.get('severity')}' must be a whole number from 0 to 4.")
    _check_windows(sent)
    scopes = [_scope(write, str(each)) for each in sent.get("scopes") or []]
    if not scopes:
        raise refuse.alert_invalid("The alert rule needs at least one scope.")
    criteria = sent.get("criteria") or {}
    kind = criteria.get("odata.type")
    if kind not in (SINGLE, MULTIPLE):
        raise refuse.alert_invalid(f"The criteria's odata.type '{kind}' is not one of '{SINGLE}', '{MULTIPLE}'.")
    type_ = _target_type(sent, scopes, str(kind))
    _check_criteria(criteria.get("allOf") or [], type_, sent)
    for action in sent.get("actions") or []:
        named = str(action.get("actionGroupId") or "")
        if (at := find(write.cloud, named)) is None or at.type != ACTION_GROUPS:
            raise refuse.linked_resource_not_found(named)


def _check_windows(sent: Body) -> None:
    window, frequency = str(sent.get("windowSize")), str(sent.get("evaluationFrequency"))
    if window not in MINUTES:
        raise refuse.alert_invalid(f"The windowSize '{window}' is not one of '{', '.join(MINUTES)}'.")
    allowed = [name for name, minutes in MINUTES.items() if minutes <= _SLOWEST]
    if frequency not in allowed:
        raise refuse.alert_invalid(f"The evaluationFrequency '{frequency}' is not one of '{', '.join(allowed)}'.")
    if MINUTES[frequency] > MINUTES[window]:
        raise refuse.alert_invalid(f"The windowSize '{window}' is shorter than the evaluationFrequency '{frequency}'.")


def _scope(write: Write, scope: str) -> Resource | str:
    """The resource at a scope, or the subscription, by its ID."""
    identity = parse(scope)
    if identity is not None and identity.types == ("subscriptions",):
        return scope
    found = find(write.cloud, scope)
    if found is None:
        raise refuse.linked_resource_not_found(scope)
    return found


def _target_type(sent: Body, scopes: list[Resource | str], kind: str) -> str:
    """The one resource type that the rule is about."""
    resources = [each for each in scopes if isinstance(each, Resource) and each.type != GROUPS]
    if len(scopes) == 1 and resources:
        return resources[0].type
    if kind == SINGLE:
        raise refuse.alert_invalid(f"Criteria of type '{SINGLE}' are for a single resource.")
    wanted, region = sent.get("targetResourceType"), sent.get("targetResourceRegion")
    if not wanted or not region:
        raise refuse.alert_invalid("Several resources need targetResourceType and targetResourceRegion.")
    for each in resources:
        if each.type.lower() != str(wanted).lower() or normalised(each.location) != normalised(str(region)):
            raise refuse.alert_invalid(f"The scope '{each.id}' is no '{wanted}' in '{region}'.")
    return str(wanted)


def _check_criteria(criteria: list[Mapping[str, Any]], type_: str, sent: Body) -> None:
    known = observed(type_)
    if known is None or not known.metrics:
        raise refuse.alert_invalid(f"The resource type '{type_}' has no metrics that an alert could watch.")
    if not 1 <= len(criteria) <= _MOST_STATIC:
        raise refuse.alert_invalid(f"The alert rule needs 1 to {_MOST_STATIC} criteria.")
    names = [str(each.get("name") or "") for each in criteria]
    if "" in names or len(set(names)) < len(names):
        raise refuse.alert_invalid("Every criterion needs a name of its own.")
    for each in criteria:
        _check_threshold(each, len(criteria), sent)
        _check_metric(each, type_, known)


def _check_threshold(criterion: Mapping[str, Any], of: int, sent: Body) -> None:
    name, kind = criterion.get("name"), str(criterion.get("criterionType") or "StaticThresholdCriterion")
    if kind not in _OPERATORS:
        raise refuse.alert_invalid(f"The criterionType '{kind}' of '{name}' is not one of '{', '.join(_OPERATORS)}'.")
    if criterion.get("operator") not in _OPERATORS[kind]:
        raise refuse.alert_invalid(
            f"The operator '{criterion.get('operator')}' of '{name}' is not one of '{', '.join(_OPERATORS[kind])}'."
        )
    if criterion.get("timeAggregation") not in _AGGREGATIONS:
        raise refuse.alert_invalid(
            f"The timeAggregation '{criterion.get('timeAggregation')}' of '{name}' is not one of "
            f"'{', '.join(_AGGREGATIONS)}'."
        )
    if kind == "StaticThresholdCriterion":
        threshold = criterion.get("threshold")
        if isinstance(threshold, bool) or not isinstance(threshold, (int, float)):
            raise refuse.alert_invalid(f"The threshold '{threshold}' of '{name}' is not a number.")
        return
    periods = criterion.get("failingPeriods") or {}
    least, of_periods = periods.get("minFailingPeriodsToAlert", 0), periods.get("numberOfEvaluationPeriods", 0)
    if of > 1 or criterion.get("alertSensitivity") not in _SENSITIVITIES or not 1 <= least <= of_periods:
        raise refuse.alert_invalid(
            f"The dynamic threshold '{name}' must be the only criterion, with a sensitivity "
            f"({', '.join(_SENSITIVITIES)}) and failing periods."
        )
    if MINUTES[str(sent["windowSize"])] < _SHORTEST_DYNAMIC:
        raise refuse.alert_invalid(f"The dynamic threshold '{name}' needs a windowSize of PT5M or more.")


def _check_metric(criterion: Mapping[str, Any], type_: str, known: Observed) -> None:
    namespace = criterion.get("metricNamespace")
    if criterion.get("skipMetricValidation"):
        return
    if namespace and str(namespace).lower() != type_.lower():
        raise refuse.metric_namespace_wrong(str(namespace), type_)
    metric = str(criterion.get("metricName"))
    if metric not in known.metrics:
        raise refuse.metric_not_found(metric)
    for dimension in criterion.get("dimensions") or []:
        if dimension.get("name") not in known.metrics[metric]:
            raise refuse.alert_invalid(f"The metric '{metric}' has no dimension '{dimension.get('name')}'.")
        if dimension.get("operator") not in ("Include", "Exclude") or not dimension.get("values"):
            raise refuse.alert_invalid(
                f"The dimension '{dimension.get('name')}' needs the operator Include or Exclude, and values."
            )


def _complete(write: Write) -> Body:
    properties: Body = {"autoMitigate": True, "enabled": True, "actions": []} | copy.deepcopy(write.properties)
    for criterion in properties["criteria"]["allOf"]:
        criterion.setdefault("criterionType", "StaticThresholdCriterion")
        criterion.setdefault("dimensions", [])
    return {name: value for name, value in write.body.items() if name != "properties"} | {"properties": properties}


ALERTS = Descriptor(
    type=METRIC_ALERTS,
    api_versions=versions.METRIC_ALERTS,
    members=frozenset({"location", "tags", "identity", "properties"}),
    patchable=frozenset({"tags", "identity", "properties"}),
    locations=("global",),
    read_only=("properties.lastUpdatedTime", "properties.isMigrated"),
    check=_check,
    complete=_complete,
    shows=frozenset(),
    answers_create=200,
)
