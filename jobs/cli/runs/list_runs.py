"""`jobs list`: the runs of a stack, and whatever else is in its accounts."""

from __future__ import annotations

import json
from collections.abc import Sequence

import typer

from jobs.cli.asked import Asked
from jobs.cli.columns import NOTHING, fits, say_table
from jobs.cli.others import others
from jobs.cli.program import say_next
from jobs.cli.runs.pauses import pause_of
from jobs.cli.runs.run_summary import how_it_stands, minute, recorded_as, summary, what_it_waits_for
from jobs.cli.runs.stack_runs import StackRuns, runs_of
from jobs.errors import Usage
from jobs.tuning.known.known_runs import KnownRun
from jobs.tuning.known.pointing import handle, short
from jobs.tuning.polling.pausing import Pause, reasons

_HEADINGS = ("MODEL", "RUN", "JOB", "STATUS", "CREATED", "ENDED", "ACCOUNT", "RESULT")
_NOT_OURS = "not of this stack"


def list_runs(model: str | None, asked: Asked, *, everything: bool, as_json: bool) -> None:
    """Raises what an account answered that could not be asked, once the rest is told."""
    with runs_of(asked) as known:
        shown = _shown(known, model, everything=everything)
        pauses = {handle(run): pause for run in shown if (pause := pause_of(run, known)) is not None}
        if as_json:
            _say_document(known, shown, pauses)
        else:
            _say_text(known, shown, pauses, left_out=len(_of(known, model)) - len(shown))
        known.say_unreadable()
        if known.unreadable:
            typer.echo("Their jobs are listed as if they were not of this stack.", err=True)
        silent = list(known.silent.values())
        for error in silent[:-1]:
            typer.echo(f"jobs: {error}", err=True)
        if silent:
            raise silent[-1]


def _of(known: StackRuns, model: str | None) -> list[KnownRun]:
    """Raises Usage where nobody knows such a model."""
    if model is None:
        return list(known.runs)
    found = [run for run in known.runs if run.model == model]
    if not found and model not in known.outputs.models:
        names = {*known.outputs.models, *(run.model for run in known.runs if run.model is not None)}
        raise Usage(f"there is no model {model}{others(model, names)}")
    return found


def _shown(known: StackRuns, model: str | None, *, everything: bool) -> list[KnownRun]:
    """Unless everything is wanted: the newest attempt of each run, and of others' jobs those that take up room."""
    return [run for run in _of(known, model) if everything or (run.newest if run.ours else run.under_way)]


def _say_text(known: StackRuns, shown: Sequence[KnownRun], pauses: dict[str, Pause], *, left_out: int) -> None:
    stack = known.asked.stack
    if shown:
        rows = [_cells(run, known, whole=True) for run in shown]
        brief = [_cells(run, known, whole=False) for run in shown]
        say_table(_HEADINGS, rows if fits(_HEADINGS, rows) or not fits(_HEADINGS, brief) else brief, title=2)
    else:
        typer.echo(f"There are no runs of stack {stack}{', nor others under way in its accounts' if left_out else ''}.")
    if left_out:
        typer.echo(f"{left_out} not shown, earlier attempts and jobs of others that have ended: --all shows them too.")
    for run in shown:
        if (pause := pauses.get(handle(run))) is not None:
            typer.echo(f"{run.model} {short(run)} is {run.words}.")
            for line in reasons(pause, run.method):
                typer.echo(f"  {line}")
    commands = [what_it_waits_for(run, known, pauses.get(handle(run))) for run in shown]
    for command in dict.fromkeys(command for command in commands if command is not None):
        say_next(command)


def _cells(run: KnownRun, known: StackRuns, *, whole: bool) -> tuple[str, ...]:
    """``whole``: with IDs as they are, not as much of them as names a run."""
    job = run.job_id or NOTHING
    place = recorded_as(run, known) if run.ours else _NOT_OURS
    result = " · ".join(part for part in (place, run.model_id if whole else None) if part)
    return (
        run.model or NOTHING,
        short(run) if run.ours else (run.suffix or NOTHING),
        job if whole else job[: len("ftjob-") + 8],
        how_it_stands(run, known),
        minute(run.job.created_at if run.job is not None else run.begun),
        _ended(run),
        run.account or NOTHING,
        result or NOTHING,
    )


def _ended(run: KnownRun) -> str:
    job = run.job
    if job is None:
        return NOTHING
    if job.finished_at is not None:
        return minute(job.finished_at)
    return f"about {minute(job.estimated_finish)}" if job.estimated_finish is not None else NOTHING


def _say_document(known: StackRuns, shown: Sequence[KnownRun], pauses: dict[str, Pause]) -> None:
    document = {
        "schemaVersion": 1,
        "stack": known.asked.stack,
        "runs": [summary(run, known, pauses.get(handle(run))) for run in shown],
        "unreadable": [str(error) for error in known.unreadable],
        "notAsked": {account: str(error) for account, error in known.silent.items()},
    }
    typer.echo(json.dumps(document, indent=2))
