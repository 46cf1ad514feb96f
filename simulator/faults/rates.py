"""What was asked for lately: in windows of fixed length, and from buckets that fill again. No clock of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

HAIR = 1e-6
"""Who obeys a hint to the moment may be early by so many seconds: clocks have microseconds, moments no more digits."""


@dataclass
class Rates:
    """Moments are seconds since 1970. A window begins at each whole multiple of its length."""

    _windows: dict[tuple[str, float], tuple[int, float]] = field(default_factory=dict)
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def used(self, name: str, length: float, now: float) -> float:
        """What was added in the window of `now`."""
        window, amount = self._windows.get((name, length), (-1, 0.0))
        return amount if window == _window(length, now) else 0.0

    def add(self, name: str, length: float, now: float, amount: float) -> None:
        self._windows[name, length] = (_window(length, now), self.used(name, length, now) + amount)

    def draw(self, name: str, size: float, per_second: float, now: float) -> tuple[bool, float]:
        """Takes one from a bucket, full at first; whether there was one, and what is left."""
        level, at = self._buckets.get(name, (size, now))
        level = min(size, level + (now - at) * per_second)
        there = level + HAIR * (1 + per_second) >= 1
        left = max(0.0, level - 1) if there else level
        self._buckets[name] = (left, now)
        return there, left


def until_next(length: float, now: float) -> float:
    """Seconds until the window of `now` is over; more than 0."""
    return (_window(length, now) + 1) * length - now


def _window(length: float, now: float) -> int:
    return math.floor((now + HAIR) / length)
