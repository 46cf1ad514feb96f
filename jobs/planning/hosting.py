"""The deployments that the stack makes of a model's next candidate, and what they cost for standing there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contract import catalog
from contract.catalog.prices import Prices
from contract.hosting import HostingCost, hosting_cost, hosting_sum
from contract.outputs import ModelOutput, StackOutputs
from contract.release import Sku
from jobs.planning.money import rounded
from jobs.planning.plan import DeploymentRole, PlannedDeployment, Stage, Statement, When


def stages(output: ModelOutput, prices: Prices) -> tuple[Stage, ...]:
    """Once the candidate stands beside what stands today, and once it is live."""
    return (
        _stage("candidate", _with_candidate(output), output, prices),
        _stage("live", _once_live(output), output, prices),
    )


def of_open_weights(parent: str, output: ModelOutput, overrides: Mapping[str, float]) -> list[Statement]:
    """Whether hosting is reckoned at a price that is another model's.

    Azure's price list of 2026-08-11 has meters of their own for open weights (gpt-oss-20b and Llama 0.30, Ministral
    0.65, "1/Hour"); of what unit of a deployment, no page says.
    """
    facts = catalog.find(parent)
    keys = sorted({f"hosting/{sku.name}" for sku in (output.skus.live, output.skus.candidate)} - overrides.keys())
    if facts is None or not facts.open_weight or not keys:
        return []
    said = f"{facts.id} has open weights, and hosting is reckoned at the price of OpenAI's models: it may be another"
    mend = f"Set {' and '.join(f'tuned-models:prices.{key}' for key in keys)} in the stack file to what you pay."
    return [Statement(severity="warning", topic="hosting", words=said, mend=(mend,))]


def others_cost(model: str, outputs: StackOutputs, prices: Prices) -> list[HostingCost]:
    """What the stack's other tuned models cost as they stand."""
    return [
        hosting_cost(sku, prices)
        for name, output in outputs.models.items()
        if name != model
        for sku in (*(sku for _, sku in _standing(output)), *([output.candidate.sku] if output.candidate else []))
        for _ in output.served_in
    ]


def _with_candidate(output: ModelOutput) -> list[tuple[DeploymentRole, Sku]]:
    return [*_standing(output), ("candidate", output.skus.candidate)]


def _standing(output: ModelOutput) -> list[tuple[DeploymentRole, Sku]]:
    """What is there besides a candidate, which the next one displaces."""
    found: list[tuple[DeploymentRole, Sku]] = []
    if output.live is not None:
        found.append(("live", output.live.sku))
        if output.live.spillover and output.skus.spillover is not None:
            found.append(("spillover", output.skus.spillover))
    return found + [("previous", served.sku) for served in output.previous]


def _once_live(output: ModelOutput) -> list[tuple[DeploymentRole, Sku]]:
    found: list[tuple[DeploymentRole, Sku]] = [("live", output.skus.live)]
    if output.skus.spillover is not None:
        found.append(("spillover", output.skus.spillover))
    former = [output.live.sku] if output.live is not None else []
    kept = [*former, *(served.sku for served in output.previous)][: output.keep_previous]
    return found + [("previous", sku) for sku in kept]


def _stage(when: When, wanted: Sequence[tuple[DeploymentRole, Sku]], output: ModelOutput, prices: Prices) -> Stage:
    costs = [(role, account, hosting_cost(sku, prices)) for role, sku in wanted for account in output.served_in]
    whole = hosting_sum(cost for _, _, cost in costs)
    return Stage(
        when=when,
        deployments=tuple(_deployment(role, account, cost) for role, account, cost in costs),
        known_per_30_days=rounded(whole.known_per_30_days),
        missing=whole.unknown,
    )


def _deployment(role: DeploymentRole, account: str, cost: HostingCost) -> PlannedDeployment:
    return PlannedDeployment(
        role=role,
        account=account,
        sku=cost.sku.name,
        capacity=cost.sku.capacity,
        per_hour=_rounded(cost.per_hour),
        per_30_days=_rounded(cost.per_30_days),
        source=cost.price.source,
        missing=(cost.price.key,) if cost.per_hour is None else (),
    )


def _rounded(usd: Decimal | None) -> Decimal | None:
    return None if usd is None else rounded(usd)
