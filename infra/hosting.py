"""What deployments cost for standing there, per 30 days: what an up changes of it, and what config allows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from contract.catalog.prices import Prices
from contract.faults import Fault
from contract.hosting import HostingCost, hosting_cost, hosting_sum
from contract.outputs import DeploymentOutput, with_integers
from contract.serving import served_models
from contract.stack_config import StackConfig
from infra import plan

Costs = Mapping[str, HostingCost]
"""By account and deployment: ``main/clippy-358c956e``."""


def change_words(config: StackConfig, outputs: Mapping[str, Any]) -> str | None:
    """What is different once the up is done, at today's prices; None where nothing is.

    ``outputs``: those of the last up; without ``accounts`` where there was none.
    """
    before, after = _left_by(config, outputs), _declared(config)
    changes = [name for name in sorted(before.keys() | after.keys()) if _differ(before.get(name), after.get(name))]
    if not changes:
        return None
    now, then = hosting_sum(before.values()), hosting_sum(after.values())
    more = then.known_per_30_days - now.known_per_30_days
    unknown = [f"prices.{key}" for key in sorted({*now.unknown, *then.unknown})]
    besides = f", besides what is not known (set {', '.join(unknown)})" if unknown else ""
    lines = [f"{name} {_sign(_known(after.get(name)) - _known(before.get(name)))}" for name in changes]
    return f"hosting per 30 days: {usd(then.known_per_30_days)}, {_sign(more)}{besides} ({'; '.join(lines)})"


def budget_faults(config: StackConfig) -> Iterator[Fault]:
    """Tuned models whose deployments would cost more than config allows, or nobody knows how much."""
    prices = Prices(config.prices)
    costs: dict[str, list[HostingCost]] = {name: [] for name in sorted(config.models)}
    for entry in served_models(config):
        costs[entry.model] += [hosting_cost(entry.sku, prices)] * len(config.served_in(entry.model))
    for name, of_model in costs.items():
        yield from _over(f"models.{name}.budget.hosting", config.models[name].budget.hosting, of_model)
    everything = [cost for of_model in costs.values() for cost in of_model]
    yield from _over("environment.hostingBudget", config.environment.hosting_budget, everything)


def _over(key: str, budget: float | None, costs: Iterable[HostingCost]) -> Iterator[Fault]:
    if budget is None:
        return
    allowed, all_costs = Decimal(str(budget)), hosting_sum(costs)
    if all_costs.known_per_30_days > allowed:
        yield Fault(
            key,
            f"the deployments would cost {usd(all_costs.known_per_30_days)} per 30 days in hosting, where "
            f"{usd(allowed)} is allowed: lower keepPrevious, withdraw a candidate, choose another SKU, or allow more "
            "here",
        )
    elif all_costs.unknown:
        yield Fault(
            key,
            f"whether {usd(allowed)} per 30 days is enough for hosting cannot be told: set "
            f"{' and '.join(f'prices.{price}' for price in all_costs.unknown)}",
        )


def _declared(config: StackConfig) -> Costs:
    prices = Prices(config.prices)
    return {
        f"{key}/{each.name}": hosting_cost(each.sku, prices, tuned=each.tuned)
        for key in config.accounts
        for each in plan.deployments(config, key)
    }


def _left_by(config: StackConfig, outputs: Mapping[str, Any]) -> Costs:
    prices = Prices(config.prices)
    return {
        f"{key}/{name}": hosting_cost(each.sku, prices, tuned=each.tuned)
        for key, account in outputs.get("accounts", {}).items()
        for name, left in account.get("deployments", {}).items()
        if (each := DeploymentOutput.model_validate(with_integers(left)))
    }


def _differ(old: HostingCost | None, new: HostingCost | None) -> bool:
    if old is not None and new is not None and None in (old.per_hour, new.per_hour):
        # Nobody knows the figures: another SKU or capacity is a change.
        return old.sku != new.sku
    unknown = any(cost is not None and cost.per_hour is None for cost in (old, new))
    return unknown or _known(old) != _known(new)


def _known(cost: HostingCost | None) -> Decimal:
    return (cost.per_30_days or Decimal(0)) if cost is not None else Decimal(0)


def _sign(amount: Decimal) -> str:
    return f"{'-' if amount < 0 else '+'}{usd(abs(amount))}"


def usd(amount: Decimal) -> str:
    """``$1,224.00``."""
    return f"${amount:,.2f}"
