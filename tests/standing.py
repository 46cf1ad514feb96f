"""An Azure that stands already: brought up once, and copied for each test."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from simulator.clock import Clock
from simulator.cloud import Cloud, State
from simulator.server import Simulator


@dataclass(frozen=True)
class Standing:
    """An Azure as an up left it, and the project's folder."""

    state: State
    moment: datetime
    project: Path

    @classmethod
    def of(cls, simulator: Simulator, project: Path) -> Standing:
        cloud = simulator.cloud
        return cls(cloud.state.model_copy(deep=True), cloud.clock.now(), project)

    def copy(self, simulator: Simulator, project: Path) -> None:
        """Puts that Azure behind the simulator, and fills the folder."""
        shutil.copytree(self.project, project, dirs_exist_ok=True)
        clock = Clock(self.moment, step_on_poll=True)
        simulator.replace_cloud(Cloud(clock, state=self.state.model_copy(deep=True)))
