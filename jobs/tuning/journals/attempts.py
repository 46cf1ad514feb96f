"""Attempts of a run as values: how one begins, and what becomes of it. Pure.

Each change may be made twice, since an answer of the storage may be lost: the second time it changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contract.outputs import AccountOutput
from contract.release import Digests
from jobs.ports import Job
from jobs.tuning.journals.journal import (
    Attempt,
    BegunUpload,
    Entry,
    Intent,
    Journal,
    KnownJob,
    Result,
    SeenStatus,
    SentFile,
    Swept,
)
from jobs.tuning.recording import timestamp
from jobs.tuning.run import Run


@dataclass(frozen=True)
class Circumstances:
    """What surrounds a run, and its record needs. ``account_key``: the account's name in the stack; ``estimated`` in
    US dollars; ``examples`` in the training file; ``anew``: with `--new`; ``system_message``: what all share."""

    by: str
    stack: str
    account_key: str
    account: AccountOutput
    system_message: str | None = None
    examples: int | None = None
    anew: bool = False
    estimated: float | None = None
    swept: Swept | None = None


def intent_of(run: Run, around: Circumstances, now: datetime) -> Intent:
    return Intent(
        at=timestamp(now),
        by=around.by,
        stack=around.stack,
        account=around.account_key,
        account_id=around.account.id,
        parent_model_id=run.parent_model_id,
        suffix=run.suffix,
        method=run.spec.method,
        training_type=run.spec.training_type,
        seed=run.spec.seed,
        hyperparameters=run.spec.hyperparameters,
        digests=Digests(
            train=run.digests.train,
            validation=run.digests.validation,
            holdout=run.digests.holdout,
            tune_yaml=run.tune_yaml_digest,
        ),
        system_message=around.system_message,
        examples=around.examples,
        anew=around.anew,
        estimated=around.estimated,
        sweep=around.swept,
    )


def begun(journal: Journal | None, run: Run, attempt: Attempt) -> Journal:
    """The journal with an attempt that is open: one that was begun and never got a job goes on, with what is there."""
    if journal is None:
        return Journal(run_key=run.key, model=run.model, attempts=(attempt,))
    if journal.last.job is not None:
        return journal.with_attempt(attempt)
    # What `--new` has begun stays that, whoever goes on with it.
    intent = attempt.intent.model_copy(update={"anew": attempt.intent.anew or journal.last.intent.anew})
    return journal.with_last(lambda last: last.model_copy(update={"intent": intent}))


def adopted(journal: Journal | None, run: Run, attempt: Attempt, job: Job, now: datetime) -> Journal:
    """The journal with ``job``, which somebody had submitted. It belongs to the open attempt, if one is."""
    if journal is not None and journal.of_job(job.id) is not None:
        return journal
    known = KnownJob(id=job.id, at=timestamp(now), how="adopted")
    if journal is not None and journal.last.job is None and job.id not in journal.last.before:
        return journal.with_last(lambda last: submitted(last, known))
    attempt = submitted(attempt, known)
    if journal is None:
        return Journal(run_key=run.key, model=run.model, attempts=(attempt,))
    return journal.with_attempt(attempt)


def stored(attempt: Attempt, dataset: str, now: datetime) -> Attempt:
    return attempt.model_copy(update={"stored": {dataset: timestamp(now), **attempt.stored}})


def uploading(attempt: Attempt, dataset: str, begun: BegunUpload) -> Attempt:
    """Written before each request that may become a file, and after each part of one."""
    return attempt.model_copy(update={"uploads": attempt.uploads | {dataset: begun}})


def sent(attempt: Attempt, dataset: str, file_id: str, now: datetime) -> Attempt:
    before = attempt.files.get(dataset)
    known = before if before is not None and before.id == file_id else SentFile(id=file_id, at=timestamp(now))
    uploads = {key: begun for key, begun in attempt.uploads.items() if key != dataset}
    return attempt.model_copy(update={"uploads": uploads, "files": attempt.files | {dataset: known}})


def submitting(attempt: Attempt, now: datetime) -> Attempt:
    """Written before each request for the job."""
    at = timestamp(now)
    if attempt.submitting[-1:] == (at,):
        return attempt
    return attempt.model_copy(update={"submitting": (*attempt.submitting, at)})


def not_submitted(attempt: Attempt) -> Attempt:
    """It is certain that no request for the job took effect."""
    return attempt.model_copy(update={"submitting": ()})


def submitted(attempt: Attempt, job: KnownJob) -> Attempt:
    return attempt if attempt.job is not None else attempt.model_copy(update={"job": job})


def seen(journal: Journal, job: Job, now: datetime) -> Journal:
    """The journal with the job's status, and with its result where it has made a model."""
    number = journal.of_job(job.id)
    if number is None:
        return journal
    attempt = journal.attempts[number]
    if attempt.status is None or attempt.status.text != job.status.text:
        attempt = attempt.model_copy(update={"status": SeenStatus(text=job.status.text, at=timestamp(now))})
    if attempt.result is None and job.fine_tuned_model is not None:
        made = Result(model_id=job.fine_tuned_model, trained_tokens=job.trained_tokens, at=timestamp(now))
        attempt = attempt.model_copy(update={"result": made})
    return _with(journal, number, attempt)


def recorded(journal: Journal, job_id: str, entry: Entry) -> Journal:
    """The journal that knows of the record; what it knew before stays."""
    number = journal.of_job(job_id)
    if number is None or journal.attempts[number].recorded is not None:
        return journal
    return _with(journal, number, journal.attempts[number].model_copy(update={"recorded": entry}))


def _with(journal: Journal, number: int, attempt: Attempt) -> Journal:
    attempts = (*journal.attempts[:number], attempt, *journal.attempts[number + 1 :])
    return journal.model_copy(update={"attempts": attempts})
