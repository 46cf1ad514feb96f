"""Sums of money as a plan writes them: US dollars, no more digits than anybody could know."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_STORED = Decimal("0.0001")
_CENT = Decimal("0.01")


def rounded(usd: Decimal) -> Decimal:
    """To a hundredth of a cent: what a plan holds."""
    return usd.quantize(_STORED, ROUND_HALF_UP)


def words(usd: Decimal) -> str:
    """``$1,224.00``; what is less than a cent says so, and what is nothing is ``$0.00``."""
    if 0 < usd < _CENT:
        return "under $0.01"
    return f"${usd.quantize(_CENT, ROUND_HALF_UP):,}"


def span(least: Decimal | None, most: Decimal) -> str:
    """``$2.00 to $3.00``, or the one figure where both read the same."""
    if least is None or words(least) == words(most):
        return words(most)
    return f"{words(least)} to {words(most)}"
