"""`jobs curve`: how a run's training went, or goes, step by step."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from typing import Literal

import typer

from jobs.cli.asked import Asked
from jobs.cli.runs.curve_chart import NARROWEST, chart, signs_for
from jobs.cli.runs.run_curve import curve_of
from jobs.cli.runs.stack_runs import runs_of
from jobs.ports import Job
from jobs.tuning.curves.learning_curve import LearningCurve
from jobs.tuning.curves.measures import WORDS
from jobs.tuning.known.known_runs import KnownRun

Form = Literal["text", "csv", "json"]
_WIDE = 100
"""Columns where nobody knows how wide it is shown."""


def show_curve(name: str, asked: Asked, form: Form) -> None:
    with runs_of(asked) as known:
        run = known.named(name)
        job = known.job_of(run)
        curve = curve_of(job, known.service_of(run), known)
    match form:
        case "csv":
            typer.echo(_as_csv(curve), nl=False)
        case "json":
            typer.echo(json.dumps(_document(curve, job, run), indent=2))
        case "text":
            _say(curve, job, run)


def _say(curve: LearningCurve, job: Job, run: KnownRun) -> None:
    if not curve.samples:
        typer.echo(f"{job.id} is {job.status}, and has told of no step yet.")
        return
    for line in chart(curve, width=_width(), signs=signs_for(sys.stdout.encoding)) if _width() >= NARROWEST else []:
        typer.echo(line)
    last = curve.samples[-1].step
    typer.echo(f"{run.model or 'not of this stack'}: {job.id} is {job.status}; step {last}, by its {curve.source}")
    for name, value in curve.last.items():
        typer.echo(f"  {WORDS[name]}: {value:.4g}")
    best = curve.best
    if best is None:
        typer.echo("  Nothing of a validation is told: no step is the best.")
        return
    typer.echo(f"  best by the {WORDS[best.measure]}: step {best.step}, {best.value:.4g}")
    if best.measure == "valid_loss":
        typer.echo("  That is of a part of the file at each step: it rises and falls by chance.")
    if best.checkpoint is not None and best.step != last:
        where = "there" if best.checkpoint.step == best.step else f"at step {best.checkpoint.step}, before it"
        typer.echo(f"  a checkpoint was kept {where}: {best.checkpoint.model_id}")


def _width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE


def _as_csv(curve: LearningCurve) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", *curve.measures, "checkpoint"])
    kept = {checkpoint.step: checkpoint.model_id for checkpoint in curve.checkpoints}
    for sample in curve.samples:
        cells = [sample.values.get(name, "") for name in curve.measures]
        writer.writerow([sample.step, *cells, kept.get(sample.step, "")])
    return text.getvalue()


def _document(curve: LearningCurve, job: Job, run: KnownRun) -> dict[str, object]:
    best = curve.best
    return {
        "schemaVersion": 1,
        "model": run.model,
        "runKey": run.run_key,
        "job": job.id,
        "status": str(job.status),
        "source": curve.source,
        "steps": [{"step": sample.step, **sample.values} for sample in curve.samples],
        "checkpoints": [{"step": each.step, "id": each.id, "modelId": each.model_id} for each in curve.checkpoints],
        "best": None
        if best is None
        else {
            "step": best.step,
            "measure": best.measure,
            "value": best.value,
            "checkpoint": best.checkpoint.model_id if best.checkpoint is not None else None,
        },
    }
