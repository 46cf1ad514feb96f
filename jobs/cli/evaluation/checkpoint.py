"""`jobs evaluate --checkpoint STEP`: an earlier state of the run's model becomes the candidate."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from contract.release import ReleaseRecord, Releases, Signed
from jobs.cli.asked import Asked
from jobs.cli.evaluation.trial import stack_model
from jobs.cli.program import say_next
from jobs.cli.stacks.settling import settle
from jobs.cli.surroundings import surroundings
from jobs.cli.training.stack_model import StackModel
from jobs.errors import NoRun, Refused
from jobs.ports import Checkpoint
from jobs.releases import pointers
from jobs.releases.checkpoints import checkpoint_record, run_to_choose_from
from jobs.releases.pointers import Decided
from jobs.tuning.curves.overfitting import DEPLOYABLE
from jobs.tuning.recording import timestamp


def choose_checkpoint(model: str, asked: Asked, step: int, deadline: timedelta) -> bool:
    """Whether it is the candidate already, deployed, so that it can be evaluated now; else the up is named."""
    with surroundings(asked) as around:
        of = stack_model(model, around, asked, deadline)
        record = run_to_choose_from(of.releases())
        if record is None:
            raise NoRun(
                f"there is no run of {model} whose checkpoints could be chosen from",
                stack=asked.stack,
                next_command=asked.command("run", model),
            )
        chosen = _chosen(of, record, step)
        _make_candidate(of, chosen)
        output = of.outputs.models.get(model)
        served = output.candidate if output is not None else None
        if served is not None and served.model_id == chosen.model_id:
            return True
        say_next(asked.up)
        return False


def _chosen(of: StackModel, record: ReleaseRecord, step: int) -> ReleaseRecord:
    account = of.outputs.accounts.get(record.trained_in) if record.source is None else None
    if account is None:
        raise Refused(
            f"{record.job_id} was trained in another stack: its checkpoints are chosen there",
            details=["The candidate of that stack is promoted to this one."],
            stack=of.asked.stack,
        )
    service = of.around.fine_tuning(of.outputs, account)
    asking = partial(of.patience, partial(service.checkpoints, record.job_id))
    kept = sorted(asking(), key=lambda each: each.step)[-DEPLOYABLE:]
    found = next((each for each in kept if each.step == step), None)
    if found is None:
        raise Refused(
            f"{record.job_id} has no checkpoint of step {step} that can be deployed",
            details=[_which(kept)],
            stack=of.asked.stack,
            next_command=of.asked.command("curve", record.job_id),
        )
    return checkpoint_record(of.releases(), record, found, last=found is kept[-1])


def _which(kept: list[Checkpoint]) -> str:
    if not kept:
        return "The service tells of none."
    return f"Those that can: {', '.join(f'{each.step} ({each.model_id})' for each in kept)}"


def _make_candidate(of: StackModel, chosen: ReleaseRecord) -> None:
    reason = f"displaced by {chosen.model_id}"
    signed = Signed(by=of.person, at=timestamp(of.around.clock.now()), reason=reason)

    def decide(releases: Releases) -> Decided:
        return pointers.record_candidate(releases, chosen, signed=signed, superseded_too=True)

    settled = settle(of.around.stack, of.model, decide)
    of.say_settled(settled)
