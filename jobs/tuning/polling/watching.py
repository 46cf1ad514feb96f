"""Watching jobs until they end: one watcher for as many as there are, each at its own pace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from jobs.errors import CloudFailed, DeadlinePassed, RunFailed, RunPaused, Unavailable
from jobs.ports import Clock, Event, FineTuning, Job, JobState
from jobs.tuning.curves.curve import Curve, read_curve, total_steps
from jobs.tuning.patience import pause_after
from jobs.tuning.polling.pace import Pace
from jobs.tuning.polling.pausing import read_pause

_EVENTS = 20
_OF_A_PAUSE = 50
"""A pause is said in the last few; a step may be told after it."""
_AT_ONCE = 0.5
"""Seconds: what is due so soon is looked at now."""


@dataclass(frozen=True)
class Watched:
    """A job as it was seen last.

    fault    why nobody looks at it any more, though it has not ended: the service refuses to show it
    preempted    it is paused and goes on by itself, as its events say
    """

    job: Job
    curve: Curve = field(default_factory=Curve)
    fault: CloudFailed | None = None
    preempted: bool = False

    @property
    def over(self) -> bool:
        """Whether waiting for it changes nothing: it has ended, or waits for a person, or can't be seen."""
        waits = self.job.status.state is JobState.PAUSED and not self.preempted
        return self.fault is not None or self.job.status.ended or waits


@dataclass(frozen=True)
class _Silence:
    """An account that didn't answer, ``failures`` times in a row, and when it is asked again."""

    trouble: Unavailable
    failures: int
    pace: Pace


@dataclass
class Watcher:
    """Looks at jobs, of one account or of several, as each is due; what it keeps of one doesn't grow with time.

    An account that doesn't answer is left alone for a while, with all its jobs, and the others are looked at.
    """

    clock: Clock
    _seen: dict[str, Watched] = field(default_factory=dict, init=False)
    _paces: dict[str, Pace] = field(default_factory=dict, init=False)
    _of: dict[str, tuple[FineTuning, int | None]] = field(default_factory=dict, init=False)
    _silent: dict[int, _Silence] = field(default_factory=dict, init=False)

    def add(self, job: Job, service: FineTuning, examples: int | None = None) -> None:
        """``examples`` in the training file tell how many steps there are."""
        self._seen[job.id] = Watched(job)
        self._paces[job.id] = Pace(self.clock.now())
        self._of[job.id] = service, examples

    def __getitem__(self, job_id: str) -> Watched:
        return self._seen[job_id]

    @property
    def trouble(self) -> Unavailable | None:
        """Why an account could not be asked."""
        return next((each.trouble for each in self._silent.values()), None)

    @property
    def busy(self) -> bool:
        """Whether anything is left to look at."""
        return bool(self._going())

    def look(self, *, last: bool = False) -> None:
        """At each job that is due; at the ``last`` look at every one that has not ended."""
        if last:
            self._silent.clear()
        for job_id in self._going():
            service = self._of[job_id][0]
            due = last or self._paces[job_id].left(self.clock.now()) < _AT_ONCE
            if due and self.left_alone(service) < _AT_ONCE:
                self.ask(service, partial(self._look, job_id))

    def wait(self) -> float:
        """Seconds until the next job is due; 0 where none is left to look at."""
        now = self.clock.now()
        return min(
            (max(self._paces[job_id].left(now), self.left_alone(self._of[job_id][0])) for job_id in self._going()),
            default=0.0,
        )

    def ask(self, service: FineTuning, question: Callable[[], None]) -> None:
        """Asks, or learns that the account doesn't answer: it is left alone for a while then."""
        try:
            question()
        except Unavailable as trouble:
            before = self._silent.get(id(service))
            failures = 1 if before is None else before.failures + 1
            wait = pause_after(trouble, failures)
            pace = Pace(self.clock.now() + timedelta(seconds=wait), wait=wait)
            self._silent[id(service)] = _Silence(trouble, failures, pace)
        else:
            self._silent.pop(id(service), None)

    def left_alone(self, service: FineTuning) -> float:
        """Seconds until the account is asked again; 0 where it has answered."""
        silence = self._silent.get(id(service))
        return 0.0 if silence is None else silence.pace.left(self.clock.now())

    def _going(self) -> list[str]:
        return [job_id for job_id in self._seen if not self._is_over(job_id)]

    def _is_over(self, job_id: str) -> bool:
        """Not before it was looked at, whatever it was said to be: a list need not tell everything."""
        seen = self._seen[job_id]
        return seen.fault is not None or (seen.over and self._paces[job_id].state is not None)

    def _look(self, job_id: str) -> None:
        service, examples = self._of[job_id]
        seen = self._seen[job_id]
        try:
            job = service.job(job_id)
        except Unavailable:
            raise
        except CloudFailed as fault:
            self._seen[job_id] = replace(seen, fault=fault)
            return
        pace = self._paces[job_id].after(job, self.clock.now())
        paused = job.status.state is JobState.PAUSED
        curve, preempted = seen.curve, paused and seen.preempted
        if pace.wants_events:
            events = self._events(job, service)
            curve = read_curve(events, curve)
            preempted = paused and not read_pause(events).waits
        self._paces[job_id] = pace
        curve = replace(curve, total=curve.total or total_steps(job, examples))
        self._seen[job_id] = Watched(job, curve, preempted=preempted)

    def _events(self, job: Job, service: FineTuning) -> list[Event]:
        """The newest, newest first; none where they can't be read: a job that has ended has ended without them too.
        They alone tell whether a paused one goes on by itself: of that one they are asked for again."""
        paused = job.status.state is JobState.PAUSED
        try:
            return service.events(job.id, _OF_A_PAUSE if paused else _EVENTS)
        except CloudFailed as fault:
            if paused and isinstance(fault, Unavailable):
                raise
            return []


@dataclass(frozen=True)
class Progress:
    """One look at the job.

    elapsed   since the watching began, on our clock
    trouble   why the service could not be asked this time; ``job`` and ``curve`` are then those of before
    wait      seconds until the next look; 0 at the end
    preempted   as the watcher has it
    """

    job: Job
    curve: Curve
    elapsed: timedelta
    trouble: Unavailable | None = None
    wait: float = 0.0
    preempted: bool = False


def watch(
    job: Job, service: FineTuning, clock: Clock, deadline: datetime, *, examples: int | None = None
) -> Iterator[Progress]:
    """Looks at ``job`` until it has succeeded; the last ``Progress`` has it so.

    What may pass is waited out, unknown statuses and preemptions too. ``examples`` as for the watcher.

    Raises RunFailed, RunPaused, or DeadlinePassed: the job itself goes on then. Interrupting it leaves the job alone.
    """
    began = clock.now()
    watcher = Watcher(clock)
    watcher.add(job, service, examples)
    while True:
        late = clock.now() >= deadline
        watcher.look(last=late)
        seen, trouble, wait = watcher[job.id], watcher.trouble, watcher.wait()
        if seen.fault is not None:
            raise seen.fault
        yield Progress(seen.job, seen.curve, max(clock.now() - began, timedelta(0)), trouble, wait, seen.preempted)
        if seen.over and trouble is None:
            return_or_raise(seen.job)
            return
        if late:
            raise _too_late(seen.job, trouble)
        clock.sleep(max(0.0, min(wait, (deadline - clock.now()).total_seconds())))


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
                    "A preempted Developer run goes on by itself; others wait for `jobs resume` or `jobs cancel`.",
                ],
                run=job.id,
            )
        case _:
            return job


def _too_late(job: Job, trouble: Unavailable | None) -> DeadlinePassed:
    details = ["The run itself goes on, and costs what it costs."]
    if trouble is not None:
        details.append(f"The service could not be asked in the end: {trouble}")
    what = f"the deadline has passed and the run has not ended; its last known status is {job.status}"
    return DeadlinePassed(what, details=details, run=job.id)
