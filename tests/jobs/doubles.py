"""Doubles of the ports: in-process stand-ins whose behaviour a test writes down beforehand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, TypeVar

from contract.graders import AnyGrader
from contract.outputs import StackOutputs
from contract.release import Releases
from jobs.chat_ports import ChatReply, ChatRequest
from jobs.doctor_ports import Greeting, OfferedModel, Permission, StandingDeployment, Usage
from jobs.errors import JobsError, ServiceRefused
from jobs.monitor_ports import Deletion
from jobs.ports import (
    Checkpoint,
    EchoedHyperparameters,
    Event,
    FileStatus,
    Job,
    JobRequest,
    JobStatus,
    ListedBlob,
    Secret,
    StoredBlob,
    StoredFile,
)
from tests.jobs.large_files import LargeFiles, signed

T = TypeVar("T")
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@dataclass
class HandClock:
    """Time moves only where somebody sleeps; ``slept`` has the seconds, in order. A Clock."""

    moment: datetime = START
    slept: list[float] = field(default_factory=list)
    before_sleep: Callable[[], None] | None = None

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        if self.before_sleep is not None:
            self.before_sleep()
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


@dataclass
class ScriptedService(LargeFiles):
    """A service that goes through ``script`` with each look at a job: a status, or an error. A FineTuning.

    unlisted      jobs that the account's list lacks
    calls         names of the requests that change something, in order
    upload_error, submit_error, change_error   raised instead of an answer; ``…_takes_effect``: after the thing was done
    """

    script: list[str | JobsError] = field(default_factory=lambda: ["succeeded"])
    file_script: list[str] = field(default_factory=lambda: ["processed"])
    hints: list[float | None] = field(default_factory=list)
    stored: list[StoredFile] = field(default_factory=list)
    all_jobs: list[Job] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)
    kept: list[Checkpoint] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    requests: list[JobRequest] = field(default_factory=list)
    upload_error: JobsError | None = None
    upload_takes_effect: bool = False
    submit_error: JobsError | None = None
    submit_takes_effect: bool = False
    change_error: JobsError | None = None
    change_takes_effect: bool = False
    failure: tuple[str, str] | None = None
    grader_error: JobsError | None = None
    validates: bool = True
    clock: HandClock = field(default_factory=HandClock)
    unlisted: set[str] = field(default_factory=set)

    def files(self) -> Iterator[StoredFile]:
        return iter(list(self.stored))

    def file(self, file_id: str) -> StoredFile:
        found = next(file for file in self.stored if file.id == file_id)
        status = self.file_script.pop(0) if len(self.file_script) > 1 else self.file_script[0]
        changed = replace(found, status=FileStatus.parse(status))
        self.stored[self.stored.index(found)] = changed
        return changed

    def upload(self, stream: BinaryIO, filename: str) -> StoredFile:
        self.calls.append(f"upload {filename}")
        stored = self.taken(filename, stream.read())
        error, self.upload_error = self.upload_error, None
        if error is None or self.upload_takes_effect:
            self.stored.append(stored)
        if error is not None:
            raise error
        return stored

    def jobs(self) -> Iterator[Job]:
        return iter([job for job in self.all_jobs if job.id not in self.unlisted])

    def job(self, job_id: str) -> Job:
        found = next((job for job in self.all_jobs if job.id == job_id), None)
        if found is None:
            raise ServiceRefused(f"{job_id} cannot be read", status=404)
        scripted = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(scripted, JobsError):
            raise scripted
        changed = self._in_status(found, scripted)
        self.all_jobs[self.all_jobs.index(found)] = changed
        return replace(changed, next_poll=self.hints.pop(0) if self.hints else None)

    def validate_grader(self, grader: AnyGrader) -> bool:
        self.calls.append(f"validate {grader.name}")
        if self.grader_error is not None:
            raise self.grader_error
        return self.validates

    def submit(self, request: JobRequest) -> Job:
        self.calls.append(f"submit {request.suffix}")
        self.requests.append(request)
        hexes = hashlib.sha256(f"{len(self.all_jobs)}".encode()).hexdigest()[:32]
        job = Job(
            id=f"ftjob-{hexes}",
            status=JobStatus.parse("pending"),
            model=request.model,
            created_at=self.clock.now() + timedelta(seconds=len(self.all_jobs)),
            suffix=request.suffix,
            training_file=request.training_file,
            validation_file=request.validation_file,
            seed=request.seed,
            method=request.method,
        )
        error, self.submit_error = self.submit_error, None
        if error is None or self.submit_takes_effect:
            self.all_jobs.append(job)
        if error is not None:
            raise error
        return job

    def pause(self, job_id: str) -> Job:
        return self._changed("pause", job_id, "pausing")

    def resume(self, job_id: str) -> Job:
        return self._changed("resume", job_id, "resuming")

    def cancel(self, job_id: str) -> Job:
        return self._changed("cancel", job_id, "cancelled")

    def _changed(self, verb: str, job_id: str, text: str) -> Job:
        self.calls.append(f"{verb} {job_id}")
        found = next(job for job in self.all_jobs if job.id == job_id)
        changed = replace(found, status=JobStatus.parse(text))
        error, self.change_error = self.change_error, None
        if error is None or self.change_takes_effect:
            self.all_jobs[self.all_jobs.index(found)] = changed
        if error is not None:
            raise error
        return changed

    def events(self, job_id: str, limit: int) -> list[Event]:  # noqa: ARG002 - of the port
        return self.told[:limit]

    def checkpoints(self, job_id: str) -> list[Checkpoint]:  # noqa: ARG002 - of the port
        return list(self.kept)

    def content(self, file_id: str) -> bytes:  # noqa: ARG002 - of the port
        return b""

    def delete_file(self, file_id: str) -> None:
        self.calls.append(f"delete {file_id}")
        self.stored = [file for file in self.stored if file.id != file_id]

    def _in_status(self, job: Job, text: str) -> Job:
        changed = replace(job, status=JobStatus.parse(text))
        match text.lower():
            case "succeeded":
                hexes = job.id.removeprefix("ftjob-")
                return replace(
                    changed,
                    fine_tuned_model=f"{job.model}.ft-{hexes}-{job.suffix}",
                    finished_at=self.clock.now(),
                    trained_tokens=4200,
                    hyperparameters=EchoedHyperparameters(3, 1, 2.0),
                )
            case "failed" if self.failure is not None:
                from jobs.ports import JobError

                return replace(changed, error=JobError(*self.failure), request_id="request-1")
            case _:
                return changed


@dataclass
class KeptBlobs:
    """A container in memory, whose own clock is ``clock``. A Blobs."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    clock: HandClock = field(default_factory=HandClock)
    written: dict[str, datetime] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    writes: int = 0

    def put_once(self, name: str, stream: BinaryIO, size: int) -> bool:
        if name in self.blobs:
            return False
        self.put(name, stream.read(size))
        return True

    def put(self, name: str, content: bytes) -> None:
        self.blobs[name] = content
        self.written[name] = self.clock.now()
        self.writes += 1
        self.etags[name] = f'"{self.writes}"'

    def read(self, name: str) -> StoredBlob | None:
        if name not in self.blobs:
            return None
        now = self.clock.now()
        return StoredBlob(self.blobs[name], self.etags.get(name, '"0"'), now - self.written.get(name, now))

    def create(self, name: str, content: bytes) -> str | None:
        if name in self.blobs:
            return None
        self.put(name, content)
        return self.etags[name]

    def replace(self, name: str, content: bytes, etag: str) -> str | None:
        if name not in self.blobs or self.etags.get(name, '"0"') != etag:
            return None
        self.put(name, content)
        return self.etags[name]

    def names(self, prefix: str = "") -> Iterator[str]:
        return iter(sorted(name for name in self.blobs if name.startswith(prefix)))

    def get(self, name: str, *, largest: int = 0) -> bytes | None:  # noqa: ARG002 - of the port
        return self.blobs.get(name)

    def listed(self) -> Iterator[ListedBlob]:
        for name, content in sorted(self.blobs.items()):
            at = self.written.get(name, self.clock.now())
            yield ListedBlob(name, self.etags.get(name, '"0"'), len(content), at)

    def delete(self, name: str, etag: str) -> bool:
        if name not in self.blobs or self.etags.get(name, '"0"') != etag:
            return False
        del self.blobs[name]
        return True

    def signed_address(self, name: str, lifetime: timedelta) -> Secret:  # noqa: ARG002 - of the port
        return signed(name)

    def look(self) -> None:
        pass


@dataclass
class KeptStack:
    """A stack in memory. A Stack."""

    has: StackOutputs
    name: str = "dev"
    file: Path = Path("environments/Pulumi.dev.yaml")
    recorded: dict[str, Releases] = field(default_factory=dict)

    def outputs(self) -> StackOutputs:
        return self.has

    def releases(self) -> dict[str, Releases]:
        return dict(self.recorded)

    def record(self, model: str, change: Callable[[Releases], Releases]) -> bool:
        before = self.recorded.get(model, Releases())
        self.recorded[model] = change(before)
        return self.recorded[model] != before

    def obstacle(self) -> str | None:
        return None


@dataclass
class TellingPlane:
    """ARM that says what a test wrote down. ``silent``: raised by every question instead. A ControlPlane."""

    offered: list[OfferedModel] = field(default_factory=list)
    quotas: list[Usage] = field(default_factory=list)
    standing: list[StandingDeployment] = field(default_factory=list)
    silent: JobsError | None = None

    def greeting(self) -> Greeting:
        return Greeting(None, None)

    def account_state(self, resource_id: str) -> str:  # noqa: ARG002 - of the port
        return "Succeeded"

    def permissions(self, resource_id: str) -> list[Permission]:  # noqa: ARG002 - of the port
        return []

    def usages(self, location: str) -> list[Usage]:  # noqa: ARG002 - of the port
        return self._told(self.quotas)

    def models(self, location: str) -> list[OfferedModel]:  # noqa: ARG002 - of the port
        return self._told(self.offered)

    def deployments(self, resource_id: str) -> list[StandingDeployment]:  # noqa: ARG002 - of the port
        return self._told(self.standing)

    def _told(self, what: list[T]) -> list[T]:
        if self.silent is not None:
            raise self.silent
        return list(what)


@dataclass
class TellingMonitor:
    """Azure Monitor that says what a test wrote down. ``silent``: raised instead. A Monitor.

    calls      by deployment, in every account
    deleted    by deployment, newest first
    """

    calls: dict[str, datetime] = field(default_factory=dict)
    deleted: dict[str, list[Deletion]] = field(default_factory=dict)
    silent: JobsError | None = None

    def last_calls(
        self,
        account_id: str,  # noqa: ARG002 - of the port
        since: datetime,
        until: datetime,
    ) -> dict[str, datetime]:
        if self.silent is not None:
            raise self.silent
        return {name: at for name, at in self.calls.items() if since <= at <= until}

    def deletions(self, resource_id: str, since: datetime) -> list[Deletion]:
        if self.silent is not None:
            raise self.silent
        return [each for each in self.deleted.get(resource_id.rpartition("/")[2], []) if each.at >= since]


@dataclass
class AnsweringChat:
    """Deployments that answer as a test says, each reply after 0.5 s of the service's time. A Chat.

    answers   by the deployment's name: what it says to a request, or raises
    asked     every request, in the order in which they came
    """

    answers: dict[str, Callable[[ChatRequest], str | JobsError]] = field(default_factory=dict)
    asked: list[ChatRequest] = field(default_factory=list)

    def ask(self, request: ChatRequest) -> ChatReply:
        # Threads ask: a list takes one at a time.
        self.asked.append(request)
        said = self.answers[request.deployment](request)
        if isinstance(said, JobsError):
            raise said
        return ChatReply(said, (), "stop", 20, 5, 0.5, request.deployment)
