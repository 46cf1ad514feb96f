"""Why a run is paused, asked of its events."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial

from jobs.cli.asked import Asked
from jobs.cli.runs.stack_runs import StackRuns
from jobs.errors import CloudFailed, Refused, RunPaused
from jobs.ports import FineTuning
from jobs.tuning.known.known_runs import KnownRun
from jobs.tuning.patience import Patience
from jobs.tuning.polling.pausing import Pause, read_pause, reasons

_EVENTS = 50
"""A pause is said in the last few; a step may be told after it."""
_ANSWERING = timedelta(minutes=1)
"""The reason is only told: nothing waits for it."""


def pause_of(run: KnownRun, known: StackRuns) -> Pause | None:
    """None where it isn't paused. Where its events can't be read the reason is not known."""
    if not run.ours or not run.is_paused or run.job is None:
        return None
    with suppress(CloudFailed, Refused):
        return pause_of_job(run.job.id, known.service_of(run), known.patience)
    return Pause()


def run_paused(
    job_id: str, method: str, service: FineTuning, patience: Patience, asked: Asked, *, again: str
) -> RunPaused:
    """What is said where a run that is waited for is paused: why, what resuming means, and what to type. ``again``:
    what waits for it once more, where it goes on by itself."""
    pause = pause_of_job(job_id, service, patience)
    return RunPaused(
        "the run is paused and waits",
        details=[*reasons(pause, method), "`jobs cancel` ends it."],
        run=job_id,
        next_command=asked.command("resume", job_id) if pause.waits else again,
    )


def pause_of_job(job_id: str, service: FineTuning, patience: Patience) -> Pause:
    """Of one that is paused. Where its events can't be read the reason is not known."""
    with suppress(CloudFailed):
        return read_pause(patience.within(_ANSWERING)(partial(service.events, job_id, _EVENTS)))
    return Pause()
