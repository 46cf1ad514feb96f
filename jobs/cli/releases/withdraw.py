"""`jobs withdraw`: the candidate is put aside, in the stack file."""

from __future__ import annotations

import typer

from contract.release import Signed
from jobs.cli.asked import Asked
from jobs.cli.others import others
from jobs.cli.program import say_next
from jobs.cli.stacks.settling import settle
from jobs.cli.surroundings import surroundings
from jobs.cli.who import deciding_person, reason_given
from jobs.errors import Refused
from jobs.releases.pointers import withdraw
from jobs.tuning.recording import timestamp


def withdraw_model(model: str, reason: str, asked: Asked) -> None:
    """Reads no outputs: the file alone decides. Twice is as once."""
    around = surroundings(asked)
    why = reason_given("--reason", reason)
    signed = Signed(by=deciding_person(asked.project_folder), at=timestamp(around.clock.now()), reason=why)
    recorded = around.stack.releases()
    if model not in recorded:
        raise Refused(f"{around.stack.file} records nothing of a model {model}{others(model, recorded)}")

    settled = settle(around.stack, model, lambda releases: withdraw(releases, signed))
    typer.echo(f"{model}: {settled.decided.words}")
    say_next(asked.up)
