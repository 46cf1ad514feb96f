"""What may go: old, ours by its name, and needed by nobody that can be seen. Pure; what can't be verified stays.

What is kept beside what is deleted: everything that a stack file or a tune.yaml of any branch names, that a journal
names which itself is kept, that a job which has not ended uses, and that a visible account deploys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from jobs.cleaning.inventory import Account, Inventory, StoredRun
from jobs.ports import Job, ListedBlob, StoredFile
from jobs.tuning.files.namesakes import PURPOSE
from jobs.tuning.files.upload import file_name
from jobs.tuning.journals.journal import Attempt
from jobs.tuning.known.known_runs import moment

Kind = Literal["file", "answers", "scorecard", "dataset", "plan", "run"]
ORDER: tuple[Kind, ...] = ("file", "answers", "scorecard", "dataset", "plan", "run")
"""In which things are deleted: a run's journal last, since it alone says whose the rest is."""
_DATASET = re.compile(r"([0-9a-f]{64})\.jsonl")
_PLAN = re.compile(r"([0-9a-f]{64})/plan\.json")
_ANSWERS = re.compile(r"answers/[^/]+/([0-9a-f]{16})/[^/]+\.jsonl")
_NAMED = "a stack file or a run that is kept names its model, or an account deploys it"
_SCORECARD = re.compile(r"evaluations/[^/]+/([0-9a-f]{64})\.json")


@dataclass(frozen=True)
class Item:
    """Something that may go. ``key``: a blob's ETag, or a file's ID; ``account``: of a file."""

    kind: Kind
    name: str
    key: str
    size: int
    at: datetime
    account: str | None = None
    about: str = ""


@dataclass(frozen=True)
class Kept:
    """Something as old that stays, and why."""

    kind: Kind
    name: str
    why: str


@dataclass(frozen=True)
class Decision:
    """``items`` in the order in which they go. ``left``: jobs and models of runs that go, which no API deletes."""

    items: tuple[Item, ...]
    kept: tuple[Kept, ...]
    left: tuple[str, ...] = ()


def decide(seen: Inventory, older_than: timedelta) -> Decision:
    found = list(_Deciding(seen, seen.at - older_than).all())
    items = sorted((each for each in found if isinstance(each, Item)), key=lambda each: ORDER.index(each.kind))
    going = {each.name for each in items if each.kind == "run"}
    left = [
        f"{job.id}{f', which made {job.fine_tuned_model}' if job.fine_tuned_model else ''}"
        for run in seen.runs
        if run.blob.name in going and run.journal is not None
        for attempt in run.journal.attempts
        if (job := _job(seen, attempt)) is not None
    ]
    return Decision(tuple(items), tuple(each for each in found if isinstance(each, Kept)), tuple(left))


class _Deciding:
    """One look, and the moment that things have to be older than."""

    def __init__(self, seen: Inventory, before: datetime) -> None:
        self._seen = seen
        self._before = before
        self._needed = seen.references | seen.deployed
        self._whys: dict[str, str | None] = {}
        going = list(seen.runs)
        while True:
            self._whys |= {run.blob.name: self._why_kept(run) for run in going}
            staying = [run for run in going if self._whys[run.blob.name] is not None]
            if not staying:
                break
            # What a run names that stays, stays with it: its data, and the run of the model that it was tuned from.
            for run in staying:
                self._needed |= run.names
            going = [run for run in going if self._whys[run.blob.name] is None]
        digests = {digest for run in seen.runs for digest in run.names.digests}
        digests |= {match[1] for blob in seen.datasets if (match := _DATASET.fullmatch(blob.name))}
        self._ours = {file_name(digest) for digest in digests}
        self._needed_files = {file_name(digest) for digest in self._needed.digests}

    def all(self) -> Iterator[Item | Kept]:
        for key, account in self._seen.accounts.items():
            for file in account.files:
                yield from self._of_file(key, account, file)
        for blob in self._seen.run_blobs:
            yield from self._of_run_blob(blob)
        for blob in self._seen.datasets:
            if (match := _DATASET.fullmatch(blob.name)) and self._old(blob):
                yield from self._by_digest("dataset", blob, match[1])
        for run in self._seen.runs:
            yield from self._of_run(run)

    def _of_run(self, run: StoredRun) -> Iterator[Item | Kept]:
        why = self._whys[run.blob.name]
        if why is None:
            model = run.journal.model if run.journal is not None else ""
            yield _item("run", run.blob, model)
        elif self._old(run.blob):
            yield Kept("run", run.blob.name, why)

    def _of_run_blob(self, blob: ListedBlob) -> Iterator[Item | Kept]:
        if not self._old(blob):
            return
        if match := _SCORECARD.fullmatch(blob.name):
            yield from self._by_digest("scorecard", blob, match[1])
        elif match := _ANSWERS.fullmatch(blob.name):
            if match[1] in self._needed.folders:
                yield Kept("answers", blob.name, "of a model that is recorded or deployed")
            elif self._seen.unseen:
                yield Kept("answers", blob.name, self._unseen())
            else:
                yield _item("answers", blob)
        elif match := _PLAN.fullmatch(blob.name):
            yield from self._of_plan(blob, match[1])

    def _of_plan(self, blob: ListedBlob, run_key: str) -> Iterator[Item | Kept]:
        """It goes with its journal, or after it where a deletion was interrupted."""
        journal = f"{run_key}.json"
        if journal in self._whys:
            if self._whys[journal] is None:
                yield _item("plan", blob)
        else:
            yield from self._by_digest("plan", blob, run_key)

    def _by_digest(self, kind: Kind, blob: ListedBlob, digest: str) -> Iterator[Item | Kept]:
        if digest in self._needed.digests:
            yield Kept(kind, blob.name, "a stack file, a tune.yaml or a run that is kept names it")
        elif kind == "scorecard" and self._seen.unseen:
            yield Kept(kind, blob.name, self._unseen())
        else:
            yield _item(kind, blob)

    def _of_file(self, key: str, account: Account, file: StoredFile) -> Iterator[Item | Kept]:
        """A dataset of ours: by its name, which is of its digest."""
        if file.purpose != PURPOSE or file.filename not in self._ours:
            return
        if file.created_at is None:
            yield Kept("file", file.id, "how old it is the account does not tell")
        elif file.created_at >= self._before:
            return
        elif any(file.id in (job.training_file, job.validation_file) for job in account.jobs if not job.status.ended):
            yield Kept("file", file.id, "a job that has not ended uses it")
        elif file.filename in self._needed_files:
            yield Kept("file", file.id, "a stack file, a tune.yaml or a run that is kept names its digest")
        else:
            yield Item("file", file.filename, file.id, file.size, file.created_at, key)

    def _why_kept(self, run: StoredRun) -> str | None:
        """None where the journal may go."""
        journal = run.journal
        if journal is None:
            return f"it cannot be read: {run.why}"
        if not self._old(run.blob) or moment(journal.last.intent.at) >= self._before:
            return "it is young"
        if journal.run_key in self._needed.digests:
            return "a stack file records it"
        if journal.lease is not None and moment(journal.lease.until) > self._seen.at:
            return "somebody works on it"
        whys = (self._why_needed(attempt, newest=attempt is journal.last) for attempt in journal.attempts)
        return next((why for why in whys if why is not None), None)

    def _why_needed(self, attempt: Attempt, *, newest: bool) -> str | None:
        account = _account(self._seen, attempt)
        if attempt.job is None:
            return "whether it has a job is not known" if attempt.unsettled else None
        if self._needed.has_job(attempt.job.id):
            return _NAMED
        if account is None:
            return f"its account, {attempt.intent.account}, is none of the stack any more"
        if account.why is not None:
            return f"its account could not be asked: {account.why}"
        job = account.job(attempt.job.id)
        if job is not None and not job.status.ended:
            return f"its job is {job.status}"
        model_id = _model_id(attempt, job)
        if model_id is None:
            return None
        if self._needed.has_job(model_id):
            return _NAMED
        if self._seen.unseen:
            return self._unseen()
        unrecorded = newest and attempt.recorded is None and attempt.intent.sweep is None
        return "its model is not recorded: `jobs record` does that" if unrecorded else None

    def _unseen(self) -> str:
        return f"whether its model is deployed could not be seen: {self._seen.unseen[0]}"

    def _old(self, blob: ListedBlob) -> bool:
        return blob.written_at < self._before


def _item(kind: Kind, blob: ListedBlob, about: str = "") -> Item:
    return Item(kind, blob.name, blob.etag, blob.size, blob.written_at, about=about)


def _account(seen: Inventory, attempt: Attempt) -> Account | None:
    """By its ID: one may have another name in the stack by now."""
    wanted = attempt.intent.account_id.lower()
    return next((each for each in seen.accounts.values() if each.id.lower() == wanted), None)


def _job(seen: Inventory, attempt: Attempt) -> Job | None:
    account = _account(seen, attempt)
    return account.job(attempt.job.id) if account is not None and attempt.job is not None else None


def _model_id(attempt: Attempt, job: Job | None) -> str | None:
    if job is not None and job.fine_tuned_model is not None:
        return job.fine_tuned_model
    return attempt.result.model_id if attempt.result is not None else None
