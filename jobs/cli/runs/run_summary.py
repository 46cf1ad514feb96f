"""A run in a few words, for lists and pages, and for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jobs.cli.runs.stack_runs import StackRuns
from jobs.ports import JobState
from jobs.tuning.journals.holder import has_died
from jobs.tuning.journals.journal import Lease
from jobs.tuning.known.finishing import Standing
from jobs.tuning.known.known_runs import KnownRun
from jobs.tuning.known.pointing import handle
from jobs.tuning.polling.pausing import Pause, lifts_a_limit
from jobs.tuning.recording import timestamp


def what_it_waits_for(run: KnownRun, known: StackRuns, pause: Pause | None) -> str | None:
    """The command, of whoever reads this, that the run waits for; None where it needs nobody."""
    if not run.ours or run.model is None or not run.newest:
        return None
    asked = known.asked
    if known.standing_of(run) is Standing.DUE:
        return asked.command("record", run.model)
    if run.waits_for_a_job and held_by(run, known.around.clock.now()) is None:
        return asked.command("sweep" if run.swept else "run", run.model)
    paused = run.job is not None and run.job.status.state is JobState.PAUSED
    return asked.command("resume", handle(run)) if paused and pause is not None and pause.waits else None


def how_it_stands(run: KnownRun, known: StackRuns) -> str:
    number = f" (attempt {run.number} of {run.of})" if run.of > 1 else ""
    held = ""
    if run.waits_for_a_job:
        lease = held_by(run, known.around.clock.now())
        held = f"; {lease.holder} works on it until {lease.until}" if lease is not None else "; nobody works on it"
    return f"{run.words}{held}{number}"


def recorded_as(run: KnownRun, known: StackRuns) -> str:
    """Where the stack file has its model, or why it hasn't; nothing where there is no model."""
    if run.place is not None:
        place, record = run.place.partition("[")[0], run.record
        if record is None or record.checkpoint is None:
            return place
        return f"{place} (its checkpoint of step {record.model_id.rpartition('-')[2]})"
    if run.swept:
        return "a point of a sweep"
    match known.standing_of(run):
        case Standing.DUE:
            return "not recorded"
        case Standing.OVERTAKEN:
            return "not recorded: a later run is"
        case _:
            return ""


def minute(moment: datetime) -> str:
    """In UTC, as everything that is stored."""
    return f"{moment:%Y-%m-%d %H:%MZ}"


def summary(run: KnownRun, known: StackRuns, pause: Pause | None) -> dict[str, Any]:
    """A run for programs; null is what nobody knows."""
    job, lease = run.job, held_by(run, known.around.clock.now())
    return {
        "ofThisStack": run.ours,
        "model": run.model,
        "runKey": run.run_key,
        "attempt": run.number,
        "attempts": run.of,
        "job": run.job_id,
        "suffix": run.suffix,
        "account": run.account,
        "status": str(run.status) if run.status is not None else None,
        "standing": run.words,
        "begun": timestamp(run.begun),
        "created": timestamp(job.created_at) if job is not None else None,
        "ended": timestamp(job.finished_at) if job is not None and job.finished_at is not None else None,
        "expected": timestamp(job.estimated_finish) if job is not None and job.estimated_finish is not None else None,
        "modelId": run.model_id,
        "recordedAs": run.place,
        "recordMissing": known.standing_of(run) is Standing.DUE,
        "heldBy": None if lease is None else {"holder": lease.holder, "until": lease.until},
        "pause": None
        if pause is None
        else {
            "cause": pause.cause.value,
            "since": timestamp(pause.since) if pause.since is not None else None,
            "said": pause.said,
            "resumingMayLiftLimit": lifts_a_limit(pause, run.method),
        },
    }


def held_by(run: KnownRun, now: datetime) -> Lease | None:
    """Who works on it; nobody where that was a process of this machine that has died."""
    lease = run.held(now)
    return None if lease is None or has_died(lease.process) else lease
