"""What a training costs: tokens × epochs × price, or hours × price where it is by reinforcement.

Source of how it is billed: fine-tuning-cost-management.md (MicrosoftDocs azure-ai-docs, 2026-02-11). How the service
chooses epochs that are left to it Microsoft doesn't say. OpenAI's cookbook ("Data preparation and analysis for chat
model fine-tuning": TARGET_EPOCHS and the constants below) has a rule for OpenAI's own service; Microsoft's page has an
example of 500 that are trained over 2 epochs, where that rule gives 3. The span is that rule with 2 and with 3.
"""

from __future__ import annotations

from decimal import Decimal

from contract.catalog.prices import MILLION, Price, Prices, plain
from contract.tune_spec import TuneSpec
from jobs.data.rules import MAX_JOB_TOKENS
from jobs.planning.money import rounded
from jobs.planning.plan import Epochs, Figure, FileFigures, Statement, Training

SPENDING_LIMIT = Decimal(5000)
"""At which a reinforcement job pauses by itself (the page of 2026-02; that of 2026-10 names no number)."""
_FEWEST, _MOST = 100, 25_000
"""Examples seen in all, epochs together, that OpenAI's rule aims between."""
_MOST_EPOCHS = 25
_TARGETS = (2, 3)


def epochs(spec: TuneSpec, examples: int) -> Epochs:
    """How often the training goes over ``examples``, at least one."""
    chosen = spec.hyperparameters.epochs
    if chosen != "auto":
        return Epochs(least=chosen, most=chosen, source="tune.yaml")
    least, most = (_by_rule(examples, target) for target in _TARGETS)
    return Epochs(
        least=least,
        most=most,
        source="an estimate: the service chooses, and Microsoft doesn't say how; by the rule that OpenAI published for "
        "its own service, aimed at 2 epochs as in an example of Microsoft's, and at 3",
    )


def _by_rule(examples: int, target: int) -> int:
    seen = examples * target
    if seen < _FEWEST:
        return min(_MOST_EPOCHS, _FEWEST // examples)
    if seen > _MOST:
        return max(1, _MOST // examples)
    return target


def training(spec: TuneSpec, parent: str, file: FileFigures, prices: Prices, location: str) -> Training:
    """The training of ``parent`` on the training file, in an account in ``location``."""
    if spec.method == "reinforcement":
        return _by_the_hour(spec, parent, prices, location)
    chosen = epochs(spec, max(1, file.examples))
    price = prices.training(parent, spec.training_type, location)
    billed = None if file.tokens is None else file.tokens * chosen.most
    about = "" if file.exact else "about "
    count = "tokens not known" if file.tokens is None else f"{about}{file.tokens:,} tokens"
    each = "the price" if price.usd is None else f"${plain(price.usd)} per 1M"
    return Training(
        epochs=chosen,
        batch_size=spec.hyperparameters.batch_size,
        tokens=billed,
        cost=Figure(
            usd=_cost(file.tokens, chosen.most, price),
            usd_least=_cost(file.tokens, chosen.least, price) if chosen.least != chosen.most else None,
            computed=f"{count} × {chosen.words} epochs × {each}",
            source=price.source,
            missing=_missing(price),
        ),
    )


def _cost(tokens: int | None, epochs: int, price: Price) -> Decimal | None:
    return None if tokens is None or price.usd is None else rounded(price.usd * tokens * epochs / MILLION)


def _missing(price: Price) -> tuple[str, ...]:
    return (price.key,) if price.usd is None else ()


def _by_the_hour(spec: TuneSpec, parent: str, prices: Prices, location: str) -> Training:
    price = prices.training_hour(parent, spec.training_type, location)
    each = "A price per hour" if price.usd is None else f"${plain(price.usd)} per hour of training"
    grader = "; what a grading model is asked is billed besides" if _asks_a_model(spec) else ""
    return Training(
        epochs=None,
        batch_size=spec.hyperparameters.batch_size,
        tokens=None,
        cost=Figure(
            usd=None,
            computed=f"{each}, and how long it trains nobody can say beforehand{grader}",
            source=price.source,
            missing=_missing(price),
        ),
        bound=Figure(
            usd=SPENDING_LIMIT,
            computed="the job pauses by itself when it has cost so much; resumed, it has no limit any more",
            source="fine-tuning-cost-management.md, 2026-02-11; the page of 2026-10 names no number",
        ),
    )


def _asks_a_model(spec: TuneSpec) -> bool:
    return spec.grader is not None and "score_model" in spec.grader.model_dump_json()


def token_limit(plan: Training) -> list[Statement]:
    """Whether the job is larger than the service takes."""
    if plan.tokens is None or plan.epochs is None:
        return []
    least = plan.tokens // plan.epochs.most * plan.epochs.least
    figures = f"{least:,}" if least == plan.tokens else f"{least:,} to {plan.tokens:,}"
    said = f"tokens × epochs come to {figures}, and a job takes {MAX_JOB_TOKENS:,}"
    if least > MAX_JOB_TOKENS:
        return [Statement(severity="refused", topic="size", words=said, mend=("Fewer epochs, or fewer examples.",))]
    if plan.tokens > MAX_JOB_TOKENS:
        return [Statement(severity="warning", topic="size", words=said, mend=("Write hyperparameters.epochs.",))]
    return []
