"""Log alerts, held against azure-mgmt-monitor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simulator.arm.models import Resource
from tests.simulator.arm.clients import GROUP, LOCATION, Clients, refused
from tests.simulator.arm.watched import make_action_group, make_workspace


def condition(**changes: Any) -> dict[str, Any]:
    """More than a tenth of the calls."""
    return {
        "query": "AzureDiagnostics | summarize share = 11 by deployment = Resource",
        "metricMeasureColumn": "share",
        "timeAggregation": "Maximum",
        "operator": "GreaterThan",
        "threshold": 10,
        "dimensions": [{"name": "deployment", "operator": "Include", "values": ["*"]}],
    } | changes


def rule(workspace: str, *conditions: dict[str, Any], **properties: Any) -> Any:
    return {
        "location": LOCATION,
        "kind": "LogAlert",
        "properties": {
            "severity": 2,
            "enabled": True,
            "scopes": [workspace],
            "evaluationFrequency": "PT5M",
            "windowSize": "PT15M",
            "criteria": {"allOf": list(conditions) or [condition()]},
        }
        | properties,
    }


def put(azure: Clients, body: Any) -> Any:
    return azure.monitor.scheduled_query_rules.create_or_update(GROUP, "throttling", body)


@pytest.fixture
def workspace(azure: Clients, account: Resource) -> str:
    """In the resource group of the account."""
    return make_workspace(azure)


def test_a_rule_asks_a_workspace_and_tells_an_action_group(azure: Clients, workspace: str) -> None:
    told = make_action_group(azure)
    made = put(azure, rule(workspace, actions={"actionGroups": [told]}))

    assert (made.kind, made.location, made.severity, made.auto_mitigate) == ("LogAlert", LOCATION, 2, True)
    assert made.window_size == timedelta(minutes=15)
    assert made.actions.action_groups == [told]
    assert made.criteria.all_of[0].failing_periods.number_of_evaluation_periods == 1
    rules = azure.monitor.scheduled_query_rules
    assert [each.name for each in rules.list_by_resource_group(GROUP)] == ["throttling"]
    rules.delete(GROUP, "throttling")
    assert list(rules.list_by_subscription()) == []


def test_a_query_sees_two_days_and_no_more(azure: Clients, workspace: str) -> None:
    """Microsoft Learn, "Create or edit a log search alert rule": a longer ago() is cut to two days too."""
    daily = {"evaluationFrequency": "P1D", "windowSize": "P1D"}

    assert put(azure, rule(workspace, overrideQueryTimeRange="P2D", **daily)).override_query_time_range == timedelta(2)
    with refused(400, "BadRequest", containing="overrideQueryTimeRange 'P10D'"):
        put(azure, rule(workspace, overrideQueryTimeRange="P10D", **daily))
    three = condition(failingPeriods={"numberOfEvaluationPeriods": 3, "minFailingPeriodsToAlert": 3})
    with refused(400, "BadRequest", containing="must cover windowSize times numberOfEvaluationPeriods"):
        put(azure, rule(workspace, three, **daily))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"windowSize": "PT20M"}, "windowSize 'PT20M'"),
        ({"evaluationFrequency": "P2D", "windowSize": "P2D"}, "evaluationFrequency 'P2D'"),
        ({"severity": 5}, "severity '5'"),
        ({"scopes": []}, "one scope"),
        ({"criteria": {"allOf": []}}, "one condition"),
    ],
)
def test_what_a_rule_cannot_be(azure: Clients, workspace: str, change: Any, said: str) -> None:
    with refused(400, "BadRequest", containing=said):
        put(azure, rule(workspace, **change))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"query": ""}, "needs a query"),
        ({"operator": "gt"}, "operator 'gt'"),
        ({"timeAggregation": "Sum"}, "timeAggregation 'Sum'"),
        ({"metricMeasureColumn": None}, "metricMeasureColumn"),
        ({"timeAggregation": "Count"}, "metricMeasureColumn"),
        ({"dimensions": [{"name": "a", "operator": "Include", "values": []}]}, "Include or Exclude, and values"),
        ({"failingPeriods": {"numberOfEvaluationPeriods": 1, "minFailingPeriodsToAlert": 2}}, "minFailingPeriods"),
    ],
)
def test_what_a_condition_cannot_be(azure: Clients, workspace: str, change: Any, said: str) -> None:
    with refused(400, "BadRequest", containing=said):
        put(azure, rule(workspace, condition(**change)))


def test_what_it_asks_and_whom_it_tells_is_there(azure: Clients, workspace: str, account: Resource) -> None:
    with refused(400, "ResourceNotFound"):
        put(azure, rule(f"{workspace}-gone"))
    with refused(400, "ResourceNotFound"):
        put(azure, rule(account.id))
    with refused(400, "ResourceNotFound"):
        put(azure, rule(workspace, actions={"actionGroups": [f"{workspace}-gone"]}))
