"""A stack that stands already: brought up once, and copied for each test."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from simulator.clock import Clock
from simulator.cloud import Cloud, State
from simulator.environment import reaching
from simulator.pulumi.summary import UpResult
from simulator.pulumi.up import Verb, bring
from simulator.server import Simulator

STACK = "shop"


def stack_file(project: Path) -> Path:
    return project / "environments" / f"Pulumi.{STACK}.yaml"


def outputs_file(project: Path) -> Path:
    return project / "outputs" / f"{STACK}.json"


def environment_of(simulator: Simulator, project: Path, **changed: str) -> dict[str, str]:
    """A deployer's, without the CLI; outputs and states lie in the project and not with the simulator, so that they go
    with the Azure that they are about."""
    reached = reaching(simulator, "deployer", ambient={"PATH": "/nowhere"})
    return reached | {"JOBS_OUTPUTS": str(outputs_file(project).parent)} | changed


def brought_up(simulator: Simulator, project: Path, verb: Verb = "up", **changed: str) -> UpResult:
    return bring(verb, project, STACK, environment_of(simulator, project, **changed), in_process=True)


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
