"""`jobs release`: the candidate becomes live, in the stack file."""

from __future__ import annotations

import typer

from contract.release import Releases, Signed
from jobs.cli.asked import Asked
from jobs.cli.others import others
from jobs.cli.program import say_next
from jobs.cli.stacks.settling import settle
from jobs.cli.surroundings import surroundings
from jobs.cli.who import deciding_person, reason_given
from jobs.errors import Usage
from jobs.releases.pointers import Decided
from jobs.releases.releasing import is_untried, release_deployed
from jobs.tuning.recording import timestamp


def release_model(model: str, asked: Asked, override: str | None = None) -> None:
    """Moves the pointer once the stack serves what the file says and the candidate has passed. Twice is as once.

    What was evaluated in another stack is asked one question here first, as ``verify`` does.
    """
    around = surroundings(asked)
    stack = around.stack
    recorded = stack.releases()
    outputs = stack.outputs()
    models = outputs.models
    if model not in recorded and model not in models:
        raise Usage(f"neither the stack file nor the stack outputs have a model {model}{others(model, models)}")
    output = models.get(model)
    signed = None
    if override is not None:
        reason = reason_given("--override", override)
        signed = Signed(by=deciding_person(asked.project_folder), at=timestamp(around.clock.now()), reason=reason)

    def decide(releases: Releases) -> Decided:
        return release_deployed(model, releases, output, stack=asked.stack, override=signed)

    before = recorded.get(model, Releases())
    if signed is None and is_untried(before.candidate, asked.stack) and decide(before).changed:
        from jobs.cli.releases.verify import refuse_unserved_candidate

        with around:
            refuse_unserved_candidate(model, asked, around, outputs)
    decided = settle(stack, model, decide).decided
    typer.echo(f"{model}: {decided.words}")
    live = decided.releases.live
    served = output.live if output is not None else None
    overridden = decided.changed and live is not None and live.override is not None
    if live is not None and (overridden or served is None or served.model_id != live.model_id):
        say_next(asked.up)
