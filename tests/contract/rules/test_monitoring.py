"""Logs, alerts, the budget and pointers: what can't be, and what the mend is."""

from __future__ import annotations

from typing import Any

import pytest

from contract.faults import Faults
from contract.stack_config import StackConfig
from tests.contract.specimens import record

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/watching/providers"
WORKSPACE = f"{GROUP}/Microsoft.OperationalInsights/workspaces/central"
ACTION_GROUP = f"{GROUP}/microsoft.insights/actionGroups/oncall"
OWN = {"workspace": {"name": "tuned-models"}}
DEPLOYERS = [{"principalId": "00000000-0000-0000-0000-00000000000a", "principalType": "Group"}]


def _faults(**sections: Any) -> dict[str, str]:
    mapping = {
        "accounts": {"main": {"name": "contoso-openai", "location": "swedencentral"}},
        "storage": {"name": "contosodata"},
    }
    try:
        StackConfig.parse(mapping | sections)
    except Faults as faults:
        return {fault.key.removeprefix("tuned-models:"): fault.message for fault in faults.faults}
    return {}


class TestTheWorkspace:
    @pytest.mark.parametrize("workspace", [{}, {"name": "tuned-models", "existing": WORKSPACE}])
    def test_it_is_made_here_or_exists(self, workspace: dict[str, str]) -> None:
        assert _faults(monitoring={"workspace": workspace}) == {
            "monitoring.workspace": (
                "needs either name (a workspace is made here) or existing (the ID of yours), not both"
            )
        }

    def test_an_existing_one_is_a_workspace(self) -> None:
        assert _faults(monitoring={"workspace": {"existing": ACTION_GROUP}}) == {
            "monitoring.workspace.existing": "is the ID of a microsoft.insights/actionGroups, not of a Log Analytics "
            "workspace (Microsoft.OperationalInsights/workspaces)"
        }

    def test_an_existing_one_keeps_its_own_region_and_retention(self) -> None:
        """Said here, they would be silently without effect."""
        faults = _faults(monitoring={"workspace": {"existing": WORKSPACE, "retentionDays": 90, "location": "westus"}})

        assert set(faults) == {"monitoring.workspace.retentionDays", "monitoring.workspace.location"}


class TestAlerts:
    def test_somebody_is_called_and_in_one_way(self) -> None:
        for alerts in ({}, {"emails": ["oncall@contoso.com"], "actionGroup": ACTION_GROUP}):
            assert _faults(monitoring=OWN | {"alerts": alerts}) == {
                "monitoring.alerts": "needs either emails or actionGroup, not both: who is called"
            }

    def test_an_action_group_is_one_in_either_case(self) -> None:
        """Azure writes its namespace in lower case in some answers."""
        assert _faults(monitoring=OWN | {"alerts": {"actionGroup": ACTION_GROUP}}) == {}
        assert "actionGroups" in _faults(monitoring=OWN | {"alerts": {"actionGroup": WORKSPACE}}).popitem()[1]

    def test_nobody_is_called_twice(self) -> None:
        alerts = {"emails": ["oncall@contoso.com", "OnCall@contoso.com"]}

        assert _faults(monitoring=OWN | {"alerts": alerts}) == {
            "monitoring.alerts.emails": "names oncall@contoso.com twice"
        }


class TestTheBudget:
    def test_a_threshold_is_named_once(self) -> None:
        budget = {"amount": 100, "since": "2026-11", "emails": ["a@contoso.com"], "thresholds": [80, 80, 100]}

        assert _faults(budget=budget) == {"budget.thresholds": "names 80 twice"}

    @pytest.mark.parametrize("month", ["2026-13", "2026-1", "11/2026"])
    def test_a_month_is_one_of_the_calendar(self, month: str) -> None:
        budget = {"amount": 100, "since": month, "emails": ["a@contoso.com"]}

        assert _faults(budget=budget) == {"budget.since": f'{month!r} is not a month such as "2026-11", in quotes'}

    def test_there_were_no_budgets_before_june_2017(self) -> None:
        budget = {"amount": 100, "since": "2017-05", "emails": ["a@contoso.com"]}

        assert set(_faults(budget=budget)) == {"budget.since"}


class TestPointers:
    def test_somebody_may_write_them(self) -> None:
        """Neither Owner nor Contributor may: key-values are data."""
        pointers = {"appConfiguration": "contoso-models"}
        pipeline = {"github": {"repository": "contoso/models", "environment": "dev"}}

        assert set(_faults(pointers=pointers)) == {"pointers"}
        assert set(_faults(pointers=pointers, access={"pipelines": {"train": pipeline}})) == {"pointers"}
        assert _faults(pointers=pointers, access={"deployers": DEPLOYERS}) == {}
        assert _faults(pointers=pointers, access={"pipelines": {"release": pipeline | {"roles": ["deployer"]}}}) == {}

    def test_who_may_write_them_is_not_asked_while_access_is_faulty(self) -> None:
        """The deployer may be the one whose ID is mistyped."""
        access = {"deployers": [{"principalId": "alice", "principalType": "User"}]}

        assert set(_faults(pointers={"appConfiguration": "contoso-models"}, access=access)) == {
            "access.deployers[0].principalId"
        }

    def test_production_does_not_stand_on_the_free_tier(self) -> None:
        pointers = {"appConfiguration": "contoso-models", "sku": "free"}
        access = {"deployers": DEPLOYERS}

        assert _faults(pointers=pointers, access=access) == {}
        assert set(_faults(pointers=pointers, access=access, environment={"production": True})) == {"pointers.sku"}

    def test_a_system_message_that_makes_a_pointer_too_long_is_found_before_the_up(self) -> None:
        """A key-value has 10,000 bytes (Microsoft Learn, App Configuration FAQ)."""
        config = {
            "pointers": {"appConfiguration": "contoso-models"},
            "access": {"deployers": DEPLOYERS},
            "models": {"clippy": {"skus": {"live": {"name": "GlobalStandard", "capacity": 1}}}},
        }
        fits = {"clippy": {"live": record(systemMessage="é" * 4_000)}}
        long = {"clippy": {"live": record(systemMessage="é" * 4_500)}}

        assert _faults(**config, releases=fits) == {}
        assert set(_faults(**config, releases=long)) == {"releases.clippy.live.systemMessage"}
        assert _faults(**{**config, "pointers": {}}, releases=long) == {}
