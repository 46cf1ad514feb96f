"""`jobs report`: one page of HTML about one model, for people who have neither the tool nor the stack."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import typer

from contract.catalog.prices import Prices
from contract.hosting import hosting_cost
from contract.outputs import ModelOutput, ServedOutput, StackOutputs
from contract.release import ReleaseRecord, Releases
from jobs.cli.asked import Asked
from jobs.cli.others import others
from jobs.cli.runs.run_curve import curve_of
from jobs.cli.runs.stack_runs import StackRuns, runs_of
from jobs.errors import JobsError, Refused, Unreadable, Usage
from jobs.evaluation.kept_scorecards import read
from jobs.evaluation.reporting.page import SIGN, DeployedIn, Reported, page
from jobs.evaluation.scorecard import OF_OTHERS, Scorecard
from jobs.tuning.curves.learning_curve import LearningCurve
from jobs.tuning.known.known_runs import KnownRun
from jobs.tuning.recording import timestamp


def write_report(model: str, asked: Asked, out: Path, of: str | None) -> None:
    """``of``: a place in the stack file (``live``) or a model ID; the candidate unless given, or else what is live."""
    _refuse_others_file(out)
    with runs_of(asked) as known:
        outputs, releases = known.outputs, known.releases
        if model not in releases and model not in outputs.models:
            raise Usage(f"neither the stack file nor the stack outputs have a model {model}{others(model, releases)}")
        role, record = _meant(model, releases.get(model, Releases()), of, asked)
        reported = _reported(model, role, record, known)
    _replace(out, page(reported))
    typer.echo(f"{model}: {record.model_id}, {role}: written to {out}")
    for missing in (reported.why_no_scorecard, reported.why_no_curve):
        if missing is not None:
            typer.echo(f"  without: {missing}")


def _meant(model: str, releases: Releases, of: str | None, asked: Asked) -> tuple[str, ReleaseRecord]:
    """The record, and the key it stands under."""
    places = releases.places()
    if not places:
        run = asked.command("run", model)
        raise Refused(f"{model} has no record in the stack file: nothing was trained yet", next_command=run)
    if of is None:
        # ``places`` has the candidate first, then what is live.
        return places[0]
    for place, record in places:
        if of in (place, record.model_id):
            return place, record
    there = "; ".join(f"{place} {record.model_id}" for place, record in places)
    raise Usage(f"{model} has no record {of!r} (there are: {there})")


def _reported(model: str, role: str, record: ReleaseRecord, known: StackRuns) -> Reported:
    scorecard, why_no_scorecard = _scorecard(model, record, known)
    run = _run_of(record, known)
    curve, why_no_curve = _curve(record, run, known)
    examples = {"holdout": scorecard.examples if scorecard is not None else None}
    if run is not None and run.attempt is not None:
        examples["training"] = run.attempt.intent.examples
    return Reported(
        model=model,
        stack=known.outputs.environment.name,
        role=role,
        record=record,
        at=timestamp(known.around.clock.now()),
        scorecard=scorecard,
        why_no_scorecard=why_no_scorecard,
        curve=curve,
        why_no_curve=why_no_curve,
        examples=examples,
        deployments=_deployments(record, known.outputs.models.get(model), known.outputs),
    )


def _scorecard(model: str, record: ReleaseRecord, known: StackRuns) -> tuple[Scorecard | None, str | None]:
    if record.evaluation is None:
        return None, "the scorecard: this model has not been evaluated"
    try:
        card = read(known.blobs, model, record.evaluation.answers, known.patience)
    except Unreadable as error:
        return None, f"the scorecard: {error.what}"
    if card is None:
        of = record.evaluation.stack
        where = "" if of == known.outputs.environment.name else f"; it was evaluated in {of}, whose storage has it"
        return None, f"the scorecard: this stack's storage has none of its answers{where}"
    if not card.is_of(record.evaluation):
        return None, OF_OTHERS
    return card, None


def _run_of(record: ReleaseRecord, known: StackRuns) -> KnownRun | None:
    return next((run for run in known.runs if run.job_id == record.job_id), None)


def _curve(record: ReleaseRecord, run: KnownRun | None, known: StackRuns) -> tuple[LearningCurve | None, str | None]:
    if run is None or run.job is None:
        where = record.source or record.trained_in
        return None, f"the learning curve: {record.job_id} is not to be seen from this stack; it was trained in {where}"
    try:
        return curve_of(run.job, known.service_of(run), known), None
    except JobsError as error:
        return None, f"the learning curve: {error.in_a_line}"


def _deployments(record: ReleaseRecord, output: ModelOutput | None, outputs: StackOutputs) -> tuple[DeployedIn, ...]:
    served: list[ServedOutput] = []
    if output is not None:
        served = [each for each in (output.live, output.candidate, *output.previous) if each is not None]
    prices = Prices(outputs.environment.prices)
    return tuple(
        DeployedIn(
            account,
            outputs.accounts[account].location if account in outputs.accounts else "",
            deployment,
            each.sku,
            hosting_cost(each.sku, prices).per_30_days,
        )
        for each in served
        if each.model_id == record.model_id
        for account, deployment in each.deployments.items()
    )


def _refuse_others_file(out: Path) -> None:
    """Raises Refused where something is there that no report is: nobody's file is written over."""
    if out.is_dir():
        raise Usage(f"--out: {out} is a folder; name a file in it")
    if not out.parent.is_dir():
        raise Usage(f"--out: there is no folder {out.parent}")
    with suppress(FileNotFoundError), out.open("rb") as file:
        if (head := file.read(2000)) and SIGN.encode() not in head:
            raise Refused(f"{out} is there already, and is no report: name another file with --out")


def _replace(out: Path, text: str) -> None:
    """At one stroke: an interrupted command leaves the old page."""
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as aside:
        path = Path(aside.name)
    try:
        path.write_text(text, encoding="utf-8")
        umask = os.umask(0)
        os.umask(umask)
        path.chmod(0o666 & ~umask)
        path.replace(out)
    finally:
        path.unlink(missing_ok=True)
