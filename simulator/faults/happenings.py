"""What comes of a plan's events once their moment has come."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from simulator.arm import activity
from simulator.arm.ids import parse
from simulator.arm.models import DEPLOYMENTS, Resource
from simulator.faults.events import DeploymentGone, Event, JobEnded, JobPaused, JobPreempted, ModelRetired
from simulator.faults.glob import fits
from simulator.openai.models import Job, JobError, Turn
from simulator.openai.timeline import advance, take_turn

if TYPE_CHECKING:
    from simulator.cloud import Cloud


def happen(cloud: Cloud, now: datetime) -> None:
    """Lets everything happen, in order, that is due: each as if somebody had looked at its own moment."""
    for at, event in cloud.faults.conduct.due(now):
        _happen(cloud, event, at)


def _happen(cloud: Cloud, event: Event, at: datetime) -> None:
    match event:
        case DeploymentGone():
            for deployment in [each for each in cloud.state.arm.resources.values() if _meant(event, each)]:
                del cloud.state.arm.resources[deployment.key]
                activity.note(cloud, deployment, "delete", activity.PLATFORM, at)
                cloud.moved_on()
        case JobPreempted(resumes_after=seconds):
            _turn(cloud, event.job, at, Turn(after=0, becomes="paused", resumes_after=seconds))
        case JobPaused():
            _turn(cloud, event.job, at, Turn(after=0, becomes="paused"))
        case JobEnded(event="jobFailed", error=error):
            said = JobError(code=error.code, message=error.message)
            _turn(cloud, event.job, at, Turn(after=0, becomes="failed", error=said))
        case JobEnded():
            _turn(cloud, event.job, at, Turn(after=0, becomes="cancelled"))
        case ModelRetired():
            pass  # Conduct.retired is asked wherever it matters.


def _meant(event: DeploymentGone, resource: Resource) -> bool:
    parent = getattr(parse(resource.id), "parent", None)
    return (
        resource.type == DEPLOYMENTS
        and fits(event.deployment, resource.name)
        and parent is not None
        and fits(event.account, parent.name)
    )


def _turn(cloud: Cloud, wanted: str, at: datetime, turn: Turn) -> None:
    state, moment = cloud.state.openai, at.timestamp()
    advance(state, moment)
    for job in state.jobs.values():
        # A job that waits can only end.
        open_ = ("running",) if turn.becomes == "paused" else ("running", "pending")
        if job.status in open_ and _called(job, wanted):
            take_turn(job, turn, moment)
            cloud.moved_on()


def _called(job: Job, wanted: str) -> bool:
    return fits(wanted, job.id) or fits(wanted, job.suffix or "")
