"""The product's main job on the local Azure, start to end: `make demo`.

Every step is the command a person would type, run as such; the narrator only says which and why. What a run leaves
behind (the local Azure's state, the local stack file) is ignored by git, so that a second run finds the first one's
work: it adopts the run and changes nothing.
"""

from __future__ import annotations

import difflib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from simulator.cloud import Cloud
from simulator.errors import Unusable
from simulator.pulumi.stack_file import parsed
from simulator.questions import Answered, ask, comparison

MODEL = "clippy"
STACK = "local"
RATE = 900.0
"""Simulated seconds per second: a run of an hour takes four."""
INTERRUPTED = 130
"""The exit code after a Ctrl-C."""


@dataclass(frozen=True)
class Scene:
    """Where the demo plays: the project, its stack file, and the environment that reaches the local Azure.

    python is the interpreter as a person in the project's folder would type it.
    """

    project: Path
    environment: dict[str, str]
    console: Console
    python: str

    @property
    def stack_file(self) -> Path:
        return self.project / "environments" / f"Pulumi.{STACK}.yaml"

    def step(self, title: str, why: str) -> None:
        """Says what comes, and what for."""
        self.console.print(Rule(title, align="left", style="dim"))
        self.console.print(Text(why, "dim"))

    def command(self, module: str, *arguments: str) -> None:
        """Runs a command of ours, printed as a person would type it. Raises Unusable where it fails."""
        shown = " ".join((self.python, "-m", module, *arguments))
        self.console.print(Text(f"$ {shown}", "bold"))
        # The children print to the same terminal: nothing of ours may be left in the buffer.
        sys.stdout.flush()
        code = _end_of(
            subprocess.Popen([sys.executable, "-m", module, *arguments], cwd=self.project, env=self.environment)
        )
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        if code != 0:
            raise Unusable(f"the demo stops here: `{shown}` ended with {code}")
        self.console.print()

    def up(self) -> None:
        self.command("simulator", "up", "-s", STACK)

    def has_candidate(self) -> bool:
        """Whether the model's record waits for its release."""
        found = parsed(self.stack_file)["config"].get("tuned-models:releases", {}).get(MODEL, {})
        return "candidate" in found

    def read(self) -> list[str]:
        """The lines of the stack file; none while it does not exist."""
        return self.stack_file.read_text().splitlines() if self.stack_file.exists() else []


def play(scene: Scene) -> None:
    """All steps in their order; each is repeatable, so a demo that was interrupted goes on where it stopped."""
    scene.step("1 of 10: provision", "The stack file says what Azure should look like; an up makes it so.")
    scene.up()
    before = scene.read()
    scene.step("2 of 10: check the dataset", "Before anything is spent: is every example well-formed, is there enough?")
    scene.command("jobs", "check", MODEL)
    scene.step("3 of 10: measure the baseline", "How far does prompting alone come? What is tuned has to be better.")
    scene.command("jobs", "evaluate", MODEL, "--baseline", "-s", STACK)
    scene.step(
        "4 of 10: tune", "Says what it costs, uploads, submits (or finds an equal run), watches, records the candidate."
    )
    scene.command("jobs", "run", MODEL, "-s", STACK, "--yes")
    scene.step(
        "5 of 10: deploy the candidate", "The record is config like any other: the next up deploys what it names."
    )
    scene.up()
    scene.step("6 of 10: ask base and tuned model", "Questions that were not trained on, put to both, side by side.")
    _side_by_side(scene)
    scene.step("7 of 10: evaluate", "The whole holdout, put to both and graded: is it better, beyond what chance does?")
    if scene.has_candidate():
        scene.command("jobs", "evaluate", MODEL, "-s", STACK)
    else:
        scene.console.print(f"{MODEL} was evaluated and released before: nothing is asked again.\n")
    scene.step("8 of 10: release", "What has passed becomes what callers get: a pointer in the stack file moves.")
    scene.command("jobs", "release", MODEL, "-s", STACK)
    scene.step("9 of 10: bring the release about", "As live, the deployment gets the capacity that live has.")
    scene.up()
    scene.command("jobs", "verify", "-s", STACK)
    scene.step("10 of 10: see", "What is recorded, and whether it is deployed.")
    scene.command("jobs", "status", "-s", STACK)
    _difference(scene, before)


def _side_by_side(scene: Scene) -> None:
    outputs = json.loads((Path(scene.environment["JOBS_OUTPUTS"]) / f"{STACK}.json").read_text())
    holdout = scene.project / "models" / MODEL / "holdout_set.jsonl"
    answers: list[Answered] = ask(outputs, MODEL, holdout, scene.environment)
    scene.console.print(comparison(answers))
    scene.console.print(
        "Simulated models know nothing of the world: what tuning teaches is above all the manner of the examples.\n"
    )


def _end_of(child: subprocess.Popen[bytes]) -> int:
    """The child's exit code. A Ctrl-C reaches it, too, and it ends by itself; a SIGTERM is passed on."""
    interrupted = False
    try:
        while True:
            try:
                code = child.wait()
                return INTERRUPTED if interrupted or code == -signal.SIGINT else code
            except KeyboardInterrupt:
                interrupted = True
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()


def _refuse_foreign_models(stack_file: Path, cloud: Cloud, state: Path) -> None:
    """Raises Unusable where the stack file releases what this Azure has not trained: no up could deploy it."""
    from simulator.openai.tuned_models import tuned_model

    if not stack_file.exists():
        return
    for model in _recorded(parsed(stack_file)):
        if tuned_model(cloud, model) is None:
            raise Unusable(
                f"{stack_file} records {model}, which the local Azure in {state} has not trained: its state was "
                "deleted, or it is another one.\nTo begin anew: make clean demo. To keep the rest of the file: delete "
                "its key tuned-models:releases, then make demo"
            )


def _recorded(found: Any) -> Iterator[str]:
    """All models that a stack file records, whatever else is wrong with it; not what they were compared with."""
    if isinstance(found, dict):
        if isinstance(model := found.get("modelId"), str):
            yield model
        for key, value in found.items():
            if key != "evaluation":
                yield from _recorded(value)
    elif isinstance(found, list):
        for value in found:
            yield from _recorded(value)


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
def scene(
    project: Path, state: Path, record: Path | None, console: Console, faults: Path | None = None
) -> Iterator[Scene]:
    """A running local Azure, its state kept in `state`, and the demo's scene in front of it."""
    from simulator import azurite
    from simulator.environment import reaching
    from simulator.faults.plan import read
    from simulator.server import Simulator

    plan = read(faults) if faults is not None else None
    if not azurite.PROGRAM.exists():
        # Found out by the first upload it would look like an outage, which jobs waits for.
        raise Unusable(
            f"Azurite, which keeps the blobs, is not installed: {azurite.PROGRAM} is missing. Run make setup"
        )
    with Simulator(rate=RATE, state_dir=state, record=record, faults=plan) as simulator:
        # The interpreter's link in .venv is what a person types, and not where it leads.
        python = os.path.relpath(sys.executable, project)
        opened = Scene(project, reaching(simulator), console, sys.executable if python.startswith("..") else python)
        _refuse_foreign_models(opened.stack_file, simulator.cloud, state)
        yield opened


def demo(
    project: Annotated[Path, typer.Option(exists=True, file_okay=False, help="The project's folder.")] = Path(),
    state: Annotated[
        Path, typer.Option(help="Where the local Azure's state is kept; a relative path counts from the project.")
    ] = Path(".local/azure"),
    record: Annotated[
        Path | None, typer.Option(envvar="SIMULATOR_RECORD", help="Append one JSON line per request to this file.")
    ] = None,
    faults: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What goes wrong: a fault plan (docs/simulator.md).")
    ] = None,
) -> None:
    """The whole loop on the local Azure: provision, check, tune, deploy, evaluate, release, verify."""
    console = Console()
    started = time.monotonic()
    folder = project.resolve()
    console.print(
        "The whole life of a tuned model, on an Azure that is simulated on this machine: no account is needed, and "
        "nothing leaves it.\nEach step is a command that you can type, too; simulated time passes quickly.\n"
    )
    try:
        with scene(folder, folder / state, record, console, faults) as opened:
            play(opened)
    except KeyboardInterrupt:
        console.print("\nInterrupted. `make demo` goes on where it stopped, `make clean demo` begins anew.")
        raise typer.Exit(INTERRUPTED) from None
    within = f"{opened.python} -m simulator exec --state {state} --"
    console.print(f"\nDone in {time.monotonic() - started:.0f} s. Again: make demo. From the start: make clean demo.")
    for line in (
        f"Look at environments/Pulumi.{STACK}.yaml: the release is recorded there, and in a real project in git.",
        f"Where a model was live before, this and an up bring it back: {within} jobs rollback {MODEL} -s {STACK}",
        f"Any command on the same local Azure: {within} jobs status -s {STACK}",
        "Then README.md, and models/clippy for the data: change an example, and make demo again tunes anew.",
    ):
        console.print(line, soft_wrap=True, highlight=False)
