"""Rules for fine-tuning jobs: what is refused at once, what can be done to one. No HTTP here.

What makes an accepted job fail is in validation.py.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from simulator.arm.models import Resource
from simulator.openai import errors, files, hyperparameters, in_store, job_requests, validation
from simulator.openai.bases import Base, base_by_id
from simulator.openai.job_requests import Request
from simulator.openai.learned import Source, examples, reading_of
from simulator.openai.models import TERMINAL, Job, JobStatus, Transition
from simulator.openai.retirement import as_of_now
from simulator.openai.timeline import plan, reinforcement_plan, settle, steps_done
from simulator.openai.tuned_models import tuned_model

if TYPE_CHECKING:
    from simulator.cloud import Cloud

MOST_QUEUED = 20
MOST_JOBS = 100
"""MicrosoftDocs azure-ai-docs, quotas-limits, 2026-03. An account itself said `MaxFineTuneCount` 500 in
Azure/azure-cli's recording of 2025-10."""


def sources(cloud: Cloud, account: Resource, asked: Request) -> list[Source]:
    """The files that `create` will read, training first; raises what Azure refuses before it reads any."""
    settle(cloud)
    base, _ = _trainable(cloud, account, asked)
    given = [(asked.training_file, "training_file")]
    if asked.validation_file is not None:
        given.append((asked.validation_file, "validation_file"))
    digests = [_content(cloud, account, file, param) for file, param in given]
    job_requests.check(asked)
    theirs = jobs_of(cloud, account.key)
    if len(theirs) >= MOST_JOBS:
        raise errors.too_many_jobs_in_all(MOST_JOBS)
    if sum(job.status == "pending" for job in theirs) >= MOST_QUEUED:
        raise errors.too_many_jobs(MOST_QUEUED)
    reading = reading_of(asked.method, base, asked.method_body)
    return [Source(cloud.state.openai.content(digest), reading) for digest in digests]


def create(cloud: Cloud, account: Resource, asked: Request) -> Job:
    """Takes a job in, `pending`; raises the refusal of what Azure refuses at once."""
    training, *held_out = sources(cloud, account, asked)
    base, parent = _trainable(cloud, account, asked)
    state, now = cloud.state.openai, cloud.clock.now().timestamp()
    read = examples(training)
    chosen = hyperparameters.chosen(asked.hyperparameters, asked.method, read.count)
    fault, late = validation.fault(read, examples(held_out[0]) if held_out else None, chosen.n_epochs)
    planned = reinforcement_plan if asked.method == "reinforcement" else plan
    job = Job(
        id=f"ftjob-{state.new_hex(account.key, now)}",
        account=account.key,
        model=asked.model,
        base=base.id,
        parent=parent,
        training_file=asked.training_file,
        validation_file=asked.validation_file,
        training=training.content.digest,
        validation=held_out[0].content.digest if held_out else None,
        suffix=asked.suffix,
        seed=0,
        method=asked.method,
        method_body=asked.method_body,
        training_type=asked.training_type,
        hyperparameters=chosen,
        metadata=asked.metadata,
        tokens_per_epoch=read.tokens,
        plan=planned(read.count, read.tokens, chosen),
        fault=fault,
        fault_late=late,
        history=[Transition(at=now, status="pending")],
    )
    # A seed that is left out is chosen by the service; here so that a repeated run chooses the same.
    job.seed = asked.seed if asked.seed is not None else int(hashlib.sha256(job.id.encode()).hexdigest()[:8], 16)
    in_store.prepare(cloud, job)
    state.jobs[job.id] = job
    cloud.changed()
    return job


def jobs_of(cloud: Cloud, account: str) -> list[Job]:
    """The account's jobs, oldest first."""
    settle(cloud)
    return [job for job in cloud.state.openai.jobs.values() if job.account == account]


def find_job(cloud: Cloud, account: str, job_id: str) -> Job:
    found = next((job for job in jobs_of(cloud, account) if job.id == job_id), None)
    if found is None:
        raise errors.job_absent()
    return found


def cancel(cloud: Cloud, job: Job) -> None:
    """Stops a job for good; its checkpoints stay deployable."""
    if job.status in TERMINAL:
        raise errors.wrong_job_state()
    _become(cloud, job, "cancelled")


def pause(cloud: Cloud, job: Job) -> None:
    """Documented: only while running and after a step (fine-tuning-rest.md, 2026-02)."""
    if job.status != "running" or steps_done(job, cloud.clock.now().timestamp()) < 1:
        raise errors.wrong_job_state()
    _become(cloud, job, "pausing")


def resume(cloud: Cloud, job: Job) -> None:
    if job.status != "paused":
        raise errors.wrong_job_state()
    _become(cloud, job, "resuming")


def _become(cloud: Cloud, job: Job, status: JobStatus) -> None:
    job.history.append(Transition(at=cloud.clock.now().timestamp(), status=status))
    cloud.changed()


def _trainable(cloud: Cloud, account: Resource, asked: Request) -> tuple[Base, str | None]:
    """The base to train, and the tuned model to go on from, if one was named."""
    base, parent = base_by_id(asked.model), None
    if base is None:
        tuned = tuned_model(cloud, asked.model)
        if tuned is None or tuned.account_id != account.key or tuned.base.open_weight or tuned.step is not None:
            raise errors.not_tunable()
        base, parent = tuned.base, tuned.id
    if as_of_now(cloud, base).training_over(cloud.clock.now()) or account.body.get("kind") not in base.kinds:
        raise errors.not_tunable()
    if not base.trains(asked.training_type, account.location):
        named = asked.training_type[0].upper() + asked.training_type[1:]
        raise errors.training_type_not_offered(base.id, named)
    if asked.method not in base.methods:
        if base.methods == {"reinforcement"}:
            raise errors.reinforcement_needed(base.id)
        raise errors.method_not_offered(base.id, asked.method)
    return base, parent


def _content(cloud: Cloud, account: Resource, file_id: str, param: str) -> str:
    """The key of a referenced file's bytes."""
    now = cloud.clock.now().timestamp()
    file = next((f for f in files.files_of(cloud, account.key) if f.id == file_id), None)
    if file is None:
        raise errors.referenced_file_absent(param)
    if file.purpose != "fine-tune" or file.content is None:
        raise errors.wrong_purpose(param)
    if file.status(now) != "processed":
        raise errors.file_not_imported()
    return file.content
