"""Where a value stands in a drawing, and which round values its axis names. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """``low`` to ``high`` drawn from ``start`` to ``end``, in units of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)

    def ticks(self, most: int = 6) -> tuple[float, ...]:
        """Round values within, at most ``most``: multiples of 1, 2 or 5 times a power of ten."""
        rough = (self.high - self.low) / most
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        digits = max(0, 1 - math.floor(math.log10(step)))
        return tuple(round(number * step, digits) for number in range(first, last + 1))


def around(low: float, high: float, start: float, end: float) -> Scale:
    """A scale that has both with some room beside them. What is as good as one value gets room as well."""
    largest = max(abs(low), abs(high))
    room = (high - low) * 0.06 if high - low > max(largest * 1e-6, 1e-9) else max(largest, 1.0) * 0.1
    return Scale(low - room, high + room, start, end)
