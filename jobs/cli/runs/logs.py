"""`jobs logs`: what a run's job has said."""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Callable
from datetime import timedelta

import typer

from jobs.cli.asked import Asked
from jobs.cli.runs.stack_runs import runs_of
from jobs.errors import DeadlinePassed
from jobs.ports import Event, JobState
from jobs.tuning.polling.following import MOST, Following, everything
from jobs.tuning.polling.pausing import read_pause
from jobs.tuning.recording import timestamp

_OF_A_PAUSE = 50
"""Why a run is paused is said in the last few events."""


def show_logs(name: str, asked: Asked, deadline: timedelta, *, follow: bool, as_json: bool, again: str) -> None:
    """Each event once, oldest first. ``again``: the command to type where the deadline has passed."""
    tell = _as_json if as_json else _as_line
    with runs_of(asked, deadline) as known:
        run = known.named(name)
        job = known.job_of(run)
        service = known.service_of(run)
        if not follow:
            events = everything(job.id, service, known.patience)
            if len(events) >= MOST:
                typer.echo(f"Only the newest {MOST:,} events of {job.id} follow.", err=True)
            for event in events:
                typer.echo(tell(event))
            if not events:
                typer.echo(f"{job.id} is {job.status} and has said nothing yet.", err=True)
            return
        following = Following(job, service, known.patience)
        try:
            _follow(following, tell)
        except DeadlinePassed as error:
            raise error.located(next_command=again) from None
        typer.echo(f"{job.id} is {following.job.status}.", err=True)


def _follow(following: Following, tell: Callable[[Event], str]) -> None:
    """With a word, once for each pause, where somebody is waited for."""
    said = False
    newest: deque[Event] = deque(maxlen=_OF_A_PAUSE)
    for news in following.looks():
        for event in news:
            typer.echo(tell(event))
            newest.appendleft(event)
        paused = following.job.status.state is JobState.PAUSED
        if paused and not said and read_pause(list(newest)).waits:
            typer.echo(f"{following.job.id} is paused and waits: `jobs resume` or `jobs cancel`.", err=True)
        said = paused


def _as_line(event: Event) -> str:
    """In UTC. What is no news to anybody, its level ``info``, isn't said."""
    level = "" if event.level == "info" else f"{event.level}: "
    return f"{timestamp(event.at)}  {level}{event.message}"


def _as_json(event: Event) -> str:
    told = {
        "id": event.id,
        "at": timestamp(event.at),
        "level": event.level,
        "message": event.message,
        "metrics": {name: value for name, value in event.metrics.items() if math.isfinite(value)},
    }
    return json.dumps(told)
