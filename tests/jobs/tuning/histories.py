"""Services whose jobs take their time, for those who watch them: what they are asked is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from jobs.azure import wire
from jobs.ports import Event, Job, JobStatus
from simulator.clock import Clock
from simulator.cloud import Cloud
from simulator.openai import job_responses, progress
from simulator.openai.bases import base_by_id
from simulator.openai.models import Hyperparameters, Plan, Transition
from simulator.openai.models import Job as SimulatedJob
from simulator.openai.timeline import advance, until_change
from tests.jobs.doubles import START, HandClock, ScriptedService


@dataclass
class ToldService(ScriptedService):
    """Its one job has each status of ``history`` for so many seconds, one after the other, and keeps the last one.

    estimate   of the end, by the moment at which it is told; hint: likewise, in seconds
    """

    history: list[tuple[str, float]] = field(default_factory=list)
    estimate: Callable[[datetime], datetime | None] = lambda _: None
    hint: Callable[[datetime], float | None] = lambda _: None
    asked: Counter[str] = field(default_factory=Counter)

    @property
    def ends(self) -> datetime:
        return START + timedelta(seconds=sum(seconds for _, seconds in self.history[:-1]))

    def job(self, job_id: str) -> Job:
        self.asked["job"] += 1
        now = self.clock.now()
        left = now - START
        status = self.history[-1][0]
        for each, seconds in self.history[:-1]:
            left -= timedelta(seconds=seconds)
            if left < timedelta(0):
                status = each
                break
        parsed = JobStatus.parse(status)
        return replace(JOB, id=job_id, status=parsed, estimated_finish=self.estimate(now), next_poll=self.hint(now))

    def events(self, job_id: str, limit: int) -> list[Event]:
        self.asked["events"] += 1
        return super().events(job_id, limit)


JOB = Job("ftjob-1", JobStatus.parse("pending"), "gpt-4.1-mini-2025-04-14", START)


@dataclass
class SimulatedClock:
    """The simulator's, moved by whoever sleeps. A Clock."""

    clock: Clock

    def now(self) -> datetime:
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        self.clock.advance(seconds)


class SimulatedService(ScriptedService):
    """A job of the simulator's, in this process and in its own words; it trains for so many seconds.

    ``hints``: whether it says when to ask again, which Azure is not known to do.
    """

    def __init__(self, seconds: float, *, hints: bool) -> None:
        super().__init__(clock=HandClock())
        self._cloud = Cloud(Clock())
        self._hints = hints
        self.asked: Counter[str] = Counter()
        self.time = SimulatedClock(self._cloud.clock)
        self._job = _reinforced(self.time.now(), seconds)
        self._cloud.state.openai.jobs[self._job.id] = self._job

    @property
    def id(self) -> str:
        return self._job.id

    @property
    def finished_at(self) -> datetime:
        assert self._job.finished_at is not None
        return datetime.fromtimestamp(self._job.finished_at, UTC)

    def job(self, job_id: str) -> Job:
        assert job_id == self._job.id
        self.asked["job"] += 1
        return self.as_told()

    def as_told(self) -> Job:
        """As an answer tells it, without being asked."""
        now = self.time.now().timestamp()
        advance(self._cloud.state.openai, now)
        left = until_change(self._job, now)
        hint = left if self._hints and left > 0 else None
        return wire.job(job_responses.wire(self._cloud, self._job), next_poll=hint)

    def events(self, job_id: str, limit: int) -> list[Event]:
        assert job_id == self._job.id
        self.asked["events"] += 1
        told = progress.events(self._cloud.state.openai, self._job, self.time.now().timestamp())[-limit:]
        return [
            Event(each.id, datetime.fromtimestamp(each.at, UTC), each.level, each.message, {}) for each in told[::-1]
        ]


def _reinforced(now: datetime, seconds: float) -> SimulatedJob:
    """By rewards: nothing has to be learnt to tell how such a training goes."""
    base = base_by_id("o4-mini-2025-04-16")
    assert base is not None
    more = {"reasoning_effort": "low", "compute_multiplier": 1.0, "eval_interval": 5, "eval_samples": 1}
    return SimulatedJob(
        id="ftjob-" + "1" * 32,
        account="account",
        model=base.id,
        base=base.id,
        training_file="file-1",
        training="0" * 64,
        validation="1" * 64,
        seed=42,
        method="reinforcement",
        method_body={"grader": {"type": "string_check", "name": "solution"}},
        training_type="globalStandard",
        hyperparameters=Hyperparameters(n_epochs=1, batch_size=1, learning_rate_multiplier=1.0, more=more),
        tokens_per_epoch=1000,
        plan=Plan(queueing=240, preparing=180, step=seconds / 100, finishing=600, steps=100, steps_per_epoch=100),
        history=[Transition(at=now.timestamp(), status="pending")],
    )
