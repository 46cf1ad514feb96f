"""`jobs show`: everything that is known of one run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import typer

from jobs.cli.asked import Asked
from jobs.cli.program import say_next
from jobs.cli.runs.pauses import pause_of
from jobs.cli.runs.run_page import Details, page
from jobs.cli.runs.run_summary import summary, what_it_waits_for
from jobs.cli.runs.stack_runs import StackRuns, runs_of
from jobs.cli.training import spending
from jobs.errors import CloudFailed, Refused, ServiceRefused
from jobs.plain import plain
from jobs.ports import JobState
from jobs.tuning.curves.measures import measured
from jobs.tuning.known.known_runs import KnownRun
from jobs.tuning.recording import timestamp

_EVENTS = 20


def show_run(name: str, asked: Asked, *, as_json: bool) -> None:
    """Raises what the account answered, where it could not be asked, once the rest is told."""
    with runs_of(asked) as known:
        run = known.named(name)
        silent: CloudFailed | Refused | None = known.silent.get(run.account or "")
        details = Details()
        if run.job is not None:
            try:
                # A list need not tell everything.
                run = replace(run, job=known.job_of(run))
                details = _details(run, known)
            except (CloudFailed, Refused) as error:
                silent = error
        then = what_it_waits_for(run, known, details.pause) or _then(run, known.asked)
        if as_json:
            typer.echo(json.dumps(_document(run, details, known, then), indent=2))
        else:
            for line in page(run, details, known):
                typer.echo(plain(line))
            if then is not None:
                say_next(then)
        if silent is not None:
            raise silent


def _details(run: KnownRun, known: StackRuns) -> Details:
    job = run.job
    if job is None:
        return Details()
    service = known.service_of(run)
    details = Details(pause=pause_of(run, known))
    with suppress(ServiceRefused):
        details = replace(details, checkpoints=tuple(known.asking(partial(service.checkpoints, job.id))))
    if job.status.state is JobState.FAILED and job.error is None:
        with suppress(ServiceRefused):
            events = known.asking(partial(service.events, job.id, _EVENTS))
            details = replace(details, said=tuple(each.message for each in events[::-1] if each.level == "error"))
    attempt = run.attempt
    if attempt is not None and run.run_key is not None and attempt.intent.account in known.outputs.accounts:
        cost = spending.compared(
            run.run_key, attempt.intent, job, known.outputs, blobs=known.blobs, patience=known.patience
        )
        details = replace(details, cost=cost)
    return details


def _then(run: KnownRun, asked: Asked) -> str | None:
    """What may follow, where nothing is waited for."""
    if not run.ours or run.model is None or not run.newest or run.status is None or run.gone:
        return None
    if run.under_way:
        return asked.command("sweep" if run.swept else "watch", run.model)
    return None if run.status.usable else asked.command("sweep" if run.swept else "run", run.model)


def _document(run: KnownRun, details: Details, known: StackRuns, then: str | None) -> Mapping[str, Any]:
    """``journal`` as it is stored, ``record`` as the stack file has it."""
    job, cost = run.job, details.cost
    return {
        "schemaVersion": 1,
        "stack": known.asked.stack,
        **summary(run, known, details.pause),
        "service": None
        if job is None
        else {
            "model": job.model,
            "method": job.method,
            "trainingType": job.training_type,
            "seed": job.seed,
            "hyperparameters": {
                name: value for name, value in asdict(job.hyperparameters).items() if value is not None
            },
            "trainingFile": job.training_file,
            "validationFile": job.validation_file,
            "resultFiles": list(job.result_files),
            "trainedTokens": job.trained_tokens,
            "created": timestamp(job.created_at),
            "error": None if job.error is None else asdict(job.error),
            "said": list(details.said),
        },
        "checkpoints": [
            {"step": each.step, "id": each.id, "modelId": each.model_id, **measured(each.metrics)}
            for each in details.checkpoints
        ],
        "cost": None if cost is None else {"estimated": cost.cost.estimated, "actual": cost.cost.actual},
        "journal": None
        if run.attempt is None
        else run.attempt.model_dump(by_alias=True, mode="json", exclude_none=True),
        "record": None if run.record is None else run.record.model_dump(by_alias=True, mode="json"),
        "next": then,
    }
