"""What an up changes in hosting, and what config allows. Figures: 1.70 US dollars an hour for a tuned model on Standard
or GlobalStandard (fine-tuning-cost-management.md, 2026-02), so 1,224 for 30 days; none on DeveloperTier.
"""

from __future__ import annotations

from typing import Any

import pytest

from contract.stack_config import StackConfig
from infra.hosting import budget_faults, change_words
from infra.plan import deployments
from tests.infra.recording import declare
from tests.infra.specimens import GLOBAL, stack, trained

DEVELOPER = {"name": "DeveloperTier", "capacity": 10}
PROVISIONED = {"name": "ProvisionedManaged", "capacity": 50}


def serving(
    live: dict[str, Any] = GLOBAL, *, candidate: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """A stack with a live model on that SKU, and a candidate where one is given."""
    releases = {"live": trained(1, servedWith=live)} | ({"candidate": trained(2)} if candidate else {})
    skus = {"live": live} | ({"candidate": candidate} if candidate else {})
    model = {"skus": skus} | changes.pop("model", {})
    return stack(models={"clippy": model}, releases={"clippy": releases}, **changes)


def said(now: dict[str, Any], last: dict[str, Any] | None = None) -> str | None:
    left = dict(declare(last).outputs) if last is not None else {}
    return change_words(StackConfig.parse(now), left)


def faults(config: dict[str, Any]) -> list[str]:
    return [str(fault) for fault in budget_faults(StackConfig.parse(config))]


class TestWhatAnUpChanges:
    def test_a_first_model_costs_from_then_on(self) -> None:
        words = said(serving(), stack())

        assert words is not None
        assert words.startswith("hosting per 30 days: $1,224.00, +$1,224.00 (main/clippy-")

    def test_the_first_up_has_nothing_before_it(self) -> None:
        assert "+$1,224.00" in str(said(serving()))

    def test_a_model_that_goes_costs_no_more(self) -> None:
        assert "$0.00, -$1,224.00" in str(said(stack(models={"clippy": {"skus": {"live": GLOBAL}}}), serving()))

    def test_a_candidate_on_the_developer_tier_changes_nothing(self) -> None:
        assert said(serving(candidate=DEVELOPER), serving()) is None

    def test_an_up_that_changes_nothing_says_nothing(self) -> None:
        assert said(serving(), serving()) is None

    def test_base_models_cost_by_their_calls_alone(self) -> None:
        assert said(stack()) is None

    def test_a_price_that_is_not_known_is_named(self) -> None:
        assert "$0.00, +$0.00, besides what is not known (set prices.hosting/ProvisionedManaged)" in str(
            said(serving(PROVISIONED))
        )

    def test_the_environments_own_price_counts_for_each_ptu(self) -> None:
        """50 PTU at 2 an hour are 100 an hour, 72,000 in 30 days."""
        priced = serving(PROVISIONED, prices={"hosting/ProvisionedManaged": 2})

        assert "$72,000.00, +$72,000.00" in str(said(priced))

    def test_another_capacity_without_a_known_price_is_a_change(self) -> None:
        now = serving(PROVISIONED | {"capacity": 100})
        (name,) = (each.name for each in deployments(StackConfig.parse(now), "main") if each.tuned)
        left = {"accounts": {"main": {"deployments": {name: {"sku": PROVISIONED, "tuned": True}}}}}

        assert f"(main/{name} +$0.00)" in str(change_words(StackConfig.parse(now), left))


class TestBudgets:
    @pytest.mark.parametrize(
        ("changes", "key"),
        [
            ({"environment": {"hostingBudget": 1000}}, "environment.hostingBudget"),
            ({"model": {"budget": {"hosting": 1000}}}, "models.clippy.budget.hosting"),
        ],
    )
    def test_more_than_is_allowed_is_refused_with_both_figures(self, changes: dict[str, Any], key: str) -> None:
        (fault,) = faults(serving(**changes))

        assert fault.startswith(f"{key}: ")
        assert "$1,224.00" in fault
        assert "$1,000.00" in fault

    def test_as_much_as_is_allowed_passes(self) -> None:
        assert faults(serving(environment={"hostingBudget": 1224})) == []

    def test_what_nobody_can_tell_is_refused_with_the_price_to_set(self) -> None:
        (fault,) = faults(serving(PROVISIONED, environment={"hostingBudget": 1000}))

        assert "set prices.hosting/ProvisionedManaged" in fault
