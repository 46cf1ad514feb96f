"""Prices: the table against the pages it was read from, and an environment's own in their place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from contract.catalog.prices import MILLION, Prices, key_fault, plain, table

RETAIL = "Azure Retail Prices API"
HERE = "northcentralus"


class TestTable:
    def test_every_price_names_a_source_that_the_table_has_and_a_key_that_would_be_taken(self) -> None:
        for key, listed in table().prices.items():
            assert listed.source in table().sources, key
            assert key_fault(key) is None

    def test_every_price_that_is_not_known_says_why(self) -> None:
        assert all(listed.note for listed in table().prices.values() if listed.usd is None)

    def test_it_says_of_which_day_its_prices_are(self) -> None:
        assert table().as_of == date(2026, 8, 11)
        assert "2026-08-11" in table().sources["retail"]

    @pytest.mark.parametrize(
        ("key", "usd"),
        [
            ("hosting/Standard", "1.70"),
            ("hosting/GlobalStandard", "1.70"),
            ("trainingHour/o4-mini-2025-04-16/GlobalStandard", "100"),
            ("input/o4-mini-2025-04-16", "1.10"),
            ("output/o4-mini-2025-04-16", "4.40"),
        ],
    )
    def test_what_the_cost_pages_examples_say_the_price_list_says_too(self, key: str, usd: str) -> None:
        """MicrosoftDocs azure-ai-docs, fine-tuning-cost-management.md, 2026-02-11. Its $2 for gpt-4.1 is another."""
        assert table().prices[key].usd == Decimal(usd)
        assert RETAIL in table().sources[table().prices[key].source]

    @pytest.mark.parametrize(
        ("key", "per_thousand"),
        [
            ("training/gpt-4.1-2025-04-14/GlobalStandard", "0.025"),
            ("training/gpt-4.1-mini-2025-04-14/Standard", "0.0055"),
            ("training/gpt-4.1-nano-2025-04-14/Developer", "0.00075"),
            ("training/gpt-4o-mini-2024-07-18/GlobalStandard", "0.003"),
            ("training/gpt-oss-20b/GlobalStandard", "0.0036"),
            ("input/gpt-4.1-mini-2025-04-14", "0.0004"),
        ],
    )
    def test_a_million_tokens_cost_a_thousand_times_the_meter(self, key: str, per_thousand: str) -> None:
        """Meters as Azure's Retail Prices API listed them on 2026-08-11."""
        assert table().prices[key].usd == Decimal(per_thousand) * 1000

    def test_regional_training_costs_10_percent_more_than_global_and_21_in_sweden(self) -> None:
        for base in ("gpt-4.1-2025-04-14", "gpt-4.1-mini-2025-04-14", "gpt-4.1-nano-2025-04-14"):
            prices, everywhere = Prices(), Prices().training(base, "GlobalStandard", HERE).usd
            assert everywhere is not None
            assert prices.training(base, "Standard", HERE).usd == everywhere * Decimal("1.1")
            assert prices.training(base, "Standard", "swedencentral").usd == everywhere * Decimal("1.21")

    def test_a_price_of_a_region_says_so(self) -> None:
        price = Prices().training("gpt-4.1-mini-2025-04-14", "Standard", "swedencentral")

        assert str(price).startswith("$6.05 per 1M tokens in swedencentral")

    def test_developer_training_costs_half_of_global_training(self) -> None:
        """The same page: "developer (50% discount from global)"."""
        prices = Prices()
        developer = prices.training("gpt-4.1-2025-04-14", "Developer", HERE).usd
        everywhere = prices.training("gpt-4.1-2025-04-14", "GlobalStandard", HERE).usd

        assert developer is not None
        assert everywhere is not None
        assert developer * 2 == everywhere

    def test_what_a_reservation_costs_it_does_not_know(self) -> None:
        price = Prices().hosting("ProvisionedManaged")

        assert price.usd is None
        assert price.source == "not known (by your agreement or reservation): set prices.hosting/ProvisionedManaged"


class TestPrices:
    def test_what_the_table_lacks_is_not_known_and_says_which_key_to_set(self) -> None:
        price = Prices().training("gpt-6-2026-12-01", "GlobalStandard", HERE)

        assert str(price) == "not known: set prices.training/gpt-6-2026-12-01/GlobalStandard"

    def test_an_environments_price_stands_in_place_of_the_tables(self) -> None:
        price = Prices({"hosting/Standard": 1.25}).hosting("Standard")

        assert (price.usd, price.source) == (Decimal("1.25"), "prices of this environment")

    def test_a_number_of_yaml_becomes_the_decimal_that_was_written(self) -> None:
        """0.1 is no sum of powers of two: the float's own digits would be 0.1000000000000000055…"""
        assert Prices({"input/gpt-4.1-nano-2025-04-14": 0.1}).input("gpt-4.1-nano-2025-04-14").usd == Decimal("0.1")

    def test_a_tuned_model_is_priced_as_its_base(self) -> None:
        tuned = "gpt-4.1-2025-04-14.ft-8aad139b19084ebf968c1e58f2dc3326-clippy-0123abcd"

        assert Prices().input(tuned) == Prices().input("gpt-4.1-2025-04-14")

    def test_a_provisioned_sku_is_paid_by_ptu(self) -> None:
        assert str(Prices({"hosting/ProvisionedManaged": 2}).hosting("ProvisionedManaged")).startswith(
            "$2.00 per PTU and hour"
        )

    def test_an_open_weight_model_is_priced_by_its_name_or_by_its_id(self) -> None:
        """No page names its version: tune.yaml does."""
        assert (
            Prices({"training/gpt-oss-20b/GlobalStandard": 3}).training("gpt-oss-20b-11", "GlobalStandard", HERE).usd
            == 3
        )
        own = {"training/gpt-oss-20b/GlobalStandard": 3, "training/gpt-oss-20b-11/GlobalStandard": 4}
        assert Prices(own).training("gpt-oss-20b-11", "GlobalStandard", HERE).usd == 4
        assert Prices().training("gpt-oss-20b-11", "GlobalStandard", HERE).usd == Decimal("3.6")

    def test_prices_of_tokens_are_per_million(self) -> None:
        """As the pages have them: gpt-4.1's 20 million input tokens at $2 cost $40."""
        price = Prices().input("gpt-4.1-2025-04-14").usd

        assert price is not None
        assert price * 20_000_000 / MILLION == 40


class TestKeys:
    @pytest.mark.parametrize(
        ("key", "said"),
        [
            ("hosting/Standrd", "one of Standard"),
            ("hosting", "has no SKU"),
            ("train/gpt-4.1-2025-04-14/Standard", "is no price"),
            ("training//Standard", "names no base model"),
            ("training/gpt-4.1-2025-04-14", "no training type"),
            ("training/gpt-4.1-2025-04-14/standard", "no training type"),
            ("trainingHour/o4-mini-2025-04-16/Standard/x", "no training type"),
            ("input/gpt-4.1-2025-04-14/Standard", "too many parts"),
            ("input/gpt-4.1", "lacks its version; known: gpt-4.1-2025-04-14"),
        ],
    )
    def test_a_key_that_names_no_price_is_told(self, key: str, said: str) -> None:
        assert said in (key_fault(key) or "")

    def test_a_model_that_is_newer_than_the_catalog_is_let_pass(self) -> None:
        assert key_fault("training/gpt-6-2026-12-01/GlobalStandard") is None


@pytest.mark.parametrize(("usd", "text"), [("1.7", "1.70"), ("0", "0.00"), ("100", "100.00"), ("0.125", "0.125")])
def test_a_price_is_written_with_two_decimals_at_least_and_no_more_than_it_has(usd: str, text: str) -> None:
    assert plain(Decimal(usd)) == text
