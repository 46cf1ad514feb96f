"""The budget, and locks on what must not be deleted by hand."""

from __future__ import annotations

from typing import Any

from tests.infra.recording import SUBSCRIPTION, declare
from tests.infra.specimens import stack

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tuned-models-dev"
PRODUCTION = {"production": True}
BUDGET = {"amount": 5000, "since": "2026-11", "emails": ["ml@contoso.com"], "thresholds": [50, 100]}
OWN_LOGS = {"workspace": {"name": "logs"}}


class TestTheBudget:
    def test_it_is_the_resource_groups_month_from_its_first_day(self) -> None:
        (budget,) = declare(stack(budget=BUDGET)).of_type("Budget")

        assert budget.inputs["scope"] == GROUP
        assert (budget.inputs["amount"], budget.inputs["timeGrain"]) == (5000, "Monthly")
        assert budget.inputs["timePeriod"] == {"startDate": "2026-11-01T00:00:00Z"}

    def test_everybody_gets_a_mail_at_each_threshold(self) -> None:
        (budget,) = declare(stack(budget=BUDGET)).of_type("Budget")

        assert {
            (each["threshold"], each["thresholdType"], each["operator"], tuple(each["contactEmails"]))
            for each in budget.inputs["notifications"].values()
        } == {
            (50, "Actual", "GreaterThanOrEqualTo", ("ml@contoso.com",)),
            (100, "Actual", "GreaterThanOrEqualTo", ("ml@contoso.com",)),
        }

    def test_another_first_month_is_another_budget_and_the_former_goes_first(self) -> None:
        """Azure: "Start date of budgets cannot be updated" (Azure/CanadaPubSecALZ#317)."""
        (budget,) = declare(stack(budget=BUDGET)).of_type("Budget")

        assert list(budget.request.replaceOnChanges) == ["timePeriod.startDate"]
        assert budget.request.deleteBeforeReplace is True


class TestLocks:
    def _locked(self, **config: Any) -> set[str]:
        return {asked.inputs["scope"] for asked in declare(stack(**config)).of_type("ManagementLockByScope")}

    def test_production_locks_what_keeps_data_and_logs_and_no_account(self) -> None:
        """The program deletes deployments in an account, and a lock holds for all that is below its scope."""
        assert self._locked(environment=PRODUCTION, monitoring=OWN_LOGS) == {
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts/contosodata",
            f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs",
        }

    def test_a_vault_made_here_is_locked(self) -> None:
        encryption = {"swedencentral": {"vault": "contoso-keys"}}

        assert f"{GROUP}/providers/Microsoft.KeyVault/vaults/contoso-keys" in self._locked(
            environment=PRODUCTION, encryption=encryption
        )

    def test_a_workspace_of_another_team_is_not(self) -> None:
        central = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/central"

        assert not any(
            "workspaces" in scope
            for scope in self._locked(environment=PRODUCTION, monitoring={"workspace": {"existing": central}})
        )

    def test_elsewhere_locks_are_asked_for_and_never_where_protection_is_off(self) -> None:
        assert self._locked() == set()
        assert self._locked(environment=PRODUCTION | {"locks": False}) == set()
        assert self._locked(environment=PRODUCTION | {"protection": "off"}) == set()
        assert len(self._locked(environment={"locks": True})) == 1

    def test_what_is_in_a_locked_scope_is_made_before_the_lock(self) -> None:
        """And deleted after it: a lock holds for containers and role assignments too."""
        declared = declare(stack(environment=PRODUCTION, monitoring=OWN_LOGS))
        storage = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/contosodata"
        inside = {
            asked.urn
            for asked in declared.resources
            if asked.short_type in ("BlobContainer", "BlobServiceProperties", "StorageAccount")
            or (asked.short_type == "RoleAssignment" and asked.inputs["scope"] == storage)
            or str(asked.inputs.get("resourceUri", "")).startswith(storage)
        }

        assert len(inside) == 6
        for lock in declared.of_type("ManagementLockByScope"):
            assert inside <= lock.dependencies
