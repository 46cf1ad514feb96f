"""How the services behave while a plan is in force: what isn't tied to single requests. Shapes only.

What each does, its source and how certain it is: docs/simulator.md, "Faults". Seconds are simulated ones.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from simulator.disk import DiskFault
from simulator.faults.shape import Shape

Seconds = float
_LONGEST = 1e9
HintForm = Literal["retryAfter", "reset", "none"]
"""How a 429 of a deployment says when to come back, as seen at different times: Retry-After with retry-after-ms,
x-ratelimit-reset-tokens alone, or not at all."""


class ChatThrottling(Shape):
    """Requests and tokens a minute of each deployment, by its capacity."""

    hints: HintForm = "retryAfter"


class UploadThrottling(Shape):
    """Uploads of an account."""

    per_second: int = Field(default=30, ge=1)


class Bucket(Shape):
    """A token bucket: how many requests it holds, and how many come back in a second."""

    size: int = Field(ge=1)
    per_second: float = Field(gt=0)


class ArmThrottling(Shape):
    """Requests of each principal to ARM."""

    reads: Bucket = Bucket(size=250, per_second=25)
    writes: Bucket = Bucket(size=200, per_second=10)
    deletes: Bucket = Bucket(size=200, per_second=10)


class Throttling(Shape):
    """Off unless named; `{}` takes Azure's own numbers."""

    chat: ChatThrottling | None = None
    uploads: UploadThrottling | None = None
    arm: ArmThrottling | None = None


class Conflict(Shape):
    """Changes of an account and of what is in it that are answered 409, by the account's name (`*` as a glob).

    requests      so many, and then no more
    seconds       all, until so long after the plan was put into force
    after_change  all, until so long after the last change is done: Azure's lock outlives it
    """

    account: str = "*"
    requests: int | None = Field(default=None, ge=1)
    seconds: Seconds | None = Field(default=None, gt=0, le=_LONGEST)
    after_change: Seconds | None = Field(default=None, gt=0, le=_LONGEST)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(each is not None for each in (self.requests, self.seconds, self.after_change)) != 1:
            raise ValueError("a conflict has one of requests, seconds and afterChange")
        return self


class Error(Shape):
    """Code and message of what failed."""

    code: str
    message: str


class Failure(Shape):
    """Long-running operations of ARM that end Failed, by the resource's type and name (`*` as a glob).

    at               which operations; all unless said
    seconds          how long one takes that would otherwise be done at once
    must_be_deleted  a write to the failed resource is refused until it is deleted
    """

    type: str = "Microsoft.CognitiveServices/accounts/deployments"
    name: str = "*"
    at: Literal["create", "update", "delete"] | None = None
    times: int | None = Field(default=1, ge=1)
    seconds: Seconds = Field(default=30.0, gt=0, le=_LONGEST)
    error: Error = Error(code="InternalServerError", message="Internal Server Error.")
    must_be_deleted: bool = False


class Turn(Shape):
    """What a job does by itself after so many seconds of running (preparing included).

    resumes_after  of `paused`: then it goes on by itself; null: it waits for somebody
    error          of `failed`
    """

    after: Seconds = Field(ge=0, le=_LONGEST)
    becomes: Literal["paused", "failed", "cancelled"]
    resumes_after: Seconds | None = Field(default=None, ge=0, le=_LONGEST)
    error: Error = Error(code="internalFailure", message="A system error was encountered, please try again later")


class Course(Shape):
    """What is in store for jobs created under the plan, by suffix and model (`*` as a glob); the first that fits.

    times    for so many jobs; null: for all
    pending  seconds in the queue, in the place of four minutes
    turns    in order of `after`
    """

    suffix: str = "*"
    model: str = "*"
    times: int | None = Field(default=None, ge=1)
    pending: Seconds | None = Field(default=None, ge=0, le=_LONGEST)
    turns: list[Turn] = Field(default_factory=list)


class Word(Shape):
    """A status nobody knows, in the place of one that everybody does: from `after` seconds of it on, for `lasting`."""

    word: str
    instead: str = "running"
    after: Seconds = Field(default=0.0, ge=0, le=_LONGEST)
    lasting: Seconds = Field(default=_LONGEST, gt=0, le=_LONGEST)


class Fields(Shape):
    """Members of answers with these values in the place of their own, by name: null, {} or anything else."""

    job: dict[str, JsonValue] = Field(default_factory=dict)
    file: dict[str, JsonValue] = Field(default_factory=dict)


class Lists(Shape):
    """Lists that lag: what was created less than so many seconds ago isn't in them, though it can be got by its ID."""

    files: Seconds = Field(default=0.0, ge=0, le=_LONGEST)
    jobs: Seconds = Field(default=0.0, ge=0, le=_LONGEST)
    resources: Seconds = Field(default=0.0, ge=0, le=_LONGEST)


class Behaviour(Shape):
    """Nothing unusual unless said.

    fields  of each job and file that is answered
    roles   seconds from a role assignment's creation until data planes know of it
    disk    that of the simulator's own state
    """

    throttling: Throttling = Throttling()
    conflicts: list[Conflict] = Field(default_factory=list)
    failures: list[Failure] = Field(default_factory=list)
    jobs: list[Course] = Field(default_factory=list)
    statuses: list[Word] = Field(default_factory=list)
    fields: Fields = Fields()
    lists: Lists = Lists()
    roles: Seconds = Field(default=0.0, ge=0, le=_LONGEST)
    disk: DiskFault | None = None
