"""The learning curve of a run, asked of the account that has its job."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import typer

from jobs.cli.runs.stack_runs import StackRuns
from jobs.errors import CloudFailed, ServiceRefused
from jobs.ports import Checkpoint, FineTuning, Job
from jobs.tuning.curves.learning_curve import LearningCurve, from_events, from_results
from jobs.tuning.polling.following import everything


def curve_of(job: Job, service: FineTuning, known: StackRuns) -> LearningCurve:
    """From its results file, where it has one that says something; else from what it has said."""
    checkpoints: list[Checkpoint] = []
    with suppress(ServiceRefused):
        checkpoints = known.asking(partial(service.checkpoints, job.id))
    for file_id in job.result_files:
        try:
            curve = from_results(known.asking(partial(service.content, file_id)), checkpoints)
        except CloudFailed as error:
            typer.echo(f"jobs: {error}\n  Its events are read instead.", err=True)
            continue
        if curve.samples:
            return curve
    return from_events(everything(job.id, service, known.patience), checkpoints)
