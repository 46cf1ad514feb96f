"""The stack that examples are tried on."""

from __future__ import annotations

from pathlib import Path

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
