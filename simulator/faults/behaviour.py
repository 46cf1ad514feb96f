"""How the services behave while a plan is in force: what isn't tied to single requests."""

from __future__ import annotations

from simulator.disk import DiskFault
from simulator.faults.shape import Shape


class Behaviour(Shape):
    """Nothing unusual unless said.

    disk  that of the simulator's own state
    """

    disk: DiskFault | None = None
