"""`jobs pause`, `jobs resume` and `jobs cancel`: what it means is said, agreed to, and asked of the service once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import typer

from jobs.cli.asked import Asked
from jobs.cli.consent import consent
from jobs.cli.program import say_next
from jobs.cli.runs.pauses import pause_of
from jobs.cli.runs.stack_runs import StackRuns, not_ours, runs_of
from jobs.cli.training import journalling
from jobs.cli.training.stack_model import StackModel
from jobs.errors import CloudFailed, DeadlinePassed, Refused, Unsettled
from jobs.ports import Job, JobState
from jobs.tuning.known import change as changing
from jobs.tuning.known.change import Change
from jobs.tuning.known.finishing import Standing
from jobs.tuning.known.known_runs import KnownRun
from jobs.tuning.polling.pausing import Pause, lifts_a_limit, reasons

_LIMIT = "--without-limit"


@dataclass(frozen=True)
class Wish:
    """What the verb was told. ``without_limit``: that a run may go on whatever it costs; ``again``: the flags with
    which the same would be typed once more."""

    yes: bool
    wait: bool
    without_limit: bool
    again: tuple[str, ...]


def change_run(change: Change, name: str, asked: Asked, deadline: timedelta, wish: Wish) -> None:
    """Raises Refused where the run can't be changed so, or isn't this stack's."""
    with runs_of(asked, deadline) as known:
        run = known.named(name, under_way=True)
        if not run.ours:
            raise not_ours(run, asked.stack)
        if run.job is not None and not run.certain:
            raise _perhaps_not_ours(run, asked)
        try:
            job = known.job_of(run)
            _change(change, replace(run, job=job), job, known, wish)
        except Unsettled as error:
            # Typed again it looks first.
            raise error.located(run=run.job_id, next_command=_again(change, run, asked, wish)) from None


def _change(change: Change, run: KnownRun, job: Job, known: StackRuns, wish: Wish) -> None:
    if changing.done(change, job):
        _refuse_preempted(change, run, job, known)
        _say(run, f"nothing to do: {job.id} is {job.status}")
    else:
        try:
            changing.refuse(change, job)
        except Refused as refused:
            raise refused.located(next_command=_instead(run, job, known)) from None
        _agreed(change, run, job, known, wish)
        try:
            job = changing.ask(change, job, known.service_of(run), known.patience)
        except Refused as refused:
            raise refused.located(next_command=known.asked.command("show", job.id)) from None
        _seen(run, job, known)
    if wish.wait and not changing.arrived(change, job):
        job = _waited(change, run, job, known, wish)
    _say_what_follows(change, run, job, known)


def _refuse_preempted(change: Change, run: KnownRun, job: Job, known: StackRuns) -> None:
    """One that goes on by itself isn't paused as somebody means it who pauses it. Raises Refused."""
    pause = pause_of(run, known) if change is Change.PAUSE else None
    if pause is not None and not pause.waits:
        raise Refused(
            f"the run is {job.status}, but not by anybody: it cannot be paused now",
            details=[*reasons(pause, run.method), "It can be paused once it runs again; `jobs cancel` ends it."],
            run=job.id,
            next_command=known.asked.command("show", job.id),
        )


def _perhaps_not_ours(run: KnownRun, asked: Asked) -> Refused:
    return Refused(
        f"{run.job_id} may be another stack's: the answer was lost when this run was submitted; nothing was changed",
        details=["Whoever takes the run up finds out whether it is its own."],
        run=run.job_id,
        next_command=asked.command("sweep" if run.swept else "run", run.model),
    )


def _agreed(change: Change, run: KnownRun, job: Job, known: StackRuns, wish: Wish) -> None:
    lines, limit = _meaning(change, run, job, known)
    _say(run, f"{change.value} {job.id}, which is {job.status}")
    for line in lines:
        typer.echo(f"  {line}")
    if wish.yes and (wish.without_limit or not limit):
        return
    flags = ["--yes", *([_LIMIT] if limit else [])]
    command = _again(change, run, known.asked, wish, *flags)
    if wish.yes:
        why = "resuming it may take its spending limit away: that is agreed to by its own flag"
        raise Refused(f"{why}, {_LIMIT}; nothing was changed", run=job.id, next_command=command)
    beyond = " whatever it costs" if limit else ""
    question = f"{change.value.capitalize()} it{beyond}?"
    unasked = f"this would {change.value} {job.id}{beyond}"
    consent(question, unasked=unasked, otherwise="nothing was changed", command=command)


def _meaning(change: Change, run: KnownRun, job: Job, known: StackRuns) -> tuple[Sequence[str], bool]:
    """What it means, and whether a spending limit may go with it."""
    if change is not Change.RESUME:
        return changing.meaning(change, job), False
    pause = pause_of(run, known) or Pause()
    method = run.method or job.method
    return reasons(pause, method), lifts_a_limit(pause, method)


def _waited(change: Change, run: KnownRun, job: Job, known: StackRuns, wish: Wish) -> Job:
    try:
        job = changing.wait(change, job, known.service_of(run), known.patience)
    except DeadlinePassed as error:
        raise error.located(next_command=_again(change, run, known.asked, wish, "--yes", "--wait")) from None
    _seen(run, job, known)
    return job


def _seen(run: KnownRun, job: Job, known: StackRuns) -> None:
    """Said, and noted in the journal."""
    _say(run, f"{job.id} is {job.status}")
    if run.attempt is not None and run.model is not None and run.run_key is not None:
        of = StackModel(known.asked, known.around, known.outputs, known.patience, run.model)
        journalling.see(of, run.run_key, job)


def _say_what_follows(change: Change, run: KnownRun, job: Job, known: StackRuns) -> None:
    asked = known.asked
    match job.status.state:
        case JobState.PAUSED:
            # It is only told: the service may not have passed it yet.
            with suppress(CloudFailed):
                for checkpoint in known.asking(partial(known.service_of(run).checkpoints, job.id))[-1:]:
                    _say(run, f"its checkpoint of step {checkpoint.step} can be deployed: {checkpoint.model_id}")
            say_next(asked.command("resume", job.id))
        case JobState.PAUSING | JobState.CANCELLED:
            say_next(asked.command("show", job.id))
        case _ if change is Change.RESUME and run.model is not None:
            say_next(asked.command("sweep" if run.swept else "watch", run.model))
        case _:
            say_next(asked.command("show", job.id))


def _instead(run: KnownRun, job: Job, known: StackRuns) -> str:
    """What may be typed where the run can't be changed so."""
    if known.standing_of(run) is Standing.DUE and run.model is not None:
        return known.asked.command("record", run.model)
    return known.asked.command("show", job.id)


def _again(change: Change, run: KnownRun, asked: Asked, wish: Wish, *flags: str) -> str:
    """The same once more: of this very job, since a model's newest run may be another by then."""
    every = dict.fromkeys((*wish.again, *flags))
    return asked.command(change.value, run.job_id, *every)


def _say(run: KnownRun, text: str) -> None:
    typer.echo(f"{run.model or run.account}: {text}")
