"""What may be spent against what the plan comes to. A cost that nobody knows is no cost below a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from contract.hosting import HostingSum
from contract.outputs import ModelOutput, StackOutputs
from jobs.planning.money import rounded, words
from jobs.planning.plan import Budget, Stage, Statement, Training


def budgets(
    model: str, outputs: StackOutputs, training: Training, hosting: Sequence[Stage], others: HostingSum
) -> tuple[tuple[Budget, ...], list[Statement]]:
    """The budgets that are set, and the refusals. ``others``: the hosting of the stack's other models."""
    held = list(_held(model, outputs, training, hosting, others))
    return tuple(budget for budget, _ in held), [refusal for _, found in held for refusal in found]


def hosting_refusals(
    model: str, outputs: StackOutputs, hosting: Sequence[Stage], others: HostingSum
) -> list[Statement]:
    """Of the budgets for hosting alone: what is not trained costs no more than that."""
    return [refusal for _, found in _hosting_held(model, outputs, hosting, others) for refusal in found]


def _held(
    model: str, outputs: StackOutputs, training: Training, hosting: Sequence[Stage], others: HostingSum
) -> Iterator[tuple[Budget, list[Statement]]]:
    output = outputs.models[model]
    for key, allowed in _run_budgets(model, output, outputs.environment.run_budget):
        bounded = training.bound.usd if training.cost.usd is None and training.bound is not None else None
        planned = training.cost.usd if bounded is None else bounded
        yield _judged(key, allowed, planned, "the training", training.cost.missing, most=bounded is not None)
    yield from _hosting_held(model, outputs, hosting, others)


def _hosting_held(
    model: str, outputs: StackOutputs, hosting: Sequence[Stage], others: HostingSum
) -> Iterator[tuple[Budget, list[Statement]]]:
    output = outputs.models[model]
    dearest = max((stage.known_per_30_days for stage in hosting), default=Decimal(0))
    missing = tuple(sorted({key for stage in hosting for key in stage.missing}))
    if output.budget is not None and output.budget.hosting is not None:
        planned = None if missing else dearest
        key = f"models.{model}.budget.hosting"
        yield _judged(key, _usd(output.budget.hosting), planned, f"hosting {model} for 30 days", missing)
    if outputs.environment.hosting_budget is not None:
        missing = tuple(sorted({*missing, *others.unknown}))
        planned = None if missing else dearest + others.known_per_30_days
        allowed = _usd(outputs.environment.hosting_budget)
        yield _judged("environment.hostingBudget", allowed, planned, "hosting all models for 30 days", missing)


def _run_budgets(model: str, output: ModelOutput, of_environment: float | None) -> Iterator[tuple[str, Decimal]]:
    if output.budget is not None and output.budget.run is not None:
        yield f"models.{model}.budget.run", _usd(output.budget.run)
    if of_environment is not None:
        yield "environment.runBudget", _usd(of_environment)


def _judged(
    key: str, allowed: Decimal, planned: Decimal | None, what: str, missing: Sequence[str], *, most: bool = False
) -> tuple[Budget, list[Statement]]:
    planned = None if planned is None else rounded(planned)
    budget = Budget(key=key, allowed=allowed, planned=planned)
    if planned is None:
        said = f"what {what} costs is not known, and {key} allows {words(allowed)}"
        mend = [f"Set tuned-models:prices.{price} in the stack file, or take the budget out." for price in missing]
        return budget, [_refused(said, *mend or ["Take the budget out to run without knowing."])]
    if planned > allowed:
        comes = "may come to" if most else "comes to"
        # By reinforcement the service's limit of a job is what counts, whatever it trains on.
        how = "Raise" if most else "Train on less, or raise"
        return budget, [
            _refused(
                f"{what} {comes} {words(planned)}, and {key} allows {words(allowed)}",
                f"{how} tuned-models:{key} in the stack file, then bring the stack up."
                if key.endswith(("run", "runBudget"))
                else f"Choose a cheaper SKU or fewer deployments, or raise tuned-models:{key} in the stack file.",
            )
        ]
    return budget, []


def _refused(said: str, *mend: str) -> Statement:
    return Statement(severity="refused", topic="budget", words=said, mend=mend)


def _usd(value: float) -> Decimal:
    return Decimal(str(value))
