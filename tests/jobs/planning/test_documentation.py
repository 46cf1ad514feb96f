"""docs/plan.md says what the table of prices has."""

from __future__ import annotations

import re
from pathlib import Path

from contract.catalog.prices import plain, table
from jobs.data.rules import MAX_JOB_TOKENS
from jobs.planning.training import SPENDING_LIMIT

PAGE = (Path(__file__).parents[3] / "docs" / "plan.md").read_text(encoding="utf-8")


def test_every_price_that_is_known_is_on_the_page_and_the_day_it_was_read() -> None:
    prices = PAGE.split("## Prices", 1)[1].split("## Budgets", 1)[0]
    numbers = set(re.findall(r"\d+(?:\.\d+)?", prices))

    assert f"of {table().as_of}" in prices
    for key, listed in table().prices.items():
        for usd in (listed.usd, *listed.regions.values()):
            if usd:
                assert {plain(usd), f"{usd.normalize():f}"} & numbers, key


def test_the_limits_are_on_the_page() -> None:
    assert f"{MAX_JOB_TOKENS // 10**9} billion" in PAGE
    assert f"${SPENDING_LIMIT:,}" in PAGE
