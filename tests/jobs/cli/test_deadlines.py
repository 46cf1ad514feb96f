"""Wherever a run is when its time is over: it ends with 3, and with the command that goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import BinaryIO

import pytest

from jobs.errors import JobsError, ServiceRefused, Unavailable, Unsettled
from jobs.ports import Job, JobRequest, StoredFile
from jobs.tuning.journals.journal import Lease, is_journal, read_journal
from tests.jobs.cli.conftest import STACK_FILE, Done, Project
from tests.jobs.doubles import START, HandClock, KeptBlobs, ScriptedService

DEADLINE = ("--deadline", "20m")
WITHIN = START + timedelta(minutes=20)


def busy(retry_after: float | None) -> Unavailable:
    error = Unavailable("the account's files cannot be listed", status=429)
    error.retry_after = retry_after
    return error


class Away(ScriptedService):
    """It answers nothing. ``wish``: when it says that it will."""

    wish: float | None = None

    def files(self) -> Iterator[StoredFile]:
        raise busy(self.wish)


class SlowToTake(ScriptedService):
    """Each piece of a file takes ten minutes."""

    def upload(self, stream: BinaryIO, filename: str) -> StoredFile:
        while stream.read(1024):
            self.clock.moment += timedelta(minutes=10)
        return super().upload(stream, filename)


class Losing(ScriptedService):
    """What it answers to a submission is lost, and it lists no job."""

    def submit(self, request: JobRequest) -> Job:
        self.calls.append(f"submit {request.suffix}")
        raise Unsettled("the fine-tuning job was not submitted")


class SlowBlobs(KeptBlobs):
    def __init__(self, clock: HandClock) -> None:
        super().__init__()
        self.hand = clock

    def put_once(self, name: str, stream: BinaryIO, size: int) -> bool:
        while stream.read(1024):
            self.hand.moment += timedelta(minutes=10)
        return super().put_once(name, stream, size)


def run(project: Project, service: ScriptedService | None = None) -> Done:
    if service is not None:
        project.service = service
    done = project.jobs("run", "clippy", "-s", "dev", "--yes", *DEADLINE)
    assert done.code == 3
    assert done.err.rstrip().splitlines()[-1] in (
        "Next: jobs run clippy -s dev --deadline 20m",
        "Next: jobs watch clippy -s dev",
    )
    assert project.stack_file.read_text() == STACK_FILE
    return done


def submitted(project: Project) -> int:
    return sum(call.startswith("submit") for call in project.service.calls)


@pytest.mark.parametrize(("wish", "minutes"), [(None, 5), (90.0, 20), (600.0, 20), (86_400.0, 20)])
def test_before_anything_is_sent(project: Project, wish: float | None, minutes: int) -> None:
    """Who names no time is asked for five minutes; who does, until the deadline."""
    service = Away()
    service.wish = wish
    run(project, service)

    assert START <= project.clock.now() <= START + timedelta(minutes=minutes)


def test_while_data_are_stored(project: Project) -> None:
    project.blobs = SlowBlobs(project.service.clock)
    done = run(project)

    assert "before the run was submitted; nothing was spent" in done.err
    assert project.clock.now() - WITHIN <= timedelta(minutes=10)
    assert submitted(project) == 0


def test_while_data_are_uploaded(project: Project) -> None:
    done = run(project, SlowToTake())

    assert "before the run was submitted; nothing was spent" in done.err
    assert project.clock.now() - WITHIN <= timedelta(minutes=10)
    assert submitted(project) == 0


def test_while_they_are_processed(project: Project) -> None:
    done = run(project, ScriptedService(file_script=["pending"]))

    assert "is not processed yet" in done.err
    assert project.clock.now() == WITHIN
    assert submitted(project) == 0


def test_while_another_works_on_the_run(project: Project) -> None:
    """Its lease is renewed again and again."""
    project.kept_runs.clock = project.clock
    project.service.submit_error = ServiceRefused("the fine-tuning job was not submitted", status=400)
    assert project.jobs("run", "clippy", "-s", "dev", "--yes").code == 3
    (name,) = (name for name in project.kept_runs.blobs if is_journal(name))
    journal = read_journal(project.kept_runs.blobs[name], name)
    lease = Lease(holder="Bob@elsewhere", token="another", until="2026-11-20T10:00:00Z", seconds=120)
    held = journal.model_copy(update={"lease": lease}).content()
    project.kept_runs.put(name, held)
    project.clock.before_sleep = lambda: project.kept_runs.put(name, held)
    done = run(project)

    assert "still works on this run" in done.err
    assert WITHIN <= project.clock.now() <= WITHIN + timedelta(minutes=1)


def test_while_a_lost_answer_is_looked_for(project: Project) -> None:
    done = run(project, Losing())

    assert project.clock.now() <= WITHIN + timedelta(minutes=1)
    assert "lists no such job" in done.err or "not known" in done.err


def test_while_data_are_stored_and_a_former_answer_was_lost(project: Project) -> None:
    """Nobody is told that nothing was spent."""
    run(project, Losing())
    project.clock.moment += timedelta(hours=1)
    project.blobs = SlowBlobs(project.service.clock)
    done = project.jobs("run", "clippy", "-s", "dev", "--yes", *DEADLINE)

    assert "what came of that is not known yet" in done.err
    assert "nothing was spent" not in done.err


def test_while_it_is_watched_and_cannot_be_asked(project: Project) -> None:
    script: list[str | JobsError] = ["running", busy(3000.0)]
    done = run(project, ScriptedService(script=script))

    assert project.clock.now() == WITHIN
    assert "its last known status is running" in done.err
    assert "could not be asked in the end" in done.err
