"""Budgets, held against azure-mgmt-consumption. The simulator's November 2026 is the current month."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.server import Simulator
from tests.simulator.arm.clients import Clients, refused
from tests.simulator.arm.watched import group_id

NOTE = {"enabled": True, "operator": "GreaterThanOrEqualTo", "threshold": 80, "contactEmails": ["team@example.com"]}


def budget(**changes: Any) -> Any:
    return {
        "properties": {
            "category": "Cost",
            "amount": 500,
            "timeGrain": "Monthly",
            "timePeriod": {"startDate": "2026-11-01T00:00:00Z"},
            "notifications": {"at80": NOTE},
        }
        | changes
    }


def test_one_for_the_group_and_one_for_the_subscription(simulator: Simulator, azure: Clients, group: str) -> None:
    for scope in (group_id(simulator), f"/subscriptions/{simulator.cloud.subscription_id}"):
        made = azure.consumption.budgets.create_or_update(scope, "tuned", budget())
        assert made.id == f"{scope}/providers/Microsoft.Consumption/budgets/tuned"
        assert made.current_spend is not None
        assert made.current_spend.amount == 0
        assert azure.consumption.budgets.get(scope, "tuned").amount == 500
    azure.consumption.budgets.delete(group_id(simulator), "tuned")
    assert [each.name for each in azure.consumption.budgets.list(group_id(simulator))] == []


def test_it_ends_after_ten_years_unless_told(simulator: Simulator, azure: Clients, group: str) -> None:
    made = azure.consumption.budgets.create_or_update(group_id(simulator), "tuned", budget())
    assert made.time_period is not None
    assert made.time_period.end_date is not None
    assert made.time_period.end_date.isoformat() == "2036-11-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"timePeriod": {"startDate": "2026-11-02T00:00:00Z"}}, "first of the month"),
        ({"timePeriod": {"startDate": "2026-10-01T00:00:00Z"}}, "current time grain period"),
        ({"timePeriod": {"startDate": "2027-12-01T00:00:00Z"}}, "twelve months ahead"),
        ({"timePeriod": {"startDate": "2026-12-01", "endDate": "2026-12-01"}}, "less than the end date"),
        ({"timePeriod": {"startDate": "soon"}}, "start date 'soon'"),
        ({"timeGrain": "Weekly"}, "time grain 'Weekly'"),
        ({"category": "Usage"}, "category 'Usage'"),
        ({"amount": 0}, "amount '0'"),
        ({"notifications": {"n": NOTE | {"threshold": 1001}}}, "threshold '1001'"),
        ({"notifications": {"n": NOTE | {"threshold": 0}}}, "threshold '0'"),
        ({"notifications": {"n": NOTE | {"contactEmails": []}}}, "needs a contact email"),
        ({"notifications": {"n": NOTE | {"operator": "LessThan"}}}, "operator must be"),
        ({"notifications": {f"n{number}": NOTE for number in range(6)}}, "up to 5 notifications"),
    ],
)
def test_what_a_budget_cannot_be(simulator: Simulator, azure: Clients, group: str, change: Any, said: str) -> None:
    with refused(400, "400", containing=said):
        azure.consumption.budgets.create_or_update(group_id(simulator), "tuned", budget(**change))


def test_a_quarter_may_have_begun(simulator: Simulator, azure: Clients, group: str) -> None:
    """A past start is allowed within the time grain: October, of the last quarter."""
    change = {"timeGrain": "Quarterly", "timePeriod": {"startDate": "2026-10-01T00:00:00Z"}}
    azure.consumption.budgets.create_or_update(group_id(simulator), "tuned", budget(**change))


def test_the_start_is_fixed_once_and_for_all(simulator: Simulator, azure: Clients, group: str) -> None:
    """Words of Azure/CanadaPubSecALZ#317. The month after, the same start is no fault."""
    azure.consumption.budgets.create_or_update(group_id(simulator), "tuned", budget())
    simulator.clock.advance(30 * 24 * 3600)
    assert azure.consumption.budgets.create_or_update(group_id(simulator), "tuned", budget(amount=900)).amount == 900
    later = {"timePeriod": {"startDate": "2026-12-01T00:00:00Z"}}
    with refused(400, "400", "Start date of budgets cannot be updated. Please delete and create a new budget."):
        azure.consumption.budgets.create_or_update(group_id(simulator), "tuned", budget(**later))


def test_an_old_etag_is_refused(simulator: Simulator, azure: Clients, group: str) -> None:
    first = azure.consumption.budgets.create_or_update(group_id(simulator), "tuned", budget())
    second = azure.consumption.budgets.create_or_update(
        group_id(simulator), "tuned", budget(amount=900) | {"eTag": first.e_tag}
    )
    assert second.e_tag != first.e_tag
    with refused(412, "412"):
        azure.consumption.budgets.create_or_update(group_id(simulator), "tuned", budget() | {"eTag": first.e_tag})


def test_no_budget_on_a_resource(simulator: Simulator, azure: Clients, account: Any) -> None:
    with refused(400, "400", containing="subscriptions and resource groups"):
        azure.consumption.budgets.create_or_update(account.id, "tuned", budget())
