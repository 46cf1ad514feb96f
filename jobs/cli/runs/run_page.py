"""A run as a page of text: what was meant, how far it is, what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from jobs.cli.runs.run_summary import how_it_stands, minute, recorded_as
from jobs.cli.runs.stack_runs import StackRuns
from jobs.cli.training.spending import Comparison
from jobs.plain import one_line
from jobs.planning.money import words
from jobs.ports import Checkpoint, Job
from jobs.tuning.curves.measures import WORDS, measured
from jobs.tuning.journals.journal import Attempt, Intent
from jobs.tuning.known.known_runs import KnownRun
from jobs.tuning.known.pointing import short
from jobs.tuning.polling.pausing import Pause, reasons

_WIDE = 14
_SYSTEM = 80
"""Characters of a system message that are shown."""


@dataclass(frozen=True)
class Details:
    """What is asked about one run alone. ``said``: why it failed, where the job itself doesn't tell."""

    pause: Pause | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    cost: Comparison | None = None
    said: tuple[str, ...] = ()


def page(run: KnownRun, details: Details, known: StackRuns) -> Iterator[str]:
    """Line by line."""
    head = f"{run.model} {short(run)}" if run.ours else f"{run.job_id}, not of this stack"
    yield f"{head}: {how_it_stands(run, known)}"
    if details.pause is not None:
        yield from (f"  {line}" for line in reasons(details.pause, run.method))
    for name, text in _facts(run, details, known):
        if text:
            yield f"  {name:<{_WIDE}}{text}"
    if run.attempt is not None:
        yield ""
        yield from (f"  {at}  {what}" for at, what in _steps(run.attempt))
    if details.checkpoints:
        yield ""
        yield "  checkpoints"
        for each in details.checkpoints:
            figures = "".join(f" · {WORDS[name]} {value:.4g}" for name, value in measured(each.metrics).items())
            yield f"    step {each.step}: {each.model_id}{figures}"


def _facts(run: KnownRun, details: Details, known: StackRuns) -> Iterator[tuple[str, str]]:
    job, record = run.job, run.record
    yield "run key", run.run_key or ""
    yield "job", run.job_id or ""
    account = known.outputs.accounts.get(run.account or "")
    yield "account", f"{run.account} ({account.name})" if account is not None else f"{run.account}, not in the stack"
    if run.attempt is not None:
        yield from _meant(run.attempt.intent)
    elif job is not None:
        yield "trained from", ", ".join(part for part in (job.model, job.method, job.training_type) if part)
    if job is not None:
        yield from _as_told(job)
    if details.cost is not None:
        yield "cost", details.cost.words().removeprefix("training cost: ")
    elif record is not None:
        told = (("estimated", record.cost.estimated), ("actual", record.cost.actual))
        yield "cost", "; ".join(f"{name} {_dollars(value)}" for name, value in told)
    made = " · ".join(part for part in (run.model_id, recorded_as(run, known)) if part)
    yield "model", made
    if job is not None and job.error is not None:
        code = f" ({job.error.code})" if job.error.code else ""
        yield "why", f"{job.error.message}{code}"
    for line in details.said:
        yield "why", line


def _meant(intent: Intent) -> Iterator[tuple[str, str]]:
    yield "begun", f"{intent.at} by {intent.by}, for stack {intent.stack}"
    yield "trained from", f"{intent.parent_model_id}, {intent.method}, {intent.training_type}, seed {intent.seed}"
    asked = {name: value for name, value in intent.hyperparameters if value != "auto"}
    yield "asked for", _listed(asked) or "what the service chooses"
    if intent.sweep is not None:
        tried = _listed(intent.sweep.tried)
        yield "sweep", f"point {intent.sweep.point} of {intent.sweep.points}: {tried}"
    for name, digest in intent.digests:
        if digest is not None:
            yield name.replace("tune_yaml", "tune.yaml"), f"sha256 {digest}"
    if intent.system_message is not None:
        text = one_line(intent.system_message)
        yield "system", text if len(text) <= _SYSTEM else f"{text[: _SYSTEM - 1]}…"


def _as_told(job: Job) -> Iterator[tuple[str, str]]:
    yield "chosen", _listed({name: value for name, value in asdict(job.hyperparameters).items() if value is not None})
    files = (("train", job.training_file), ("validation", job.validation_file))
    yield "files", ", ".join(f"{name} {file_id}" for name, file_id in files if file_id)
    yield "created", minute(job.created_at)
    if job.finished_at is not None:
        yield "ended", minute(job.finished_at)
    elif job.estimated_finish is not None:
        yield "ends", f"about {minute(job.estimated_finish)}"
    if job.trained_tokens is not None:
        yield "tokens", f"{job.trained_tokens:,} billed"


def _steps(attempt: Attempt) -> list[tuple[str, str]]:
    """What the journal says was done, and when, in that order."""
    steps = [(attempt.intent.at, f"begun by {attempt.intent.by}")]
    steps += [(at, f"{dataset} is in the stack's storage") for dataset, at in attempt.stored.items()]
    steps += [(file.at, f"{dataset} is {file.id} of the account") for dataset, file in attempt.files.items()]
    lost = ", and no answer is known" if attempt.unsettled else ""
    steps += [(at, f"the account was asked for the job{lost}") for at in attempt.submitting]
    if attempt.job is not None:
        how = "submitted" if attempt.job.how == "submitted" else "taken up: it was submitted before"
        steps.append((attempt.job.at, f"{how} ({attempt.job.id})"))
    if attempt.status is not None:
        steps.append((attempt.status.at, f"seen {attempt.status.text}"))
    if attempt.result is not None:
        steps.append((attempt.result.at, f"has made {attempt.result.model_id}"))
    if attempt.recorded is not None:
        steps.append((attempt.recorded.at, f"recorded as {attempt.recorded.role} by {attempt.recorded.by}"))
    return sorted(steps, key=lambda step: step[0])


def _dollars(value: float | None) -> str:
    return "not known" if value is None else words(Decimal(str(value)))


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items())
