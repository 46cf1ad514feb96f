"""What the platform does by itself while a plan is in force: shapes only; happenings.py has what comes of each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from simulator.faults.behaviour import Error
from simulator.faults.shape import Shape

_LONGEST = 1e9


class After(Shape):
    """So many simulated seconds after the plan was put into force."""

    after: float = Field(ge=0, le=_LONGEST)


class _Event(Shape):
    """When it happens, in simulated time; left out: at once. Names are globs (`*`)."""

    at: AwareDatetime | After | None = None


class DeploymentGone(_Event):
    """Azure removes deployments: as idle ones (tuned, 15 days without a call), or as expired ones (DeveloperTier,
    24 hours)."""

    event: Literal["deploymentDeleted", "deploymentExpired"]
    deployment: str
    account: str = "*"


class ModelRetired(_Event):
    """A base model is retired, by the data plane's name: for what is said.

    `training`: no job is accepted; `inference`: the base answers 410 and can't be deployed; `tuned`: so do models tuned
    from it.
    """

    event: Literal["modelRetired"]
    model: str
    ends: list[Literal["training", "inference", "tuned"]] = Field(default=["training", "inference"], min_length=1)


class JobPreempted(_Event):
    """Running jobs are paused, by ID or suffix, and go on by themselves."""

    event: Literal["jobPreempted"]
    job: str = "*"
    resumes_after: float = Field(default=1800.0, ge=0, le=_LONGEST)


class JobPaused(_Event):
    """Running jobs are paused, and wait for somebody."""

    event: Literal["jobPaused"]
    job: str = "*"


class JobEnded(_Event):
    """Jobs that run or wait fail, or are cancelled by the service."""

    event: Literal["jobFailed", "jobCancelled"]
    job: str = "*"
    error: Error = Error(code="internalFailure", message="A system error was encountered, please try again later")


Event = Annotated[DeploymentGone | ModelRetired | JobPreempted | JobPaused | JobEnded, Field(discriminator="event")]
