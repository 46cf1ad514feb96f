"""What a job says is told once, in its order, until it has ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from jobs.errors import DeadlinePassed, JobsError, Unavailable
from jobs.ports import Event, Job, JobStatus
from jobs.tuning.patience import Patience
from jobs.tuning.polling.following import MOST, Following, everything
from tests.jobs.doubles import START, ScriptedService

JOB = Job("ftjob-1", JobStatus.parse("running"), "gpt-4.1-mini-2025-04-14", START)


@dataclass
class Speaking(ScriptedService):
    """Says ``pages`` one after the other; each is all events by then, oldest first. ``asked``: the limits."""

    pages: list[list[str] | JobsError] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    def events(self, job_id: str, limit: int) -> list[Event]:
        self.asked.append(limit)
        page = self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]
        if isinstance(page, JobsError):
            raise page
        assert job_id == JOB.id
        return [Event(text, START, "info", text, {}) for text in reversed(page)][:limit]


def patience(service: ScriptedService, limit: timedelta = timedelta(hours=1)) -> Patience:
    return Patience(service.clock, START + limit, lambda _error, _seconds: None)


def told(service: Speaking, limit: timedelta = timedelta(hours=1)) -> list[str]:
    following = Following(JOB, service, patience(service, limit))
    return [event.message for news in following.looks() for event in news]


def test_all_of_it_oldest_first() -> None:
    service = Speaking(all_jobs=[JOB], pages=[["a", "b", "c"]])

    assert [event.message for event in everything(JOB.id, service, patience(service))] == ["a", "b", "c"]
    assert service.asked == [MOST]


def test_each_event_once_until_the_end() -> None:
    pages: list[list[str] | JobsError] = [["a"], ["a", "b"], ["a", "b", "c"]]

    assert told(Speaking(["running", "running", "succeeded"], all_jobs=[JOB], pages=pages)) == ["a", "b", "c"]


def test_where_more_were_said_than_a_look_shows_all_are_read() -> None:
    """A hundred are asked for; where none of them is known, others may lie between."""
    many = [f"e{number}" for number in range(350)]
    pages: list[list[str] | JobsError] = [["first"], ["first", *many]]
    service = Speaking(["running", "failed"], all_jobs=[JOB], pages=pages)

    assert told(service) == ["first", *many]
    assert service.asked == [100, 100, MOST]


def test_what_comes_late_is_told_late() -> None:
    """A list may lag behind."""
    pages: list[list[str] | JobsError] = [["b"], ["a", "b", "c"]]

    assert told(Speaking(["running", "succeeded"], all_jobs=[JOB], pages=pages)) == ["b", "a", "c"]


def test_trouble_is_waited_out_and_the_end_is_told_whole() -> None:
    pages: list[list[str] | JobsError] = [["a"], Unavailable("away"), ["a", "z"]]
    service = Speaking(["running", "succeeded", "succeeded"], all_jobs=[JOB], pages=pages)

    assert told(service) == ["a", "z"]


def test_a_paused_run_is_waited_for() -> None:
    service = Speaking(["paused", "running", "cancelled"], all_jobs=[JOB], pages=[["a"]])

    assert told(service) == ["a"]
    assert len(service.clock.slept) == 2


def test_the_deadline_ends_it() -> None:
    service = Speaking(["running"], all_jobs=[JOB], pages=[["a"]])

    with pytest.raises(DeadlinePassed, match="is running"):
        told(service, timedelta(minutes=5))
    assert service.clock.now() == START + timedelta(minutes=5)
