"""The product's main job on the local Azure, start to end: `make demo`.

Every step is the command a person would type, run as such; the narrator only says which and why. What a run leaves
behind (the local Azure's state, the local stack file) is ignored by git, so that a second run finds the first one's
work: it adopts the run and changes nothing.
"""

from __future__ import annotations

import difflib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from simulator.errors import Unusable
from simulator.questions import Answered, ask, comparison

MODEL = "clippy"
STACK = "local"
RATE = 900.0
"""Simulated seconds per second: a run of an hour takes four."""


@dataclass(frozen=True)
class Scene:
    """Where the demo plays: the project, its stack file, and the environment that reaches the local Azure."""

    project: Path
    environment: dict[str, str]
    console: Console

    @property
    def stack_file(self) -> Path:
        return self.project / "environments" / f"Pulumi.{STACK}.yaml"

    def command(self, why: str, module: str, *arguments: str) -> None:
        """Runs a command of ours, printed as a person would type it. Raises Unusable where it fails."""
        shown = " ".join(("python -m", module, *arguments))
        self.console.print(Rule(why, align="left", style="dim"))
        self.console.print(f"[bold]$ {shown}[/bold]", highlight=False)
        # The children print to the same terminal: nothing of ours may be left in the buffer.
        sys.stdout.flush()
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], cwd=self.project, env=self.environment, check=False
        )
        if done.returncode != 0:
            raise Unusable(f"the demo stops here: `{shown}` ended with {done.returncode}")
        self.console.print()

    def up(self, why: str) -> None:
        self.command(why, "simulator", "up", "-s", STACK)

    def read(self) -> list[str]:
        """The lines of the stack file; none while it does not exist."""
        return self.stack_file.read_text().splitlines() if self.stack_file.exists() else []


def play(scene: Scene) -> None:
    """All steps in their order; each is repeatable, so a demo that was interrupted goes on where it stopped."""
    scene.up("Provision: accounts, storage, access and base deployments")
    before = scene.read()
    scene.command("Check the dataset, before anything is spent", "jobs", "check", MODEL)
    scene.command("Tune: upload, submit, watch, record the model ID", "jobs", "run", MODEL, "-s", STACK)
    scene.up("Deploy what was recorded")
    _side_by_side(scene)
    scene.command("Release: the candidate becomes what callers get", "jobs", "release", MODEL, "-s", STACK)
    scene.up("Bring the release about")
    scene.command("See", "jobs", "status", "-s", STACK)
    _difference(scene, before)


def _side_by_side(scene: Scene) -> None:
    scene.console.print(Rule("Ask both the same held-out questions", align="left", style="dim"))
    outputs = json.loads((Path(scene.environment["JOBS_OUTPUTS"]) / f"{STACK}.json").read_text())
    holdout = scene.project / "models" / MODEL / "holdout_set.jsonl"
    answers: list[Answered] = ask(outputs, MODEL, holdout, scene.environment)
    scene.console.print(comparison(answers))
    scene.console.print()


def _difference(scene: Scene, before: list[str]) -> None:
    name = scene.stack_file.relative_to(scene.project).as_posix()
    scene.console.print(Rule("The result: what a reviewer would see in git", align="left", style="dim"))
    changed = list(difflib.unified_diff(before, scene.read(), f"a/{name}", f"b/{name}", n=2, lineterm=""))
    if changed:
        for line in changed:
            style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
            scene.console.print(Text(line, style), soft_wrap=True)
    else:
        scene.console.print(f"{name} is as it was: the run of {MODEL} was recorded and released before.")


@contextmanager
def scene(project: Path, state: Path, record: Path | None, console: Console) -> Iterator[Scene]:
    """A running local Azure, its state kept in `state`, and the demo's scene in front of it."""
    from simulator.environment import reaching
    from simulator.server import Simulator

    with Simulator(rate=RATE, state_dir=state, record=record) as simulator:
        yield Scene(project, reaching(simulator), console)


def demo(
    project: Annotated[Path, typer.Option(help="The project's folder.")] = Path(),
    state: Annotated[Path, typer.Option(help="Where the local Azure's state is kept.")] = Path(".local/azure"),
    record: Annotated[Path | None, typer.Option(help="Write one JSON line per request to this file.")] = None,
) -> None:
    """The whole loop on the local Azure: provision, check, tune, deploy, compare, release."""
    console = Console()
    started = time.monotonic()
    with scene(project.resolve(), state, record, console) as opened:
        play(opened)
    console.print(f"\nDone in {time.monotonic() - started:.0f} s. Again: make demo. From the start: make clean demo.")
    console.print(
        f"Try a command on the same local Azure: .venv/bin/python -m simulator exec --state {state} -- "
        f"jobs status -s {STACK}",
        soft_wrap=True,
    )
