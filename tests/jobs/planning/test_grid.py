"""What the runs of a sweep cost together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jobs.planning.grid import cost_words, most, refusals
from jobs.planning.plan import Budget, Figure, Plan, Statement, Training


def plan(usd: str | None, *, bound: str | None = None, **changes: Any) -> Plan:
    """Of which only the training's cost is looked at."""
    cost = Figure(usd=Decimal(usd) if usd else None, computed="c", source="s")
    limit = Figure(usd=Decimal(bound), computed="c", source="s") if bound else None
    training = Training(epochs=None, batch_size="auto", tokens=None, cost=cost, bound=limit)
    fields: dict[str, Any] = {"training": training, "budgets": (), "statements": ()} | changes
    return Plan.model_construct(**fields)


def refused(words: str, mend: str = "Mend it.") -> Statement:
    return Statement(severity="refused", topic="region", words=words, mend=(mend,))


@pytest.mark.parametrize(
    ("plans", "usd", "words"),
    [
        ([plan("2.5"), plan("5")], "7.5", "up to $7.50"),
        ([plan("2.5"), plan(None), plan(None)], None, "up to $2.50, and for 2 more an amount that is not known"),
        ([plan(None)], None, "an amount that is not known"),
        ([plan(None, bound="5000"), plan(None, bound="5000")], "10000", "up to $10,000.00"),
    ],
)
def test_what_is_not_known_is_no_sum(plans: list[Plan], usd: str | None, words: str) -> None:
    """A reinforcement run costs at most what the service lets it spend."""
    assert most(plans) == (Decimal(usd) if usd else None)
    assert cost_words(plans) == words


def test_what_is_in_the_way_of_every_run_is_said_once() -> None:
    common = refused("no such region")
    plans = [plan("1", statements=(common,)), plan("1", statements=(common, refused("too many tokens")))]

    assert [each.words for each in refusals(plans)] == ["no such region", "too many tokens"]


def test_budgets_of_a_run_are_held_against_the_sum_those_of_hosting_are_not() -> None:
    budgets = (
        Budget(key="models.clippy.budget.run", allowed=Decimal(5), planned=Decimal(3)),
        Budget(key="environment.runBudget", allowed=Decimal(6), planned=Decimal(3)),
        Budget(key="environment.hostingBudget", allowed=Decimal(1), planned=Decimal(1)),
    )
    plans = [plan("3", budgets=budgets), plan("3", budgets=budgets)]

    assert [each.words for each in refusals(plans)] == [
        "the sweep's 2 runs come to $6.00 together, and models.clippy.budget.run allows $5.00"
    ]
    assert refusals(plans[:1]) == []
