"""A service whose jobs take their time, for sweeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from jobs.errors import ServiceRefused
from jobs.ports import Job, JobError, JobRequest, JobStatus
from tests.jobs.doubles import ScriptedService


@dataclass
class TimedService(ScriptedService):
    """Each job runs for ``takes`` seconds of the clock from its submission, and ends as ``ends`` says, by default well.

    loss      of the validation file, by what was asked for; its result file has it
    at_once   the most jobs that were on their way at the same time
    """

    takes: float = 100.0
    loss: Callable[[JobRequest], float | None] = lambda request: float(str(request.hyperparameters.epochs))
    ends: Callable[[JobRequest], str] = lambda _: "succeeded"
    at_once: int = 0
    asked: dict[str, JobRequest] = field(default_factory=dict)

    def jobs(self) -> Iterator[Job]:
        return iter([self._now(job) for job in self.all_jobs])

    def job(self, job_id: str) -> Job:
        return next(job for job in self.jobs() if job.id == job_id)

    def submit(self, request: JobRequest) -> Job:
        going = sum(not job.status.ended for job in self.jobs())
        if going >= 20:
            raise ServiceRefused("no", status=400, code="quotaExceeded")
        job = replace(super().submit(request), created_at=self.clock.now())
        self.all_jobs[-1] = job
        self.asked[job.id] = request
        self.at_once = max(self.at_once, going + 1)
        return job

    def content(self, file_id: str) -> bytes:
        loss = self.loss(self.asked[file_id.removeprefix("results-")])
        return b"" if loss is None else f"step,valid_loss,full_valid_loss\n1,9,{loss}\n".encode()

    def _now(self, job: Job) -> Job:
        request = self.asked.get(job.id)
        if request is None:
            return job
        ended = job.created_at + timedelta(seconds=self.takes)
        if self.clock.now() < ended:
            return replace(job, status=JobStatus.parse("running"))
        status = self.ends(request)
        done = replace(job, status=JobStatus.parse(status), finished_at=ended)
        if status == "failed":
            return replace(done, error=JobError("contentFilter", "harm"))
        if status != "succeeded":
            return done
        return replace(
            done,
            fine_tuned_model=f"{job.model}.ft-{job.id.removeprefix('ftjob-')}-{job.suffix}",
            trained_tokens=4200,
            result_files=(f"results-{job.id}",),
        )
