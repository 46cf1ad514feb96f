"""How the services behave while a plan is in force: what isn't tied to single requests."""

from __future__ import annotations

from simulator.faults.shape import Shape


class Behaviour(Shape):
    """Nothing unusual unless said."""
