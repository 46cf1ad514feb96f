"""What a plan's behaviour has done so far: how often each part of it struck, and since when it is in force."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from simulator.faults.behaviour import Behaviour, Conflict, Course, Failure, Word
from simulator.faults.events import After, Event, ModelRetired
from simulator.faults.glob import fits
from simulator.faults.rates import Rates


@dataclass
class Conduct:
    """Of one plan in one Cloud; everything on the server's event loop.

    since     when the plan was put into force, in simulated time
    happened  the events that have, by number
    struck    how often each part of the behaviour made a difference, by its place: `conflicts[0]`, `lists.jobs`
    changed   until when changes of accounts are under way, by the account's ID in lower case
    rates     what was asked in the windows that are counted
    """

    behaviour: Behaviour
    events: list[Event]
    since: datetime
    happened: set[int] = field(default_factory=set)
    struck: Counter[str] = field(default_factory=Counter)
    changed: dict[str, datetime] = field(default_factory=dict)
    rates: Rates = field(default_factory=Rates)

    # --- ARM

    def conflict(self, account_id: str, now: datetime) -> bool:
        """Whether a change of this account, or of what is in it, is answered 409 now."""
        name = account_id.rsplit("/", 1)[-1]
        return any(
            fits(each.account, name)
            and self._lasts(each, account_id.lower(), now)
            and self._strikes("conflicts", number, each.requests)
            for number, each in enumerate(self.behaviour.conflicts)
        )

    def _lasts(self, each: Conflict, account: str, now: datetime) -> bool:
        if each.seconds is not None:
            return now < self.since + timedelta(seconds=each.seconds)
        if each.after_change is not None:
            last = self.changed.get(account)
            return last is not None and now < last + timedelta(seconds=each.after_change)
        return True

    def failure(self, type_: str, name: str, event: str) -> Failure | None:
        """What an operation that begins will fail with; it is counted as having struck."""
        for number, each in enumerate(self.behaviour.failures):
            meant = each.type.lower() == type_.lower() and fits(each.name, name) and each.at in (None, event)
            if meant and self._strikes("failures", number, each.times):
                return each
        return None

    # --- jobs and files

    def course(self, suffix: str, model: str) -> Course | None:
        """What is in store for a job that is created now; it is counted as having struck."""
        for number, each in enumerate(self.behaviour.jobs):
            if fits(each.suffix, suffix) and fits(each.model, model) and self._strikes("jobs", number, each.times):
                return each
        return None

    def status(self, status: str, lasted: float) -> str:
        """What a job's status is called, so many seconds after it took it."""
        for number, word in enumerate(self.behaviour.statuses):
            if _applies(word, status, lasted):
                self._strikes("statuses", number, None)
                return word.word
        return status

    def told(self, what: Literal["job", "file"], members: dict[str, Any]) -> dict[str, Any]:
        """A job or file as it is answered."""
        instead = self.behaviour.fields.job if what == "job" else self.behaviour.fields.file
        self.struck[f"fields.{what}"] += bool(instead)
        return members | instead

    def hidden(self, what: Literal["files", "jobs", "resources"], age: float) -> bool:
        """Whether a list lacks what was made so many seconds ago."""
        lists = self.behaviour.lists
        lag = {"files": lists.files, "jobs": lists.jobs, "resources": lists.resources}[what]
        self.struck[f"lists.{what}"] += age < lag
        return age < lag

    def unknown_yet(self, age: float) -> bool:
        """Whether data planes don't know yet of a role assignment that was made so many seconds ago."""
        self.struck["roles"] += age < self.behaviour.roles
        return age < self.behaviour.roles

    # --- models and events

    def add(self, event: Event, now: datetime) -> None:
        """One more event, at once or where it says when."""
        at = now + timedelta(seconds=event.at.after) if isinstance(event.at, After) else event.at or now
        self.events.append(event.model_copy(update={"at": at}))

    def due(self, now: datetime) -> list[tuple[datetime, Event]]:
        """Events whose moment has come, in order, that have not happened yet; now they have."""
        found = [
            (self._moment(event), number, event)
            for number, event in enumerate(self.events)
            if number not in self.happened and self._moment(event) <= now
        ]
        found.sort(key=lambda each: each[:2])
        self.happened |= {number for _, number, _ in found}
        return [(at, event) for at, _, event in found]

    def retired(self, model_id: str, now: datetime) -> dict[str, datetime]:
        """Since when the base is retired, by what for; empty where no event has retired it."""
        ends: dict[str, datetime] = {}
        for event in self.events:
            if isinstance(event, ModelRetired) and self._moment(event) <= now and fits(event.model, model_id):
                ends |= dict.fromkeys(event.ends, self._moment(event))
        return ends

    def _moment(self, event: Event) -> datetime:
        if isinstance(event.at, After):
            return self.since + timedelta(seconds=event.at.after)
        return event.at or self.since

    def _strikes(self, what: str, number: int, times: int | None) -> bool:
        place = f"{what}[{number}]"
        if times is not None and self.struck[place] >= times:
            return False
        self.struck[place] += 1
        return True


def _applies(word: Word, status: str, lasted: float) -> bool:
    return word.instead == status and word.after <= lasted < word.after + word.lasting
