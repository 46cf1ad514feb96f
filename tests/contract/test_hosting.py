"""Hosting: figures worked out by hand from fine-tuning-cost-management.md, 2026-02-11."""

from __future__ import annotations

from decimal import Decimal

from contract.catalog.prices import Prices
from contract.hosting import hosting_cost, hosting_sum
from contract.release import Sku

STANDARD = Sku(name="Standard", capacity=50)
PROVISIONED = Sku(name="ProvisionedManaged", capacity=50)


def test_a_tuned_standard_deployment_costs_the_hourly_fee_whatever_its_capacity() -> None:
    """The page's own figure of a month: 1.70 × 30 × 24 = 1224."""
    small, large = hosting_cost(STANDARD, Prices()), hosting_cost(Sku(name="Standard", capacity=500), Prices())

    assert (small.per_hour, small.per_30_days) == (Decimal("1.70"), Decimal("1224.00"))
    assert large.per_hour == small.per_hour


def test_the_developer_tier_has_no_hosting_fee() -> None:
    assert hosting_cost(Sku(name="DeveloperTier", capacity=10), Prices()).per_30_days == 0


def test_a_provisioned_deployment_is_paid_by_ptu() -> None:
    """50 PTU at $2 an hour: 100 an hour, 72,000 in 30 days."""
    cost = hosting_cost(PROVISIONED, Prices({"hosting/ProvisionedManaged": 2}))

    assert (cost.per_hour, cost.per_30_days) == (Decimal(100), Decimal(72_000))


def test_where_the_price_is_not_known_the_cost_is_not_known() -> None:
    cost = hosting_cost(PROVISIONED, Prices())

    assert (cost.per_hour, cost.per_30_days) == (None, None)
    assert "set prices.hosting/ProvisionedManaged" in cost.price.source


def test_a_base_model_on_a_standard_sku_costs_its_calls_alone() -> None:
    assert hosting_cost(STANDARD, Prices(), tuned=False).per_hour == 0


def test_a_base_model_on_a_provisioned_sku_costs_its_ptu() -> None:
    assert hosting_cost(PROVISIONED, Prices({"hosting/ProvisionedManaged": 2}), tuned=False).per_hour == 100


def test_a_sum_says_what_is_known_of_it_and_which_prices_are_missing() -> None:
    """Two standard ones: 3.40 an hour, 2448 in 30 days."""
    known = [hosting_cost(STANDARD, Prices()), hosting_cost(STANDARD, Prices())]

    assert hosting_sum(known).per_30_days == 2448
    partly = hosting_sum([*known, hosting_cost(PROVISIONED, Prices())])
    assert (partly.per_30_days, partly.known_per_30_days) == (None, Decimal(2448))
    assert partly.unknown == ("hosting/ProvisionedManaged",)
    assert hosting_sum([]).per_30_days == 0
