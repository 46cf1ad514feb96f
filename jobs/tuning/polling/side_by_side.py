"""Several runs side by side: submitted in order, as their accounts have room, and watched by one watcher.

Nothing is kept here: each run's job is found in its account, so what was interrupted goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from contract.release import TrainingType
from jobs.errors import DeadlinePassed, JobsError, ServiceRefused, Unavailable
from jobs.ports import Clock, FineTuning, Job, JobState
from jobs.tuning.curves.curve import Curve
from jobs.tuning.polling.pace import LONGEST, WAITING, Pace
from jobs.tuning.polling.watching import Watcher
from jobs.tuning.run import FileIds, Run, newest_usable

AT_ONCE: Mapping[TrainingType, int] = {"Standard": 3, "GlobalStandard": 3, "Developer": 5}
"""Jobs of an account that run at once; Standard and Global ones together (azure-ai-docs, quotas-limits, 2026-03)."""
QUEUED = 20
"""Jobs of an account that may wait for their turn (the same page)."""
_FULL = ("quotaexceeded", "toomanyrequests")


@dataclass(frozen=True)
class Entry:
    """A run that takes part.

    name, words   how it is called among the others, and what it is: a point's number and values, or a model
    service   the account that it is trained in
    job       the one that there is already; None where it has to be submitted
    ids       tells the account's files with its data, by which a job is known where the service tells no suffix
    """

    name: str
    words: str
    run: Run
    service: FineTuning
    job: Job | None = None
    examples: int | None = None
    ids: Callable[[], FileIds] = FileIds

    @property
    def lane(self) -> tuple[int, bool]:
        """Those of one account and kind of training wait for each other."""
        return id(self.service), self.run.spec.training_type == "Developer"


@dataclass(frozen=True)
class Standing:
    """An entry, and how far it is. ``job`` is None until it is submitted.

    fault    why it goes no further by our doing
    preempted    it is paused and goes on by itself
    """

    entry: Entry
    job: Job | None = None
    curve: Curve = field(default_factory=Curve)
    fault: JobsError | None = None
    preempted: bool = False

    @property
    def over(self) -> bool:
        """Whether waiting for it changes nothing: it has ended, waits for a person, or has come to grief."""
        waits = self.job is not None and self.job.status.state is JobState.PAUSED and not self.preempted
        return waits or (self.job is not None and self.job.status.ended) or self.fault is not None

    @property
    def busy(self) -> bool:
        return self.job is not None and not self.over

    @property
    def waiting(self) -> bool:
        return self.job is None and not self.over


@dataclass(frozen=True)
class Look:
    """One look at all of them, in their order.

    trouble    why something could not be asked; it is asked again
    full       an account has no room for its next one
    wait       seconds until the next look; 0 at the end
    """

    standings: tuple[Standing, ...]
    elapsed: timedelta
    trouble: Unavailable | None = None
    full: bool = False
    wait: float = 0.0


@dataclass
class SideBySide:
    """``submit`` creates an entry's job, once, or takes up the one that somebody else has created meanwhile.

    apart    whether one that can't be submitted or seen leaves the others to go on; else what it raises is raised
    """

    entries: Sequence[Entry]
    clock: Clock
    deadline: datetime
    submit: Callable[[Entry], Job]
    apart: bool = False
    _watcher: Watcher = field(init=False)
    _jobs: dict[str, str] = field(default_factory=dict, init=False)
    _faults: dict[str, JobsError] = field(default_factory=dict, init=False)
    _rooms: dict[int, Pace] = field(default_factory=dict, init=False)
    _going: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self._watcher = Watcher(self.clock)
        for entry in self.entries:
            if entry.job is not None:
                self._take(entry, entry.job)

    @property
    def standings(self) -> tuple[Standing, ...]:
        return tuple(self._standing(entry) for entry in self.entries)

    def looks(self) -> Iterator[Look]:
        """Until all are over. Raises DeadlinePassed: the runs go on then."""
        began = self.clock.now()
        while True:
            late = self.clock.now() >= self.deadline
            self._watcher.look(last=late)
            # Nothing is begun that nobody will wait for.
            full = not late and self._fill()
            standings = self.standings
            if not self.apart and (fault := next((each.fault for each in standings if each.fault), None)):
                raise fault
            over = all(each.over for each in standings) and not self._watcher.busy
            wait = 0.0 if over else self._wait()
            trouble = None if over else self._watcher.trouble
            yield Look(standings, max(self.clock.now() - began, timedelta(0)), trouble, full, wait)
            if over:
                return
            if late:
                raise self._too_late(standings)
            self.clock.sleep(max(0.0, min(wait, (self.deadline - self.clock.now()).total_seconds())))

    def _standing(self, entry: Entry) -> Standing:
        fault = self._faults.get(entry.name)
        if entry.name not in self._jobs:
            return Standing(entry, fault=fault)
        seen = self._watcher[self._jobs[entry.name]]
        return Standing(entry, seen.job, seen.curve, fault or seen.fault, seen.preempted)

    def _take(self, entry: Entry, job: Job) -> None:
        self._jobs[entry.name] = job.id
        self._watcher.add(job, entry.service, entry.examples)

    def _waiting(self, service: FineTuning) -> list[Entry]:
        return [each.entry for each in self.standings if each.waiting and each.entry.service is service]

    def _services(self) -> list[FineTuning]:
        """Those of the accounts in which something waits to be submitted."""
        return list({id(each.entry.service): each.entry.service for each in self.standings if each.waiting}.values())

    def _fill(self) -> bool:
        """Submits what there is room for; whether something waits for room."""
        going = {each.entry.name for each in self.standings if each.busy}
        if self._going - going:
            # What has ended has left its place to another.
            self._rooms.clear()
        for service in self._services():
            while self._waiting(service) and self._until_asked(service) <= 0:
                self._watcher.ask(service, partial(self._submit_next, service))
                # Sending its data may have taken long: others may have ended meanwhile.
                self._watcher.look()
        self._going = {each.entry.name for each in self.standings if each.busy} | going
        return any(id(service) in self._rooms for service in self._services())

    def _until_asked(self, service: FineTuning) -> float:
        """Seconds until the account is asked whether it has room."""
        pace = self._rooms.get(id(service))
        room = 0.0 if pace is None else pace.left(self.clock.now())
        return max(room, self._watcher.left_alone(service))

    def _submit_next(self, service: FineTuning) -> None:
        """The next one that there is room for; else the account is asked again in a while.

        What somebody else has submitted meanwhile is taken up: it would be paid for twice.
        """
        self._rooms.pop(id(service), None)
        listed = list(service.jobs())
        for entry in self._waiting(service):
            job = newest_usable(job for job in listed if entry.run.is_job(job, entry.ids()))
            if job is not None:
                self._take(entry, job)
        shut: set[tuple[int, bool]] = set()
        for entry in self._waiting(service):
            if entry.lane not in shut and self._room(entry, listed) > 0 and self._submitted(entry, listed):
                return
            shut.add(entry.lane)
        self._rooms[id(service)] = Pace(self.clock.now() + timedelta(seconds=LONGEST), wait=LONGEST)

    def _submitted(self, entry: Entry, listed: Sequence[Job]) -> bool:
        """Whether the next may be tried: not where the account turns out to be full."""
        try:
            self._take(entry, self.submit(entry))
        except Unavailable:
            raise
        except ServiceRefused as refused:
            # Somebody else was faster: as long as a run is on its way, there will be room again.
            if (refused.code or "").lower() in _FULL and self._alike(entry, listed):
                return False
            self._faults[entry.name] = refused
        except JobsError as fault:
            self._faults[entry.name] = fault
        return True

    def _room(self, entry: Entry, listed: Sequence[Job]) -> int:
        """How many more jobs may be on their way, of whomever: what only waits would keep others waiting behind it.

        Where others leave no room, one of ours waits among theirs: it would never have its turn else.
        """
        alike = self._alike(entry, listed)
        room = AT_ONCE[entry.run.spec.training_type] - len(alike)
        ours = any(each.busy and each.entry.lane == entry.lane for each in self.standings)
        queued = sum(job.status.state in WAITING for job in listed)
        return 1 if room <= 0 and not ours and queued < QUEUED else room

    def _alike(self, entry: Entry, listed: Sequence[Job]) -> list[Job]:
        """The jobs on their way that take room from the entry's. Of ours it is known better than a list tells, which
        may lag behind."""
        seen = {each.job.id for each in self.standings if each.job is not None and each.fault is None}
        developer = entry.run.spec.training_type == "Developer"
        theirs = [
            job
            for job in listed
            if job.id not in seen
            and not job.status.ended
            and job.status.state is not JobState.PAUSED
            and _is_like(job.training_type, developer=developer)
        ]
        ours = [each.job for each in self.standings if each.busy and each.entry.lane == entry.lane and each.job]
        return [*theirs, *ours]

    def _wait(self) -> float:
        watched = [self._watcher.wait()] if self._watcher.busy else []
        return min([*watched, *(self._until_asked(service) for service in self._services())], default=0.0)

    def _too_late(self, standings: Sequence[Standing]) -> DeadlinePassed:
        left = sum(not each.over for each in standings)
        waiting = sum(each.waiting for each in standings)
        details = ["Those that were submitted go on, and cost what they cost."]
        if waiting:
            details.insert(0, f"{waiting} of them {'was' if waiting == 1 else 'were'} not submitted.")
        return DeadlinePassed(
            f"the deadline has passed, and {left} of {len(standings)} runs {'has' if left == 1 else 'have'} not ended",
            details=details,
        )


def _is_like(told: str | None, *, developer: bool) -> bool:
    """Whether a job of that training type, as the service tells it, takes room from ours. Unless it says, it does."""
    return told is None or told.lower().startswith("developer") == developer
