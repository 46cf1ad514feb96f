"""`jobs release`: the candidate becomes live, in the stack file."""

from __future__ import annotations

import typer

from contract.release import Releases
from jobs.cli.asked import Asked
from jobs.cli.others import others
from jobs.cli.program import say_next
from jobs.cli.surroundings import surroundings
from jobs.errors import Usage
from jobs.releases.pointers import Decided, release_deployed


def release_model(model: str, asked: Asked) -> None:
    """Moves the pointer once the stack serves what the file says. Twice is as once."""
    stack = surroundings(asked).stack
    recorded = stack.releases()
    models = stack.outputs().models
    if model not in recorded and model not in models:
        raise Usage(f"neither the stack file nor the stack outputs have a model {model}{others(model, models)}")
    output = models.get(model)
    decided: list[Decided] = []

    def change(releases: Releases) -> Releases:
        decided[:] = [release_deployed(model, releases, output, stack=asked.stack)]
        return decided[0].releases

    stack.record(model, change)
    typer.echo(f"{model}: {decided[0].words}")
    live = decided[0].releases.live
    served = output.live if output is not None else None
    if live is not None and (served is None or served.model_id != live.model_id):
        say_next(asked.up)
