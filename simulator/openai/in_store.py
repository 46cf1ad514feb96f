"""What a fault plan has in store for a job that is created while it is in force: it stays so when the plan goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.openai.models import Job, JobError, Turn

if TYPE_CHECKING:
    from simulator.cloud import Cloud


def prepare(cloud: Cloud, job: Job) -> None:
    """Gives a new job its time in the queue, and its turns."""
    course = cloud.faults.conduct.course(job.suffix or "", job.model)
    if course is None:
        return
    if course.pending is not None:
        job.plan.queueing = course.pending
    job.turns = [
        Turn(
            after=turn.after,
            becomes=turn.becomes,
            resumes_after=turn.resumes_after,
            error=JobError(code=turn.error.code, message=turn.error.message) if turn.becomes == "failed" else None,
        )
        for turn in sorted(course.turns, key=lambda each: each.after)
    ]
