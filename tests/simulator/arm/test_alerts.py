"""Metric alerts and action groups, held against azure-mgmt-monitor."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.arm.models import Resource
from simulator.server import Simulator
from tests.simulator.arm.clients import GROUP, LOCATION, Clients, refused
from tests.simulator.arm.conftest import Wire
from tests.simulator.arm.watched import MULTIPLE, alert, criterion, group_id, make_action_group


def put(azure: Clients, body: Any) -> Any:
    return azure.monitor.metric_alerts.create_or_update(GROUP, "server-errors", body)


def test_an_alert_tells_an_action_group(azure: Clients, account: Resource) -> None:
    told = make_action_group(azure)
    made = put(azure, alert(account.id, actions=[{"actionGroupId": told}]))
    assert (made.location, made.severity, made.auto_mitigate) == ("global", 2, True)
    assert made.actions[0].action_group_id == told
    assert made.criteria.all_of[0].metric_name == "AzureOpenAIRequests"
    assert [each.name for each in azure.monitor.metric_alerts.list_by_resource_group(GROUP)] == ["server-errors"]
    assert [each.name for each in azure.monitor.metric_alerts.list_by_subscription()] == ["server-errors"]
    azure.monitor.metric_alerts.delete(GROUP, "server-errors")
    assert list(azure.monitor.metric_alerts.list_by_subscription()) == []


def test_an_alert_may_be_switched_off(azure: Clients, account: Resource) -> None:
    put(azure, alert(account.id))
    changed: Any = {"properties": {"enabled": False}}
    assert azure.monitor.metric_alerts.update(GROUP, "server-errors", changed).enabled is False


def test_it_stands_nowhere(azure: Clients, account: Resource) -> None:
    with refused(400, "LocationNotAvailableForResourceType"):
        put(azure, alert(account.id) | {"location": LOCATION})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"windowSize": "PT10M"}, "windowSize 'PT10M'"),
        ({"windowSize": "P2D"}, "windowSize 'P2D'"),
        ({"evaluationFrequency": "PT6H", "windowSize": "PT12H"}, "evaluationFrequency 'PT6H'"),
        ({"windowSize": "PT1M"}, "windowSize 'PT1M' is shorter"),
        ({"severity": 5}, "severity '5'"),
        ({"scopes": []}, "at least one scope"),
    ],
)
def test_what_a_rule_cannot_be(azure: Clients, account: Resource, change: Any, said: str) -> None:
    with refused(400, "BadRequest", containing=said):
        put(azure, alert(account.id, **change))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"metricName": "Requests"}, "Couldn't find a metric named Requests."),
        ({"metricName": "GeneratedTokens"}, "The metric 'GeneratedTokens' has no dimension 'StatusCode'."),
        ({"dimensions": [{"name": "StatusCode", "operator": "Is", "values": ["500"]}]}, "Include or Exclude"),
        ({"operator": "More"}, "operator 'More'"),
        ({"timeAggregation": "Sum"}, "timeAggregation 'Sum'"),
        ({"metricNamespace": "Microsoft.Storage/storageAccounts"}, "Detect invalid value: Microsoft.Storage"),
    ],
)
def test_what_a_criterion_cannot_be(azure: Clients, account: Resource, change: Any, said: str) -> None:
    with refused(400, "BadRequest", containing=said):
        put(azure, alert(account.id, criterion(**change)))


@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        ({"odata.type": "Other", "allOf": []}, "odata.type 'Other'"),
        ({"odata.type": MULTIPLE, "allOf": [criterion(threshold="5")]}, "threshold '5'"),
        ({"odata.type": MULTIPLE, "allOf": [criterion(), criterion()]}, "name of its own"),
        (
            {"odata.type": MULTIPLE, "allOf": [criterion(criterionType="DynamicThresholdCriterion")]},
            "must be the only criterion",
        ),
    ],
)
def test_what_the_library_would_not_send(
    simulator: Simulator, wire: Wire, account: Resource, criteria: Any, said: str
) -> None:
    path = f"{group_id(simulator)}/providers/Microsoft.Insights/metricAlerts/a?api-version=2018-03-01"
    answer = wire("PUT", path, alert(account.id, criteria=criteria))
    assert answer.status_code == 400
    assert said in answer.json()["message"]


def test_a_metric_that_is_not_there_yet_may_be_named_on_demand(azure: Clients, account: Resource) -> None:
    put(azure, alert(account.id, criterion(metricName="Later", skipMetricValidation=True)))


def test_what_it_watches_and_whom_it_tells_must_be_there(azure: Clients, account: Resource) -> None:
    with refused(400, "ResourceNotFound"):
        put(azure, alert(f"{account.id}-2"))
    with refused(400, "ResourceNotFound"):
        put(azure, alert(account.id, actions=[{"actionGroupId": f"{account.id}-2"}]))


def test_blobs_are_watched_at_their_service(simulator: Simulator, azure: Clients, group: str) -> None:
    body: Any = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    azure.storage.storage_accounts.begin_create(group, "stwatched", body).result()
    storage = f"{group_id(simulator)}/providers/Microsoft.Storage/storageAccounts/stwatched"
    available: Any = {
        "metricName": "Availability",
        "operator": "LessThan",
        "threshold": 99.9,
        "timeAggregation": "Average",
    }
    for scope, type_ in ((storage, ""), (f"{storage}/blobServices/default", "/blobServices")):
        namespace = f"Microsoft.Storage/storageAccounts{type_}"
        put(azure, alert(scope, criterion(**available, metricNamespace=namespace, dimensions=[])))


def test_several_resources_need_their_type_and_region(azure: Clients, account: Resource, group: str) -> None:
    scopes = {"scopes": [account.id, group_of(account)]}
    with refused(400, "BadRequest", containing="are for a single resource"):
        put(azure, alert(account.id, **scopes))
    many = scopes | {"criteria": {"odata.type": MULTIPLE, "allOf": [criterion()]}}
    with refused(400, "BadRequest", containing="targetResourceType and targetResourceRegion"):
        put(azure, alert(account.id, **many))
    where = {"targetResourceType": "Microsoft.CognitiveServices/accounts", "targetResourceRegion": LOCATION}
    put(azure, alert(account.id, **many, **where))


def group_of(account: Resource) -> str:
    return account.id.split("/providers/", 1)[0]


def test_an_action_group_is_made_and_listed(azure: Clients, group: str) -> None:
    make_action_group(azure)
    found = azure.monitor.action_groups.get(group, "on-call")
    assert (found.group_short_name, found.enabled) == ("tuned", True)
    assert found.email_receivers is not None
    assert [(each.name, each.status) for each in found.email_receivers] == [("team", "Enabled")]
    assert [each.name for each in azure.monitor.action_groups.list_by_subscription_id()] == ["on-call"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"groupShortName": "tuned-models-prod"}, "1 to 12 characters"),
        ({"groupShortName": ""}, "1 to 12 characters"),
        ({"emailReceivers": [{"name": "team", "emailAddress": "team"}]}, "email address 'team'"),
        ({"emailReceivers": [{"name": "a", "emailAddress": "a@b.cd"}] * 2}, "name of its own"),
    ],
)
def test_what_an_action_group_cannot_be(azure: Clients, group: str, change: Any, said: str) -> None:
    properties: Any = {"groupShortName": "tuned", "enabled": True} | change
    body: Any = {"location": "global", "properties": properties}
    with refused(400, "BadRequest", containing=said):
        azure.monitor.action_groups.create_or_update(group, "on-call", body)
