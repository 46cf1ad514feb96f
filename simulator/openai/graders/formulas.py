"""The formula of a multi grader: `(similarity + label) / 2`.

Operators and functions: MicrosoftDocs azure-ai-docs, how-to-reinforcement-fine-tuning-content.md (2026-03). That `^`
binds most tightly and to the right, and that `min` and `max` take several values, is memory.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

MOST_NESTED = 50
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<name>[A-Za-z_]\w*)|(?P<sign>[-+*/^(),]))")
_FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "log": math.log,
}


class Unreadable(Exception):
    """A formula that says nothing, or names what is not there."""


def check(formula: str, names: AbstractSet[str]) -> None:
    """Raises Unreadable for a formula that can't be calculated from values of these names."""
    # Values that differ, so that hardly a difference is 0: faults of arithmetic are for the run to find.
    try:
        value(formula, {name: 0.37 + 0.11 * index for index, name in enumerate(sorted(names))})
    except ArithmeticError:
        return


def value(formula: str, scores: Mapping[str, float]) -> float:
    """Calculates it. Raises Unreadable, or ArithmeticError."""
    reader = _Reader(formula, scores)
    found = reader.total()
    reader.end()
    return found


class _Reader:
    def __init__(self, formula: str, scores: Mapping[str, float]) -> None:
        self._scores = scores
        self._depth = 0
        self._signs: list[str] = []
        at = 0
        while formula[at:].strip():
            match = _TOKEN.match(formula, at)
            if match is None:
                raise Unreadable(f"'{formula[at:].strip()[:10]}' can't be read")
            self._signs.append(match[0].strip())
            at = match.end()
        self._signs.reverse()

    def end(self) -> None:
        if self._signs:
            raise Unreadable(f"'{self._signs[-1]}' stands where nothing was expected")

    def total(self) -> float:
        found = self._product()
        while self._next() in ("+", "-"):
            found = found + self._product() if self._signs.pop() == "+" else found - self._product()
        return found

    def _product(self) -> float:
        found = self._signed()
        while self._next() in ("*", "/"):
            found = found * self._signed() if self._signs.pop() == "*" else found / self._signed()
        return found

    def _signed(self) -> float:
        self._depth += 1
        if self._depth > MOST_NESTED:
            raise Unreadable("nested too deeply")
        try:
            if self._next() == "-":
                self._signs.pop()
                return -self._signed()
            base = self._single()
            if self._next() == "^":
                self._signs.pop()
                return _power(base, self._signed())
            return base
        finally:
            self._depth -= 1

    def _single(self) -> float:
        sign = self._signs.pop() if self._signs else ""
        if sign == "(":
            found = self.total()
            self._take(")")
            return found
        if sign in _FUNCTIONS and self._next() == "(":
            return self._call(sign)
        if sign in self._scores:
            return self._scores[sign]
        if sign[:1].isdigit() or sign[:1] == ".":
            return float(sign)
        raise Unreadable(f"'{sign}' is no grader, number or function" if sign else "it ends too early")

    def _call(self, name: str) -> float:
        self._take("(")
        given = [self.total()]
        while self._next() == ",":
            self._signs.pop()
            given.append(self.total())
        self._take(")")
        if name not in ("min", "max") and len(given) != 1:
            raise Unreadable(f"{name} takes one value")
        try:
            return float(_FUNCTIONS[name](given) if name in ("min", "max") else _FUNCTIONS[name](given[0]))
        except ValueError as problem:
            raise ArithmeticError(str(problem)) from problem

    def _take(self, sign: str) -> None:
        if self._next() != sign:
            raise Unreadable(f"'{sign}' is missing")
        self._signs.pop()

    def _next(self) -> str:
        return self._signs[-1] if self._signs else ""


def _power(base: float, exponent: float) -> float:
    try:
        found = base**exponent
    except ValueError as problem:
        raise ArithmeticError(str(problem)) from problem
    if isinstance(found, complex):
        raise ArithmeticError("a root of a negative number")
    return float(found)
