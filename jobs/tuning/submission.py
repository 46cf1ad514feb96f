"""Whether a run is to be submitted, or the one that exists adopted: the same training is paid for once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from contract.release import ReleaseRecord, Releases
from jobs.errors import NotAgain, ServiceRefused
from jobs.ports import FineTuning, Job
from jobs.tuning.patience import ANSWERING, Patience
from jobs.tuning.run import FileIds, Run, newest_usable


@dataclass(frozen=True)
class Recorded:
    """The run is done, and its model is recorded in ``role``."""

    role: str
    record: ReleaseRecord


@dataclass(frozen=True)
class Adopt:
    """The run exists: watch this job."""

    job: Job


@dataclass(frozen=True)
class Submit:
    """There is no such run yet."""


Decision = Recorded | Adopt | Submit


def jobs_of(run: Run, service: FineTuning, ids: FileIds, patience: Patience, known: Iterable[str] = ()) -> list[Job]:
    """The account's jobs that are this run's, failed ones too, newest first.

    known    jobs that the journal has: one that the account doesn't list yet is asked for by itself
    """
    asking = patience.within(ANSWERING)
    found = {job.id: job for job in asking(lambda: [job for job in service.jobs() if run.is_job(job, ids)])}
    for job in jobs_with(service, [job_id for job_id in known if job_id not in found], patience):
        found[job.id] = job
    return sorted(found.values(), key=lambda job: job.created_at, reverse=True)


def jobs_with(service: FineTuning, job_ids: Iterable[str], patience: Patience) -> list[Job]:
    """Those of the jobs that the account has, asked for one by one."""
    asking = patience.within(ANSWERING)
    found = [asking(partial(_job, service, job_id)) for job_id in job_ids]
    return [job for job in found if job is not None]


def _job(service: FineTuning, job_id: str) -> Job | None:
    """None where the account has no such job, any more."""
    try:
        return service.job(job_id)
    except ServiceRefused as refused:
        if refused.status == 404:
            return None
        raise


def decide(run: Run, jobs: list[Job], releases: Releases, stack: str) -> Decision:
    """What is to be done for ``run``, given its jobs in the account and what the stack file records. Pure.

    The newest usable job counts (``--new`` may have made several), then the records. Raises NotAgain where the run's
    model was put aside on purpose: training it again takes ``--new``.
    """
    job = newest_usable(jobs)
    held = _holding(releases, job.id) if job is not None else None
    if held is None:
        held = _made_by(releases, run)
        if job is not None and (held is None or _younger(job, held[1])):
            return Adopt(job)
    if held is None:
        return Submit()
    if held[0] == "previous":
        held = _swept(releases, run) or held
    role, record = held
    if role != "previous":
        return Recorded(role, record)
    raise _put_aside(run, record, stack)


def recorded(run: Run, releases: Releases) -> tuple[str, ReleaseRecord] | None:
    """The role and record of the model that this very run has made, if it is in the file."""
    return next((held for held in _roles(releases) if run.made(held[1])), None)


def _holding(releases: Releases, job_id: str) -> tuple[str, ReleaseRecord] | None:
    return next((held for held in _roles(releases) if held[1].job_id == job_id), None)


def _made_by(releases: Releases, run: Run) -> tuple[str, ReleaseRecord] | None:
    swept = _swept(releases, run)
    return next((held for held in _roles(releases) if held == swept or run.made(held[1])), None)


def _swept(releases: Releases, run: Run) -> tuple[str, ReleaseRecord] | None:
    """What a sweep of the same tune.yaml has made, as long as it stands: nobody displaces a winner unasked."""
    if run.swept:
        return None
    return next((held for held in _roles(releases) if held[0] != "previous" and run.swept_into(held[1])), None)


def _roles(releases: Releases) -> list[tuple[str, ReleaseRecord]]:
    heads = [("candidate", releases.candidate), ("live", releases.live)]
    return [(role, record) for role, record in heads if record is not None] + [
        ("previous", record) for record in releases.previous
    ]


def _younger(job: Job, record: ReleaseRecord) -> bool:
    """Whether the job was created after the record's model was trained, or chosen from the runs of a sweep."""
    return f"{job.created_at:%Y-%m-%dT%H:%M:%SZ}" > (record.sweep.at if record.sweep else record.trained_at)


def _put_aside(run: Run, record: ReleaseRecord, stack: str) -> NotAgain:
    again = f"jobs run {run.model} -s {stack} --new"
    if record.withdrawal is None:
        what = f"this run is done: it made {record.model_id}, which was live until another was released"
        return NotAgain(what, details=["Training the same again takes --new."], stack=stack, next_command=again)
    withdrawn = record.withdrawal
    return NotAgain(
        f"this run is done: it made {record.model_id}, which was {withdrawn.words}",
        details=[
            f"by {withdrawn.by}, {withdrawn.at}: {withdrawn.reason}",
            "Change tune.yaml or the data; training the same again takes --new.",
        ],
        stack=stack,
        next_command=again,
    )
