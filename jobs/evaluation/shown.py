"""A difference between the candidate and another, in the words of a reason. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from contract.evaluation import Difference
from jobs.evaluation.scorecard import Comparison, ContenderCard, Scorecard


@dataclass(frozen=True)
class Shown:
    """``other``: who it is compared with, in words; ``words``: the difference, with its interval and counts."""

    other: str
    words: str
    found: Difference
    p_value: float | None
    examples: int


def shown(scorecard: Scorecard, candidate: ContenderCard, other: ContenderCard, comparison: Comparison) -> Shown:
    """By the grader that decides."""
    found = comparison.graders[scorecard.grader]
    name = f"the live model {other.model_id}" if other.kind == "live" else f"{other.name} ({other.model_id})"
    pairs = found.wins + found.losses + found.ties
    means = [card.scores[scorecard.grader].mean for card in (candidate, other)]
    notes = [
        f"{who} was refused {card.failed} answers by the service, which count as wrong"
        for who, card in (("it", candidate), ("the other", other))
        if card.failed
    ]
    if unjudged := scorecard.examples - pairs:
        notes.append(f"{unjudged} examples are left out, since the judge gave no verdict")
    words = (
        f"by {scorecard.grader!r} {number(means[0])} against {number(means[1])} over "
        f"{pairs:,} example{'' if pairs == 1 else 's'}, a "
        f"difference of {number(found.difference, signed=True)} (95 % interval {number(found.low, signed=True)} to "
        f"{number(found.high, signed=True)}; {found.wins} better, {found.losses} worse"
    )
    return Shown(name, "; ".join([words, *notes]) + ")", found, comparison.p_value, pairs)


def usd(value: float) -> str:
    """In decimals, cents at least, and three digits of what is less: ``$0.000016`` and not 1.6e-05."""
    digits = 2 if value >= 1 or not value else 2 - math.floor(math.log10(value))
    whole, _, cents = f"{value:,.{max(2, digits)}f}".partition(".")
    return f"${whole}.{cents.rstrip('0').ljust(2, '0')}"


def number(value: float, *, signed: bool = False) -> str:
    """Three decimals, or as many as it takes to see that it is not 0."""
    digits = 3
    while value and round(abs(value), digits) == 0:
        digits += 1
    return f"{value:{'+' if signed and value else ''}.{digits}f}"
