"""The runs of a stack, as its journals, its stack file and its accounts know them; and the jobs of others there. Pure.

A job is a run of this stack where a journal of the stack or a record in its stack file has it, or where a journal says
that it was asked for and the answer was lost. Any other job is somebody else's, whatever its suffix: another stack may
train models of the same names in the same account.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from contract.release import ReleaseRecord, Releases
from jobs.ports import Job, JobState, JobStatus
from jobs.tuning.journals.journal import Attempt, Journal, Lease, Step


@dataclass(frozen=True)
class KnownRun:
    """One training of this stack, or a job of somebody else's in one of its accounts.

    account    its name in the stack; None where nothing tells it
    attempt    as the journal has it; None where there is no journal of it
    number, of     which attempt of the run it is, from 1, and how many there are
    lease      who works on the run, as the journal says; of its newest attempt only
    job        as the account tells it; None where it isn't there, or the account could not be asked
    asked      whether the account was asked for it
    place      where the stack file records its model: ``candidate``, ``live``, ``previous[0]``; None where it doesn't
    """

    account: str | None
    model: str | None = None
    run_key: str | None = None
    attempt: Attempt | None = None
    number: int = 1
    of: int = 1
    lease: Lease | None = None
    job: Job | None = None
    asked: bool = False
    place: str | None = None
    record: ReleaseRecord | None = None

    @property
    def ours(self) -> bool:
        return self.attempt is not None or self.record is not None

    @property
    def certain(self) -> bool:
        """Whether its job is known to be the stack's own. Where an answer was lost, the one that fits may be another
        stack's, which trains the same in the same account."""
        return self.record is not None or (self.attempt is not None and self.attempt.job is not None)

    @property
    def newest(self) -> bool:
        """Whether the run has no later attempt."""
        return self.number == self.of

    @property
    def job_id(self) -> str | None:
        if self.job is not None:
            return self.job.id
        if self.attempt is not None and self.attempt.job is not None:
            return self.attempt.job.id
        return self.record.job_id if self.record is not None else None

    @property
    def model_id(self) -> str | None:
        """Of the tuned model, where there is one."""
        if self.job is not None and self.job.fine_tuned_model is not None:
            return self.job.fine_tuned_model
        if self.attempt is not None and self.attempt.result is not None:
            return self.attempt.result.model_id
        return self.record.model_id if self.record is not None else None

    @property
    def suffix(self) -> str | None:
        if self.attempt is not None:
            return self.attempt.intent.suffix
        return self.job.suffix if self.job is not None else None

    @property
    def begun(self) -> datetime:
        if self.attempt is not None:
            return moment(self.attempt.intent.at)
        if self.job is not None:
            return self.job.created_at
        return moment(self.record.trained_at) if self.record is not None else datetime.fromtimestamp(0, UTC)

    @property
    def status(self) -> JobStatus | None:
        """The service's, now or as it was seen last; None where there is no job."""
        if self.job is not None:
            return self.job.status
        if self.attempt is not None and self.attempt.status is not None:
            return JobStatus.parse(self.attempt.status.text)
        if self.record is not None:
            return JobStatus.parse(JobState.SUCCEEDED.value)
        return None

    @property
    def gone(self) -> bool:
        """Whether there was a job, and the account has it no more."""
        return self.job is None and self.asked and self.job_id is not None

    @property
    def under_way(self) -> bool:
        """Whether something may still become of it by itself or by somebody's word: it has a job that has not ended."""
        return self.job is not None and not self.job.status.ended

    @property
    def is_paused(self) -> bool:
        return self.job is not None and self.job.status.state in (JobState.PAUSING, JobState.PAUSED)

    @property
    def method(self) -> str | None:
        if self.attempt is not None:
            return self.attempt.intent.method
        return self.job.method if self.job is not None else None

    @property
    def swept(self) -> bool:
        """Whether it is a point of a sweep: the best of them alone is recorded."""
        if self.attempt is not None:
            return self.attempt.intent.sweep is not None
        return self.record is not None and self.record.sweep is not None

    @property
    def words(self) -> str:
        """How it stands."""
        if self.status is None:
            if self.job_id is not None:
                return "no longer in the account" if self.gone else "not known"
            return self.attempt.step.value if self.attempt is not None else "not known"
        if self.job is not None or self.status.ended:
            return str(self.status)
        return f"no longer in the account, was {self.status}" if self.gone else f"{self.status} when it was seen last"

    def held(self, now: datetime) -> Lease | None:
        """Who works on it, as far as the journal's clock and ours agree."""
        return self.lease if self.lease is not None and moment(self.lease.until) > now else None

    @property
    def waits_for_a_job(self) -> bool:
        """Whether it was begun and has no job yet, as far as anybody knows."""
        return self.job_id is None and self.attempt is not None and self.attempt.step is not Step.RECORDED


def moment(text: str) -> datetime:
    """Of a timestamp as journals and records have them."""
    return datetime.fromisoformat(text)


def known_runs(
    journals: Iterable[Journal], jobs: Mapping[str, Sequence[Job]], releases: Mapping[str, Releases]
) -> tuple[KnownRun, ...]:
    """All of them, the one begun last first. ``jobs``: of each account that was asked, by its name in the stack."""
    listed = [(account, job) for account in sorted(jobs) for job in jobs[account]]
    # A run may have several, of its model and of checkpoints of it: what is candidate or live comes first.
    records = {record.job_id: held for held in reversed(list(_records(releases))) for _, _, record in [held]}
    found: list[KnownRun] = []
    claimed: set[str] = set()
    every = sorted(journals, key=lambda each: (each.model, each.run_key))
    known = {job_id for journal in every for job_id in journal.job_ids()}
    for journal in every:
        own = known | {job_id for job_id, (_, _, held) in records.items() if held.run_key != journal.run_key}
        for number, attempt in enumerate(journal.attempts, 1):
            account, job = _job_of(attempt, listed, own)
            job_id = job.id if job is not None else attempt.job.id if attempt.job is not None else None
            claimed |= {job_id} if job_id is not None else set()
            _, place, record = records.get(job_id or "", (None, None, None))
            found.append(
                KnownRun(
                    account or attempt.intent.account,
                    journal.model,
                    journal.run_key,
                    attempt,
                    number,
                    len(journal.attempts),
                    journal.lease if number == len(journal.attempts) else None,
                    job,
                    attempt.intent.account in jobs,
                    place,
                    record,
                )
            )
    for model, place, record in records.values():
        if record.job_id not in claimed:
            account, job = next((each for each in listed if each[1].id == record.job_id), (record.trained_in, None))
            asked = record.trained_in in jobs
            found.append(KnownRun(account, model, record.run_key, job=job, asked=asked, place=place, record=record))
            claimed.add(record.job_id)
    found += [KnownRun(account, job=job, asked=True) for account, job in listed if job.id not in claimed]
    return tuple(sorted(found, key=lambda run: run.begun, reverse=True))


def _job_of(attempt: Attempt, listed: Sequence[tuple[str, Job]], own: set[str]) -> tuple[str | None, Job | None]:
    """The attempt's job and its account. Where nobody knows what came of a request for it: the newest that fits and was
    not there before; two clocks, which may be apart, are not compared."""
    if attempt.job is not None:
        return next((each for each in listed if attempt.job is not None and each[1].id == attempt.job.id), (None, None))
    if not attempt.unsettled:
        return None, None
    fitting = [
        (account, job)
        for account, job in listed
        if account == attempt.intent.account
        and job.suffix == attempt.intent.suffix
        and job.id not in own
        and job.id not in attempt.before
    ]
    return max(fitting, key=lambda each: each[1].created_at, default=(None, None))


def _records(releases: Mapping[str, Releases]) -> Iterator[tuple[str, str, ReleaseRecord]]:
    """Model, place and record."""
    for model, found in sorted(releases.items()):
        for place, record in found.places():
            yield model, place, record
