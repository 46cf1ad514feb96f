"""`jobs rollback`: a former model becomes live again, in the stack file."""

from __future__ import annotations

import typer

from contract.release import Releases, Signed
from jobs.cli.asked import Asked
from jobs.cli.others import others
from jobs.cli.program import say_next
from jobs.cli.stacks.settling import settle
from jobs.cli.surroundings import surroundings
from jobs.cli.who import deciding_person, reason_given
from jobs.errors import Refused
from jobs.releases.pointers import Decided
from jobs.releases.rolling_back import rollback
from jobs.tuning.recording import timestamp


def roll_back(model: str, to: str | None, reason: str, asked: Asked) -> None:
    """Moves the pointer back. Twice, with no up in between, is as once."""
    around = surroundings(asked)
    stack = around.stack
    recorded, models = stack.releases(), stack.outputs().models
    if model not in recorded:
        raise Refused(f"{stack.file} records nothing of a model {model}{others(model, recorded)}")
    if model not in models:
        raise Refused(f"the stack outputs have no model {model}{others(model, models)}", next_command=asked.up)
    output = models[model]
    why = reason_given("--reason", reason)
    signed = Signed(by=deciding_person(asked.project_folder), at=timestamp(around.clock.now()), reason=why)

    def decide(releases: Releases) -> Decided:
        return rollback(model, releases, output, signed, stack=asked.stack, to=to)

    decided = settle(stack, model, decide).decided
    typer.echo(f"{model}: {decided.words}")
    live = decided.releases.live
    if live is not None and (output.live is None or output.live.model_id != live.model_id):
        say_next(asked.up)
