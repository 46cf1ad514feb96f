"""Watching a job until it ends: what it says, and when to ask again."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobs.errors import CloudFailed, DeadlinePassed, RunFailed, RunPaused, Unavailable
from jobs.ports import Clock, Event, FineTuning, Job, JobState
from jobs.tuning.patience import pause_after

_FIRST = 10.0
_LAST = 60.0
_LONGEST_HINT = 300.0
"""A service that asks for more is asked again after this many seconds all the same."""
_EVENTS = 20
_STEP = re.compile(r"\bstep (?P<step>\d+)(?:/(?P<total>\d+))?\b", re.IGNORECASE)
_MEASURED = re.compile(
    r"\b(?P<file>training|train|validation|full validation) (?:mean )?(?P<what>loss|reward)=(?P<value>[-+.\deE]+)",
    re.IGNORECASE,
)
_ALIASES = {
    "train_reward": ("train_reward_mean", "train_mean_reward"),
    "valid_reward": ("valid_reward_mean", "valid_mean_reward"),
    "valid_loss": ("full_valid_loss", "valid_loss"),
}
"""What the service calls a number, the better first. Rewards: Microsoft Learn, "Reinforcement fine-tuning", has
``train_reward_mean``, microsoft/azure-skills ``train_mean_reward``."""


@dataclass(frozen=True)
class Curve:
    """How far the training is, and how well; None where the service has not told yet.

    Losses and rewards are of their last step; reinforcement has rewards instead of losses.
    """

    step: int | None = None
    total: int | None = None
    train_loss: float | None = None
    valid_loss: float | None = None
    train_reward: float | None = None
    valid_reward: float | None = None


@dataclass(frozen=True)
class Progress:
    """One look at the job.

    elapsed   since the watching began, on our clock
    trouble   why the service could not be asked this time; ``job`` and ``curve`` are then those of before
    wait      seconds until the next look; 0 at the end
    """

    job: Job
    curve: Curve
    elapsed: timedelta
    trouble: Unavailable | None = None
    wait: float = 0.0


@dataclass(frozen=True)
class Pace:
    """Seconds between two looks: 10 after a change of status, by and by 60 where nothing changes."""

    state: JobState | None = None
    seconds: float = _FIRST

    def after(self, job: Job) -> Pace:
        if job.status.state is not self.state:
            return Pace(job.status.state)
        return Pace(self.state, min(_LAST, self.seconds * 1.25))


def watch(
    job: Job, service: FineTuning, clock: Clock, deadline: datetime, *, examples: int | None = None
) -> Iterator[Progress]:
    """Looks at ``job`` until it has succeeded; the last ``Progress`` has it so.

    The service's hints when to ask again are followed. What may pass is waited out, unknown statuses too. ``examples``
    in the training file tell how many steps there are.

    Raises RunFailed, RunPaused, or DeadlinePassed: the job itself goes on then. Interrupting it leaves the job alone.
    """
    began = clock.now()
    pace, curve, failures = Pace(), Curve(), 0
    while True:
        trouble: Unavailable | None = None
        try:
            job = service.job(job.id)
            failures = 0
        except Unavailable as error:
            trouble, failures = error, failures + 1
        if trouble is None and job.status.state not in (JobState.CREATED, JobState.PENDING, JobState.QUEUED):
            # How the training goes is only shown: a job that has ended has ended without its events too.
            with suppress(CloudFailed):
                curve = read_curve(service.events(job.id, _EVENTS), curve)
        curve = replace(curve, total=curve.total or total_steps(job, examples))
        over = job.status.ended or job.status.state is JobState.PAUSED
        if trouble is None:
            pace = pace.after(job)
        wait = 0.0 if over and trouble is None else _wait(job, pace, trouble, failures)
        yield Progress(job, curve, clock.now() - began, trouble, wait)
        if trouble is None and over:
            return_or_raise(job)
            return
        left = (deadline - clock.now()).total_seconds()
        if left <= 0:
            raise _too_late(job, trouble)
        clock.sleep(min(wait, left))


def return_or_raise(job: Job) -> Job:
    """The job if it has succeeded. Raises RunFailed or RunPaused."""
    match job.status.state:
        case JobState.FAILED | JobState.CANCELLED:
            details = [job.error.message] if job.error is not None else []
            raise RunFailed(
                f"the run {'was cancelled' if job.status.state is JobState.CANCELLED else 'failed'}",
                details=details,
                run=job.id,
                code=job.error.code if job.error is not None else None,
                request_id=job.request_id,
            )
        case JobState.PAUSED:
            raise RunPaused(
                "the run is paused and waits",
                details=[
                    "Somebody paused it, or it reached its spending limit: resuming it then lifts that limit.",
                    "A preempted Developer run goes on by itself. Resume or cancel it in the Foundry portal.",
                ],
                run=job.id,
            )
        case _:
            return job


def read_curve(events: Sequence[Event], before: Curve) -> Curve:
    """``before``, with what the events (newest first) say: numbers where they carry some, else their words."""
    curve = before
    for event in reversed(events):
        metrics = dict(event.metrics)
        words = _STEP.search(event.message)
        if words:
            metrics.setdefault("step", float(words["step"]))
            if words["total"]:
                metrics.setdefault("total_steps", float(words["total"]))
        for found in _MEASURED.finditer(event.message):
            file = "train" if found["file"].lower().startswith("train") else "valid"
            metrics.setdefault(f"{file}_{found['what'].lower()}", _number(found["value"]))
        step = metrics.get("step")
        if step is None or not math.isfinite(step) or (curve.step is not None and step < curve.step):
            continue
        curve = Curve(
            step=int(step),
            total=int(metrics["total_steps"]) if "total_steps" in metrics else curve.total,
            train_loss=metrics.get("train_loss", curve.train_loss),
            valid_loss=_measured("valid_loss", metrics, curve.valid_loss),
            train_reward=_measured("train_reward", metrics, curve.train_reward),
            valid_reward=_measured("valid_reward", metrics, curve.valid_reward),
        )
    return curve


def _measured(name: str, metrics: Mapping[str, float], before: float | None) -> float | None:
    return next((metrics[known] for known in (*_ALIASES[name], name) if known in metrics), before)


def total_steps(job: Job, examples: int | None) -> int | None:
    """Epochs × batches per epoch, once the service has told both."""
    epochs, batch = job.hyperparameters.epochs, job.hyperparameters.batch_size
    if examples is None or not isinstance(epochs, int) or not isinstance(batch, int) or batch < 1:
        return None
    return math.ceil(examples / batch) * epochs


def _wait(job: Job, pace: Pace, trouble: Unavailable | None, failures: int) -> float:
    if trouble is not None:
        return min(_LONGEST_HINT, pause_after(trouble, failures))
    return pace.seconds if job.next_poll is None else min(_LONGEST_HINT, job.next_poll)


def _too_late(job: Job, trouble: Unavailable | None) -> DeadlinePassed:
    details = ["The run itself goes on, and costs what it costs."]
    if trouble is not None:
        details.append(f"The service could not be asked in the end: {trouble}")
    what = f"the deadline has passed and the run has not ended; its last known status is {job.status}"
    return DeadlinePassed(what, details=details, run=job.id)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
