"""Why a run is paused, asked of its events."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from jobs.cli.stack_runs import StackRuns
from jobs.errors import JobsError
from jobs.tuning.known_runs import KnownRun
from jobs.tuning.pausing import Pause, read_pause

_EVENTS = 50
"""A pause is said in the last few; a step may be told after it."""


def pause_of(run: KnownRun, known: StackRuns) -> Pause | None:
    """None where it isn't paused. Where its events can't be read the reason is not known."""
    if not run.ours or not run.is_paused or run.job is None:
        return None
    with suppress(JobsError):
        return read_pause(known.asking(partial(known.service_of(run).events, run.job.id, _EVENTS)))
    return Pause()
