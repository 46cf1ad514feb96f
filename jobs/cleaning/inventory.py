"""What a stack has kept, in its storage and its accounts, and what is known of who needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from jobs.cleaning.references import References
from jobs.ports import Job, ListedBlob, StoredFile
from jobs.tuning.journals.journal import Journal


@dataclass(frozen=True)
class StoredRun:
    """A journal, and what it names. ``journal`` is None where it can't be read, and ``why`` says so.

    ``read_at``: by the storage's own clock; None where that isn't known.
    """

    blob: ListedBlob
    names: References
    journal: Journal | None
    why: str = ""
    read_at: datetime | None = None


@dataclass(frozen=True)
class Account:
    """What an account has; ``why``: why it could not be asked."""

    id: str
    files: tuple[StoredFile, ...] = ()
    jobs: tuple[Job, ...] = ()
    why: str | None = None

    def job(self, job_id: str) -> Job | None:
        return next((job for job in self.jobs if job.id == job_id), None)


@dataclass(frozen=True)
class Inventory:
    """Accounts by their key in the outputs.

    at            when it was looked: by this machine's clock or the storage's, whichever is behind
    references    what any stack file or tune.yaml of any branch names
    deployed      what the accounts of all visible stacks deploy
    unseen        why not all of them could be asked; empty where all could
    """

    at: datetime
    references: References
    runs: tuple[StoredRun, ...] = ()
    run_blobs: tuple[ListedBlob, ...] = ()
    datasets: tuple[ListedBlob, ...] = ()
    accounts: Mapping[str, Account] = field(default_factory=dict)
    deployed: References = field(default_factory=References)
    unseen: tuple[str, ...] = ()
