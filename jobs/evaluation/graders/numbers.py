"""Numbers in texts, and whether two are the same within a tolerance. Decimal, so that 1.1 is 0.1 from 1.0."""

from __future__ import annotations

import re
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Literal

from contract.evaluation_graders import Number
from jobs.evaluation.graders.graded import Graded, whether

# Nothing is trapped: what overflows is infinite, and near nothing.
_EXACT = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
_MOST_DIGITS = 1000


def same_number(grader: Number, given: str, wanted: str) -> Graded:
    """The number expected is read as the one given is; where it stands without the marker, by ``take``."""
    marked = grader.marker is not None and grader.marker in wanted
    expected = number_in(wanted, grader.take, grader.marker if marked else None, grader.decimal)
    found = number_in(given, grader.take, grader.marker, grader.decimal)
    if expected is None:
        return Graded(0.0, "the example has no number")
    if found is None:
        where = f" after {grader.marker}" if grader.marker is not None else ""
        return Graded(0.0, f"the answer has no number{where}")
    apart = _EXACT.abs(_EXACT.subtract(found, expected))
    share = _EXACT.multiply(Decimal(str(grader.relative_tolerance)), _EXACT.abs(expected))
    return whether(apart <= max(Decimal(str(grader.tolerance)), share), f"{found} is not {expected}")


def number_in(
    text: str, take: Literal["last", "first"], marker: str | None, decimal: Literal[".", ","] = "."
) -> Decimal | None:
    """``marker``: the first number after its last occurrence; None where there is none."""
    if marker is not None:
        _, found, text = text.rpartition(marker)
        if not found:
            return None
    last = None
    for match in _NUMBERS[decimal].finditer(text):
        last = match
        if take == "first" or marker is not None:
            break
    return None if last is None else _value(last, decimal)


def _value(match: re.Match[str], decimal: str) -> Decimal | None:
    whole, fraction, exponent = match["whole"] or "0", match["fraction"] or match["bare"] or "", match["exponent"] or ""
    digits = re.sub(r"[^0-9]", "", whole) + (f".{fraction.removeprefix(decimal)}" if fraction else "")
    if len(digits) > _MOST_DIGITS:
        return None
    return Decimal(f"{'-' if match['sign'] in ('-', '−') else ''}{digits}{exponent}")


def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    return re.compile(
        rf"""(?P<sign>(?<![0-9A-Za-z])[-+−])?
        (?:
            # At most twelve groups, so that a row of them is not tried again from each of its places.
            (?P<whole>[0-9]{{1,3}}(?:[{thousands}'’\u00a0\u202f\u2009][0-9]{{3}}){{1,12}}(?![0-9])|[0-9]+)
            (?P<fraction>{re.escape(decimal)}[0-9]+)?
            |(?<![0-9])(?P<bare>{re.escape(decimal)}[0-9]+)
        )
        (?P<exponent>[eE][-+]?[0-9]{{1,3}}(?![0-9A-Za-z]))?""",
        re.VERBOSE,
    )


_NUMBERS = {".": _pattern(".", ","), ",": _pattern(",", ".")}
