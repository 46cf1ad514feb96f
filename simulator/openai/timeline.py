"""What the passing of time does to jobs: who waits, who runs, who is done. Applied lazily, before anything is read.

At most three jobs of an account run at once, developer jobs apart, five of them (MicrosoftDocs azure-ai-docs,
quotas-limits; `MaxRunningFineTuneCount` 3 in Azure/azure-cli's deployment recording, 2025-10). The rest wait their
turn. Durations are invented: about an hour for an ordinary job, longer for one by rewards.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.arm.models import ACCOUNTS, resources_of
from simulator.openai.models import Hyperparameters, Job, JobStatus, OpenAiState, Plan, Transition, Turn

if TYPE_CHECKING:
    from simulator.cloud import Cloud

RUNNING_LIMIT = 3
DEVELOPER_RUNNING_LIMIT = 5
QUEUEING = 240.0
PREPARING = 180.0
FINISHING = 600.0
PAUSING = 120.0
HOUR = 100.0
"""USD for an hour of reinforcement training: o4-mini's in the example of MicrosoftDocs azure-ai-docs,
fine-tuning-cost-management.md, 2026-03. What graders cost is not counted."""
SPENDING_LIMIT = 5_000.0
"""USD; then the service pauses the job, and resuming it removes the limit (MicrosoftDocs azure-ai-docs,
how-to-reinforcement-fine-tuning-content.md, 2026-03; the pages of 2026-10 name no sum)."""
ANSWERING = 15.0
"""Seconds per example and epoch with medium effort: invented."""
_EFFORT = {"low": 0.5, "medium": 1.0, "high": 2.0}
RESUMING = 60.0
_OCCUPYING: frozenset[JobStatus] = frozenset({"running", "pausing", "resuming"})


@dataclass(frozen=True)
class Checkpoint:
    """A state of the model that can be deployed: after an epoch, or where the job was paused."""

    step: int
    at: float


def plan(examples: int, tokens: int, chosen: Hyperparameters) -> Plan:
    """The work of a job with so many examples, of so many tokens in all per epoch."""
    visits = tokens * chosen.n_epochs
    return _plan(examples, chosen, 1800 + 240 * math.log1p(visits / 10_000) + visits / 50_000)


def reinforcement_plan(examples: int, _tokens: int, chosen: Hyperparameters) -> Plan:
    """The same by rewards: what takes time is answering, again and again."""
    effort = _EFFORT[str(chosen.more["reasoning_effort"])] * float(chosen.more["compute_multiplier"])
    return _plan(examples, chosen, 1800 + ANSWERING * examples * chosen.n_epochs * effort)


def _plan(examples: int, chosen: Hyperparameters, training: float) -> Plan:
    per_epoch = max(1, math.ceil(examples / chosen.batch_size))
    steps = per_epoch * chosen.n_epochs
    return Plan(
        queueing=QUEUEING,
        preparing=PREPARING,
        step=training / steps,
        finishing=FINISHING,
        steps=steps,
        steps_per_epoch=per_epoch,
    )


def trained_tokens(job: Job) -> int | None:
    """Tokens a job is billed by; None for one by rewards."""
    return None if job.method == "reinforcement" else job.tokens_per_epoch * job.hyperparameters.n_epochs


def billed_hours(job: Job, now: float) -> float:
    """Hours of training until `now`, by which a reinforcement job is billed; without preparing and finishing."""
    training = job.plan.step * job.plan.steps
    return min(training, max(0.0, worked(job, now) - job.plan.preparing)) / 3600


def limit_reached(job: Job, now: float) -> bool:
    """Whether a reinforcement job has cost what the service lets it cost before it pauses it."""
    return job.method == "reinforcement" and billed_hours(job, now) >= SPENDING_LIMIT / HOUR - 1e-6


def settle(cloud: Cloud) -> None:
    """Brings every job to where it stands now, and forgets what belonged to accounts that are gone for good."""
    if _forget_former(cloud):
        cloud.moved_on()
    if advance(cloud.state.openai, cloud.clock.now().timestamp()):
        cloud.moved_on()


def advance(state: OpenAiState, now: float) -> bool:
    """Lets everything happen, in order, that happens until `now`. True if anything did."""
    changed = False
    cursor = min(state.settled_at, now)
    while (due := _next(state, cursor)) is not None and due[0].at <= now:
        transition, job = due
        job.history.append(transition)
        cursor = max(cursor, transition.at)
        changed = True
    state.settled_at = max(state.settled_at, now)
    return changed


def _forget_former(cloud: Cloud) -> bool:
    """Drops files and jobs of purged accounts, and of former ones whose name was given again.

    While an account is only soft-deleted they are kept: it may be restored.
    """
    state = cloud.state.openai
    accounts = {account.key: account for account in resources_of(cloud, ACCOUNTS)}
    deleted = {gone.account.key: gone.account for gone in cloud.state.arm.deleted_accounts}
    known = {key: account.created_at.timestamp() for key, account in (deleted | accounts).items()}

    def former(account: str, last_seen: float) -> bool:
        return account not in known or last_seen < known[account]

    files = [file for file in state.files.values() if former(file.account, file.settled_at)]
    jobs = [job for job in state.jobs.values() if former(job.account, job.history[-1].at)]
    for file in files:
        del state.files[file.id]
    for job in jobs:
        del state.jobs[job.id]
    held = {file.content for file in files} | {digest for job in jobs for digest in (job.training, job.validation)}
    for digest in held - {None}:
        state.forget(str(digest))
    return bool(files or jobs)


def _next(state: OpenAiState, cursor: float) -> tuple[Transition, Job] | None:
    """The transition that happens next of all, and whose; a tie goes to the older job."""
    due: tuple[Transition, Job] | None = None
    for job in state.jobs.values():
        transition = _own(job) or _start(state, job, cursor)
        if transition is not None and (due is None or transition.at < due[0].at):
            due = (transition, job)
    return due


def _own(job: Job) -> Transition | None:
    """What the job does by itself, given where it stands."""
    last = job.history[-1]
    match job.status:
        case "running":
            end = job.plan.preparing if _fails_early(job) else job.plan.total
            left = end - worked(job, last.at)
            until_limit = _until_limit(job, last.at)
            turn = job.turns[job.turns_taken] if job.turns_taken < len(job.turns) else None
            until_turn = math.inf if turn is None else max(0.0, turn.after - worked(job, last.at))
            if turn is not None and until_turn < min(left, math.inf if until_limit is None else until_limit):
                return Transition(at=last.at + until_turn, status=turn.becomes, turn=True)
            if until_limit is not None and until_limit < left:
                return Transition(at=last.at + until_limit, status="pausing")
            return Transition(at=last.at + left, status="succeeded" if job.fault is None else "failed")
        case "pausing":
            return Transition(at=last.at + PAUSING, status="paused")
        case "paused" if job.last_turn is not None and job.last_turn.resumes_after is not None:
            return Transition(at=last.at + job.last_turn.resumes_after, status="resuming")
        case "resuming":
            return Transition(at=last.at + RESUMING, status="running")
    return None


def take_turn(job: Job, turn: Turn, now: float) -> None:
    """Has this happen to a running job now, before anything else that is in store for it."""
    job.turns.insert(job.turns_taken, turn.model_copy(update={"after": worked(job, now)}))
    job.history.append(Transition(at=now, status=turn.becomes, turn=True))


def _until_limit(job: Job, now: float) -> float | None:
    """Seconds of running until the spending limit; None where there is none, or none any more."""
    training = job.plan.step * job.plan.steps
    most = SPENDING_LIMIT / HOUR * 3600
    if job.method != "reinforcement" or training <= most or limit_reached(job, now):
        return None
    return job.plan.preparing + most - worked(job, now)


def _fails_early(job: Job) -> bool:
    return job.fault is not None and not job.fault_late


def _start(state: OpenAiState, job: Job, cursor: float) -> Transition | None:
    if job.status != "pending":
        return None
    developer = job.training_type == "developerTier"
    occupied = sum(
        1
        for other in state.jobs.values()
        if other.account == job.account
        and (other.training_type == "developerTier") == developer
        and other.status in _OCCUPYING
    )
    if occupied >= (DEVELOPER_RUNNING_LIMIT if developer else RUNNING_LIMIT):
        return None
    return Transition(at=max(job.created_at + job.plan.queueing, cursor), status="running")


def running_spans(job: Job, now: float) -> Iterator[tuple[float, float]]:
    """When the job ran, until `now`: (from, to) in moments."""
    for index, transition in enumerate(job.history):
        if transition.status == "running":
            ended = job.history[index + 1].at if index + 1 < len(job.history) else now
            yield transition.at, max(transition.at, min(ended, now))


def worked(job: Job, now: float) -> float:
    """Seconds the job has run until `now`; time spent waiting or paused is not in it."""
    return sum(end - start for start, end in running_spans(job, now))


def moment_of(job: Job, work: float, now: float) -> float | None:
    """When the job had run for that long, or None if it hasn't until `now`."""
    done = 0.0
    for start, end in running_spans(job, now):
        if done + (end - start) >= work - 1e-6:
            return start + max(0.0, work - done)
        done += end - start
    return None


def moment_of_step(job: Job, step: int, now: float) -> float | None:
    return moment_of(job, job.plan.preparing + step * job.plan.step, now)


def steps_done(job: Job, now: float) -> int:
    """Steps completed until `now`."""
    if _fails_early(job):
        return 0
    done = (worked(job, now) - job.plan.preparing) / job.plan.step
    return min(job.plan.steps, max(0, math.floor(done + 1e-6)))


def checkpoints(job: Job, now: float) -> list[Checkpoint]:
    """What can be deployed of the job, oldest first: the last three epochs' ends, and where it was paused.

    Of a finished job the last one is the tuned model itself. A failed one has none: its model was not passed.
    """
    if job.status == "failed":
        return []
    done = steps_done(job, now)
    ends = range(job.plan.steps_per_epoch, done + 1, job.plan.steps_per_epoch)
    steps = {step: at for step in list(ends)[-3:] if (at := moment_of_step(job, step, now)) is not None}
    for transition in job.history:
        if transition.status == "paused":
            step = steps_done(job, transition.at)
            steps.setdefault(step, transition.at)
    return [Checkpoint(step, at) for step, at in sorted(steps.items()) if step > 0]


def estimated_finish(job: Job, now: float) -> float | None:
    """When a running job will be done if nothing stops it; None for any other."""
    if job.status != "running":
        return None
    return now + (job.plan.preparing if _fails_early(job) else job.plan.total) - worked(job, now)


def until_change(job: Job, now: float) -> float:
    """Simulated seconds after which asking again is worth while: until the next status, two minutes at most.

    0 for a job that does not change any more by itself.
    """
    own = _own(job)
    if own is None and job.status != "pending":
        return 0.0
    due = own.at if own is not None else job.created_at + job.plan.queueing
    return min(120.0, max(1.0, due - now))
