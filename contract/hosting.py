"""What deployments cost for standing there, whether they are called or not.

A tuned model on a standard SKU has a fee per hour, whatever its capacity; on DeveloperTier none. A provisioned
deployment is paid by PTU and hour, a base model's too; on the other SKUs a base model costs its calls alone
(fine-tuning-cost-management.md, 2026-02). Which price stands behind a figure is in ``HostingCost.price``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from contract.catalog.prices import Price, Prices, total
from contract.release import Sku

HOURS = 24 * 30
"""Of 30 days."""
_NOTHING = Price("hosting", Decimal(0), "per hour", "a base model is billed by its calls alone")


@dataclass(frozen=True)
class HostingCost:
    """One deployment's. ``per_hour`` is None where its price is not known; ``price.source`` then says what to set."""

    sku: Sku
    price: Price
    per_hour: Decimal | None

    @property
    def per_30_days(self) -> Decimal | None:
        return None if self.per_hour is None else self.per_hour * HOURS


def hosting_cost(sku: Sku, prices: Prices, *, tuned: bool = True) -> HostingCost:
    """What a deployment on ``sku`` costs; ``tuned``: of a tuned model."""
    if not tuned and not sku.provisioned:
        return HostingCost(sku, _NOTHING, Decimal(0))
    price = prices.hosting(sku.name)
    units = sku.capacity if sku.provisioned else 1
    return HostingCost(sku, price, None if price.usd is None else price.usd * units)


@dataclass(frozen=True)
class HostingSum:
    """Of several deployments: what is known of it, and the prices that are not."""

    known_per_hour: Decimal
    unknown: tuple[str, ...]
    """Keys under ``prices`` that would make it whole."""

    @property
    def known_per_30_days(self) -> Decimal:
        return self.known_per_hour * HOURS

    @property
    def per_30_days(self) -> Decimal | None:
        """None where a part is not known."""
        return None if self.unknown else self.known_per_30_days


def hosting_sum(costs: Iterable[HostingCost]) -> HostingSum:
    """All of ``costs`` together."""
    all_costs = list(costs)
    known = total(cost.per_hour for cost in all_costs if cost.per_hour is not None) or Decimal(0)
    return HostingSum(known, tuple(sorted({cost.price.key for cost in all_costs if cost.per_hour is None})))
