"""What a stack may have kept by some day: runs of any age and state, files, answers, scorecards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from jobs.cleaning.inventory import Account, Inventory, StoredRun
from jobs.cleaning.references import References, folder, references
from jobs.ports import FileStatus, Job, JobStatus, ListedBlob, StoredFile
from jobs.tuning.digests import DatasetDigests
from jobs.tuning.journals.journal import Attempt, Entry, Journal, KnownJob, Lease, Result, Swept
from tests.jobs.specimens import BASE, intent, run

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OLD = NOW - timedelta(days=200)
CUTOFF = timedelta(days=90)
ACCOUNT = intent().account_id


def hexes(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Past:
    """One run: its data by numbers, its age, how its job ended (None: it has none), what is known of its model."""

    number: int
    data: int = 0
    days: float = 200
    status: str | None = "failed"
    recorded: bool = False
    named: bool = False
    deployed: bool = False
    swept: bool = False
    unsettled: bool = False
    parent: int | None = None

    @property
    def key(self) -> str:
        return hexes(f"run {self.number}")

    @property
    def job_id(self) -> str:
        return f"ftjob-{hexes(f'job {self.number}')[:32]}"

    @property
    def model_id(self) -> str:
        return f"{BASE}.ft-{hexes(f'job {self.number}')[:32]}-clippy-{self.key[:8]}"

    @property
    def made(self) -> bool:
        return self.status == "succeeded"

    @property
    def train(self) -> str:
        return hexes(f"train {self.data}")

    @property
    def at(self) -> datetime:
        return NOW - timedelta(days=self.days)

    def journal(self) -> Journal:
        parent = Past(self.parent).model_id if self.parent is not None else BASE
        of = run(parent, digests=DatasetDigests(self.train, hexes(f"valid {self.data}")))
        swept = Swept(point=1, points=2, tried={"epochs": 1}) if self.swept else None
        wanted = intent(of).model_copy(update={"at": stamp(self.at), "sweep": swept})
        attempt = Attempt(
            intent=wanted,
            submitting=(stamp(self.at),) if self.unsettled else (),
            job=KnownJob(id=self.job_id, at=stamp(self.at), how="submitted") if self.status is not None else None,
            result=Result(model_id=self.model_id, at=stamp(self.at)) if self.made else None,
            recorded=Entry(role="candidate", at=stamp(self.at), by="Ada") if self.recorded else None,
        )
        return Journal(run_key=self.key, model="clippy", attempts=(attempt,))

    def job(self) -> Job | None:
        if self.status is None:
            return None
        made = self.model_id if self.made else None
        file = f"file-{self.train[:32]}"
        status = JobStatus.parse(self.status)
        return Job(self.job_id, status, BASE, self.at, training_file=file, fine_tuned_model=made)


@dataclass
class History:
    """All of a stack. ``names``: more that some branch refers to."""

    runs: list[Past] = field(default_factory=list)
    names: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    silent: str | None = None
    lease: Lease | None = None
    listed: bool = True
    others: dict[str, float] = field(default_factory=dict)
    """More blobs of the container for runs, by name, with their age in days."""

    def inventory(self) -> Inventory:
        stored = [self._stored(past) for past in self.runs]
        blobs = [each.blob for each in stored]
        blobs += [_blob(f"{past.key}/plan.json", past.days) for past in self.runs]
        blobs += [
            _blob(f"answers/clippy/{folder(past.model_id)}/a.jsonl", past.days) for past in self.runs if past.made
        ]
        blobs += [_blob(f"evaluations/clippy/{scored(past)}.json", past.days) for past in self.runs if past.made]
        blobs += [_blob(name, days) for name, days in self.others.items()]
        ages = {past.train: past.days for past in self.runs}
        files = tuple(
            StoredFile(
                f"file-{digest[:32]}", f"{digest[:32]}.jsonl", "fine-tune", 10, FileStatus.PROCESSED, created_at=at
            )
            for digest, days in ages.items()
            for at in [NOW - timedelta(days=days)]
        )
        jobs = tuple(job for past in self.runs if self.listed and (job := past.job()) is not None)
        return Inventory(
            NOW,
            self.referred(),
            tuple(stored),
            tuple(blobs),
            tuple(_blob(f"{digest}.jsonl", days) for digest, days in ages.items()),
            {"main": Account(ACCOUNT, files, jobs, self.silent)},
            references(past.model_id.encode() for past in self.runs if past.deployed),
            self.unseen,
        )

    def referred(self) -> References:
        """As stack files of some branches would."""
        records = [f"{p.key} {p.model_id} {p.train} {scored(p)}" for p in self.runs if p.named]
        return references(text.encode() for text in (*records, *self.names))

    def _stored(self, past: Past) -> StoredRun:
        journal = past.journal().model_copy(update={"lease": self.lease})
        content = journal.content()
        return StoredRun(_blob(f"{past.key}.json", past.days), references([content]), journal)


def scored(past: Past) -> str:
    return hexes(f"answers {past.number}")


def _blob(name: str, days: float) -> ListedBlob:
    return ListedBlob(name, f'"{name[:8]}"', 100, NOW - timedelta(days=days))
