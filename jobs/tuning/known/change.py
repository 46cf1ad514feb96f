"""Pausing, resuming and cancelling a job: what may be asked of it as it stands, and asking once.

Facts: azure-ai-docs, fine-tuning.md and fine-tuning-rest.md (a job is paused while it runs and has made a step, and
leaves a checkpoint that can be deployed once it has passed the safety evaluation), fine-tuning-cost-management.md (free
before it runs; what was trained until it is cancelled is charged). Which states the service lets be changed is not
documented beyond that: where it knows better it refuses, and that is told.
"""

from __future__ import annotations

from enum import Enum
from functools import partial

from jobs.errors import CloudFailed, DeadlinePassed, Refused, ServiceRefused, Unavailable, Unsettled
from jobs.ports import FineTuning, Job, JobState
from jobs.tuning.patience import ANSWERING, Patience, pause_after
from jobs.tuning.polling.pace import WAITING, Pace

_LOOKS = 4
"""How often the job is looked at after an answer was lost: 2, 4 and 8 seconds lie between."""
_NO_SUCH_ROUTE = (405, 501)
_WRONG_STATE = (400, 409)


class Change(Enum):
    """The value is the verb."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


_AIMS = {Change.PAUSE: JobState.PAUSED, Change.RESUME: JobState.RUNNING, Change.CANCEL: JobState.CANCELLED}
_UNDER_WAY = {
    Change.PAUSE: (JobState.PAUSING,),
    # One that was resumed may have to wait for its turn.
    Change.RESUME: (JobState.RESUMING, *WAITING),
    Change.CANCEL: (),
}
_DONE = {Change.PAUSE: "paused", Change.RESUME: "resumed", Change.CANCEL: "cancelled"}


def arrived(change: Change, job: Job) -> bool:
    """Whether the change is through, or will never be: waiting for it changes nothing any more."""
    return job.status.state is _AIMS[change] or job.status.ended


def done(change: Change, job: Job) -> bool:
    """Whether it has been asked for already, or isn't needed: asking again would change nothing."""
    return job.status.state in (_AIMS[change], *_UNDER_WAY[change])


def refuse(change: Change, job: Job) -> None:
    """Raises Refused where the job cannot be changed so as it stands. What only the service knows, it decides."""
    state = job.status.state
    if job.status.ended:
        raise _refused(change, job, "it has ended")
    match change:
        case Change.PAUSE if state in WAITING:
            raise _refused(change, job, "it doesn't run yet", "Only a run that has made a step can be paused.")
        case Change.PAUSE if state is JobState.RESUMING:
            raise _refused(change, job, "it is only just going on", "It can be paused again once it runs.")
        case Change.RESUME if state is JobState.PAUSING:
            raise _refused(change, job, "it is still being paused", "It can be resumed once it is paused.")


def meaning(change: Change, job: Job) -> tuple[str, ...]:
    """What comes of it, before it is agreed to; of resuming, what the pause does not tell."""
    match change:
        case Change.PAUSE:
            return (
                "It stops after its step, and leaves a checkpoint that can be deployed once the service finds it safe.",
                "What was trained is charged, and what is left of it once somebody resumes it.",
            )
        case Change.RESUME:
            return ()
        case Change.CANCEL if job.status.state in WAITING:
            return ("It hasn't begun to run: that is free. It cannot be taken back.",)
        case Change.CANCEL:
            return (
                "It ends without a model, for good; checkpoints that it has made stay.",
                "What was trained until now is charged: what is spent stays spent.",
            )


def ask(change: Change, job: Job, service: FineTuning, patience: Patience) -> Job:
    """The job after the change was asked for. Where the answer is lost the job is looked at, and not asked again.

    Raises Refused where the service says that it cannot be, Unsettled where nobody knows whether it will be.
    """
    send = {Change.PAUSE: service.pause, Change.RESUME: service.resume, Change.CANCEL: service.cancel}[change]
    try:
        # Only what was certainly not sent, or not taken, comes back as something that may be asked again.
        return patience.within(ANSWERING)(partial(send, job.id))
    except Unsettled as unsettled:
        found = _seen(change, job, service, patience)
        if found is not None and done(change, found):
            return found
        if found is not None and found.status.ended:
            refuse(change, found)
        standing = found.status if found is not None else "not known"
        unsettled.details += (
            f"The run is {standing}. Typed again, the command looks first, and asks where it has to.",
        )
        raise
    except ServiceRefused as refused:
        found = patience.within(ANSWERING)(partial(service.job, job.id))
        if done(change, found):
            return found
        raise _told(change, found, refused) from refused


def wait(change: Change, job: Job, service: FineTuning, patience: Patience) -> Job:
    """The job once the change is through. Raises DeadlinePassed: the service goes on with it all the same."""
    clock, failures = patience.clock, 0
    pace = Pace(clock.now()).after(job, clock.now())
    seconds = pace.wait
    while not arrived(change, job):
        left = (patience.deadline - clock.now()).total_seconds()
        if left <= 0:
            what = f"the deadline has passed, and the run is not {_DONE[change]} yet; it is {job.status}"
            raise DeadlinePassed(what, run=job.id)
        clock.sleep(min(left, seconds))
        try:
            job, failures = service.job(job.id), 0
            pace = pace.after(job, clock.now())
            seconds = pace.wait
        except Unavailable as error:
            failures += 1
            seconds = pause_after(error, failures)
            patience.tell(error, seconds)
    return job


def _seen(change: Change, job: Job, service: FineTuning, patience: Patience) -> Job | None:
    """The job once it shows the change, or as it was seen last; None where it can't be looked at."""
    found = None
    for attempt in range(1, _LOOKS + 1):
        try:
            found = service.job(job.id)
        except CloudFailed:
            pass
        else:
            if done(change, found):
                return found
        if attempt < _LOOKS:
            patience.clock.sleep(2.0**attempt)
    return found


def _told(change: Change, job: Job, refused: ServiceRefused) -> CloudFailed | Refused:
    """The service's refusal, as what it is: of the state the job is in, of the request, or of who asks."""
    if refused.status in _WRONG_STATE:
        early = change is Change.PAUSE and job.status.state is JobState.RUNNING
        advice = ("Only a run that has made a step can be paused: try again in some minutes.",) if early else ()
        error = _refused(change, job, "says the service", *refused.details, *advice)
    elif refused.status in _NO_SUCH_ROUTE:
        error = _refused(change, job, "the account's service doesn't offer that", *refused.details)
    else:
        return refused
    error.status, error.code, error.request_id = refused.status, refused.code, refused.request_id
    return error


def _refused(change: Change, job: Job, why: str, *details: str) -> Refused:
    return Refused(f"the run is {job.status}: it cannot be {_DONE[change]}, {why}", details=details, run=job.id)
