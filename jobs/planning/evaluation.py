"""What it costs to put the holdout's questions to the tuned model and to its base, once each.

Tuned models are billed by tokens as their base is, provisioned ones not by tokens at all
(fine-tuning-cost-management.md, 2026-02-11). Answers are taken to be as long as those of the holdout.
"""

from __future__ import annotations

from decimal import Decimal

from contract.catalog.prices import MILLION, Prices, plain
from contract.release import Sku
from jobs.planning.money import rounded
from jobs.planning.plan import Evaluation, Figure, FileFigures


def evaluation(parent: str, holdout: FileFigures | None, candidate: Sku, prices: Prices) -> Evaluation | None:
    """None where there is no holdout, or its tokens can't be counted."""
    if holdout is None or holdout.prompt_tokens is None or holdout.reply_tokens is None:
        return None
    base = _asked_once(parent, holdout.prompt_tokens, holdout.reply_tokens, prices)
    if not candidate.provisioned:
        return Evaluation(tuned=base, base=base)
    reserved = f"a candidate on {candidate.name} is paid by PTU, whatever it is asked"
    return Evaluation(tuned=Figure(usd=Decimal(0), computed=reserved, source="see hosting"), base=base)


def _asked_once(parent: str, prompt: int, answers: int, prices: Prices) -> Figure:
    into, out = prices.input(parent), prices.output(parent)
    missing = tuple(price.key for price in (into, out) if price.usd is None)
    source = into.source if into.source == out.source else f"{into.source}; {out.source}"
    if not answers:
        # Examples for reinforcement have none.
        told = f"{prompt:,} tokens in × {_each(into.usd)} + answers of nobody knows what length × {_each(out.usd)}"
        return Figure(usd=None, computed=told, source=source, missing=missing)
    usd = None
    if into.usd is not None and out.usd is not None:
        usd = rounded((into.usd * prompt + out.usd * answers) / MILLION)
    return Figure(
        usd=usd,
        computed=f"{prompt:,} tokens in × {_each(into.usd)} + about {answers:,} out × {_each(out.usd)}",
        source=source,
        missing=missing,
    )


def _each(usd: Decimal | None) -> str:
    return "the price" if usd is None else f"${plain(usd)} per 1M"
