"""Microsoft.Consumption/budgets on a subscription or a resource group. Nothing is billed, so no budget is ever spent.

Rules: Azure's types of 2024-08-01 and Microsoft Learn, rest/api/consumption/budgets/create-or-update. That an update
without an eTag is accepted although that page calls it mandatory: templates are deployed again without one
(Azure/CanadaPubSecALZ#317 was refused for its start date only).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from simulator.arm import monitor_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Body, Descriptor, Write
from simulator.arm.models import Resource
from simulator.arm.scopes import require_scope
from simulator.cloud import Cloud

BUDGETS = "Microsoft.Consumption/budgets"
MOST_NOTIFICATIONS = 5
HIGHEST_THRESHOLD = 1000
_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}")
_EARLIEST = datetime(2017, 6, 1, tzinfo=UTC)
_MONTHS = {
    "Monthly": 1, "Quarterly": 3, "Annually": 12, "BillingMonth": 1, "BillingQuarter": 3, "BillingAnnual": 12,
}  # fmt: skip
"""Months that each time grain covers."""
_OPERATORS = ("EqualTo", "GreaterThan", "GreaterThanOrEqualTo")
_MOST_CONTACTS = 50


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise refuse.budget_invalid(f"Budget name '{name}' must have 1 to 63 letters, digits, dashes and underscores.")


def _check(write: Write) -> None:
    require_scope(write)
    if "/providers/" in write.id.scope.lower():
        raise refuse.budget_invalid("Budgets are for subscriptions and resource groups.")
    if write.existing is not None and write.body.get("eTag") not in (None, "", write.existing.etag):
        raise refuse.budget_changed()
    sent = write.properties
    if sent.get("category") != "Cost":
        raise refuse.budget_invalid(f"Budget category '{sent.get('category')}' is not 'Cost'.")
    amount = sent.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, (int, float)) or amount <= 0:
        raise refuse.budget_invalid(f"Budget amount '{amount}' must be greater than 0.")
    if sent.get("timeGrain") not in _MONTHS:
        raise refuse.budget_invalid(f"Budget time grain '{sent.get('timeGrain')}' is not one of {', '.join(_MONTHS)}.")
    _check_period(write)
    notifications = sent.get("notifications") or {}
    if len(notifications) > MOST_NOTIFICATIONS:
        raise refuse.budget_invalid(f"A budget can have up to {MOST_NOTIFICATIONS} notifications.")
    for name, notification in notifications.items():
        _check_notification(name, notification)


def _check_period(write: Write) -> None:
    period = write.properties.get("timePeriod") or {}
    starts, ends = _day(period.get("startDate"), "start"), _day(period.get("endDate") or _ending(period), "end")
    if write.existing is not None:
        if starts != _day(write.existing.properties["timePeriod"]["startDate"], "start"):
            raise refuse.budget_start_fixed()
    else:
        now = write.cloud.clock.now()
        months = _MONTHS[str(write.properties["timeGrain"])]
        this_month = _month(now)
        first = this_month - (this_month % months)
        if starts.day != 1 or starts < _EARLIEST:
            raise refuse.budget_invalid("Budget start date must be first of the month, on or after June 1, 2017.")
        if not first <= _month(starts) <= this_month + 12:
            raise refuse.budget_invalid(
                "Budget start date must be in the current time grain period or at most twelve months ahead."
            )
    if ends <= starts:
        raise refuse.budget_invalid("Budget start date must be less than the end date.")


def _month(moment: datetime) -> int:
    """Months since the year 0, January of which is 0."""
    return moment.year * 12 + moment.month - 1


def _day(text: Any, which: str) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        raise refuse.budget_invalid(f"Budget {which} date '{text}' is not valid.") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _ending(period: Mapping[str, Any]) -> str:
    """Ten years from the start, where no end is given."""
    starts = _day(period.get("startDate"), "start")
    return starts.replace(year=starts.year + 10).isoformat()


def _check_notification(name: str, sent: Mapping[str, Any]) -> None:
    threshold = sent.get("threshold")
    if isinstance(threshold, bool) or not isinstance(threshold, (int, float)) or not 0 < threshold <= HIGHEST_THRESHOLD:
        raise refuse.budget_invalid(
            f"Notification '{name}': threshold '{threshold}' must be greater than 0 and at most {HIGHEST_THRESHOLD}."
        )
    if sent.get("operator") not in _OPERATORS:
        raise refuse.budget_invalid(f"Notification '{name}': operator must be one of {', '.join(_OPERATORS)}.")
    if sent.get("thresholdType", "Actual") not in ("Actual", "Forecasted"):
        raise refuse.budget_invalid(f"Notification '{name}': threshold type must be Actual or Forecasted.")
    contacts = [len(sent.get(kind) or []) for kind in ("contactEmails", "contactGroups", "contactRoles")]
    if not any(contacts) or max(contacts) > _MOST_CONTACTS:
        raise refuse.budget_invalid(
            f"Notification '{name}' needs a contact email, role or group, and at most {_MOST_CONTACTS} of each."
        )


def _complete(write: Write) -> Body:
    properties = copy.deepcopy(write.properties)
    period = properties["timePeriod"]
    ends = period.get("endDate") or _ending(period)
    properties["timePeriod"] = {"startDate": _shown(period["startDate"]), "endDate": _shown(ends)}
    for notification in (properties.get("notifications") or {}).values():
        notification.setdefault("thresholdType", "Actual")
    return {"properties": properties}


def _shown(date: str) -> str:
    return f"{_day(date, 'start'):%Y-%m-%dT%H:%M:%SZ}"


def _view(_: Cloud, budget: Resource) -> Body:
    spent = {"currentSpend": {"amount": 0, "unit": "USD"}}
    return {"properties": budget.body["properties"] | spent, "eTag": budget.etag}


COST_BUDGETS = Descriptor(
    type=BUDGETS,
    api_versions=versions.BUDGETS,
    members=frozenset({"properties", "eTag"}),
    read_only=("properties.currentSpend", "properties.forecastSpend"),
    check_name=_check_name,
    check=_check,
    complete=_complete,
    view=_view,
    shows=frozenset(),
)
