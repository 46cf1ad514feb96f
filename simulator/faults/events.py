"""What the platform does by itself while a plan is in force."""

from __future__ import annotations

from simulator.faults.shape import Shape


class Event(Shape):
    """One thing that happens."""
