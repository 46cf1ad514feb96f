"""A fault plan: what goes wrong, at which requests, how often. docs/simulator.md, "Faults", has its whole shape.

A plan comes as a file (`--faults`), by `PUT /_simulator/faults`, or from a test in this process (faults/installed.py).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, JsonValue, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from simulator.errors import Unusable
from simulator.faults.behaviour import Behaviour
from simulator.faults.events import Event
from simulator.faults.shape import Shape

Listener = Literal["main", "blob"]


class BadPlan(Exception):
    """What is wrong with a plan: every fault in it, each with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


# --- at which requests


class Match(Shape):
    """Requests that have all of what is said; nothing said: every request.

    method    any case
    path      decoded, `*` for any characters, slashes included; case doesn't count. On the main listener a data plane's
              path begins with its host, on the blob listener with the account
    pattern   a regular expression that is searched in the path instead; case doesn't count
    query     parameters that must be there, by name: `*` as in `path`
    listener  both unless said
    """

    method: str | None = None
    path: str | None = None
    pattern: str | None = None
    query: dict[str, str] = Field(default_factory=dict)
    listener: Listener | None = None

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as problem:
                raise ValueError(f"no regular expression: {problem}") from problem
        return pattern

    def fits(self, listener: Listener, method: str, path: str, query: Mapping[str, str]) -> bool:
        """Whether a request is meant; `query` has its names in lower case."""
        return (
            (self.listener is None or self.listener == listener)
            and (self.method is None or self.method.upper() == method)
            and (self.path is None or _glob(self.path).fullmatch(path) is not None)
            and (self.pattern is None or re.search(self.pattern, path, re.IGNORECASE) is not None)
            and all(
                (value := query.get(name.lower())) is not None and _glob(wanted).fullmatch(value) is not None
                for name, wanted in self.query.items()
            )
        )


@functools.cache
def _glob(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.IGNORECASE | re.DOTALL)


# --- what happens then


class Answer(Shape):
    """An answer in the place of the service's own.

    after       the request is carried out first, and its answer lost: "5xx after commit"
    body        JSON; a string is sent as it is; left out: an error in the form of the plane that is asked
    retryAfter  in the caller's own seconds, as they stand; retryAfterAs: how it is said
    """

    kind: Literal["answer"]
    status: int = Field(ge=200, le=599)
    body: JsonValue = None
    content_type: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    retry_after: float | None = Field(default=None, ge=0, le=1e9)
    retry_after_as: Literal["seconds", "milliseconds", "date"] = "seconds"
    after: bool = False


class Delay(Shape):
    """Time that passes before the request is carried out, or (`after`) before its answer comes.

    seconds      of simulated time: by hand the clock is moved by them at once, with a rate the caller waits
    wallSeconds  of the caller's own time, whatever the clock: so that a client's time-out is reached
    """

    kind: Literal["delay"]
    seconds: float = Field(default=0.0, ge=0, le=1e9)
    wall_seconds: float = Field(default=0.0, ge=0, le=3600)
    after: bool = False

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.seconds and not self.wall_seconds:
            raise ValueError("a delay has seconds, wallSeconds or both")
        return self


class Reset(Shape):
    """The connection is reset without an answer: before the effect, after it, or (`during`) once so many bytes of the
    request's body have come, which has no effect either."""

    kind: Literal["reset"]
    when: Literal["before", "during", "after"] = "before"
    bytes: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _bytes(self) -> Self:
        if (self.bytes is not None) != (self.when == "during"):
            raise ValueError('bytes are said with "when": "during", and only there')
        return self


class Truncate(Shape):
    """The answer ends after so many bytes of its body (half of it unless said), and the connection with it."""

    kind: Literal["truncate"]
    bytes: int | None = Field(default=None, ge=0)


class ContentType(Shape):
    """The answer as it is, under another content type."""

    kind: Literal["contentType"]
    value: str = "text/html"


class Empty(Shape):
    """The answer without its body."""

    kind: Literal["empty"]


class NotJson(Shape):
    """The answer with a body that is no JSON, though it says so."""

    kind: Literal["notJson"]
    text: str = "<html><body>The service is unavailable.</body></html>"


class ExpireTokens(Shape):
    """From this request on, tokens that were issued before it have expired, its own first."""

    kind: Literal["expireTokens"]


class RefuseToken(Shape):
    """The token of this one request has expired."""

    kind: Literal["refuseToken"]


Does = Annotated[
    Answer | Delay | Reset | Truncate | ContentType | Empty | NotJson | ExpireTokens | RefuseToken,
    Field(discriminator="kind"),
]


# --- the plan


class Fault(Shape):
    """One thing that goes wrong.

    skip         that many matching requests pass first
    times        how often it happens; null: always. Left out: once, or always where there is a probability
    probability  with which it happens at each matching request, drawn by the plan's seed; null: always
    """

    match: Match = Match()
    skip: int = Field(default=0, ge=0)
    times: int | None = Field(default=None, ge=1)
    probability: float | None = Field(default=None, ge=0, le=1)
    does: Does

    @property
    def ends(self) -> bool:
        """Whether the request goes no further: neither to the service nor to another fault."""
        does = self.does
        return (isinstance(does, Answer) and not does.after) or (isinstance(does, Reset) and does.when != "after")

    @property
    def limit(self) -> int | None:
        """How often it happens at most; None: no end."""
        return 1 if "times" not in self.model_fields_set and self.probability is None else self.times


class Plan(Shape):
    """Everything that goes wrong.

    skew  seconds by which the services' clocks are ahead of the caller's (behind, where negative)
    """

    seed: int = 0
    skew: float = Field(default=0.0, ge=-1e8, le=1e8)
    faults: list[Fault] = Field(default_factory=list)
    behaviour: Behaviour = Behaviour()
    events: list[Event] = Field(default_factory=list)


def parsed(text: str | bytes) -> Plan:
    """The plan that JSON says; BadPlan names all that is wrong with it."""
    try:
        said = json.loads(text)
    except ValueError as problem:
        raise BadPlan([f"it is no JSON: {problem}"]) from problem
    try:
        # Of JSON and not of Python's values: strict shapes take a list for a tuple there, and a text for a time.
        return Plan.model_validate_json(json.dumps(said))
    except ValidationError as problem:
        raise BadPlan([f"{_place(said, each)}: {_words(each)}" for each in problem.errors()]) from problem


def read(file: Path) -> Plan:
    """The plan in a file; Unusable names the file and all that is wrong with it."""
    try:
        return parsed(file.read_bytes())
    except OSError as problem:
        raise Unusable(f"can't read the fault plan {file}: {problem.strerror}") from problem
    except BadPlan as problem:
        raise Unusable(f"{file} is no fault plan:" + "".join(f"\n  {each}" for each in problem.faults)) from problem


def _place(said: Any, fault: ErrorDetails) -> str:
    """faults[0].does.status: pydantic's location without the names of a union's members, which nobody wrote."""
    place = ""
    location = fault["loc"]
    for number, part in enumerate(location):
        # What is missing is in no place of what was said: the last part names it.
        missing = fault["type"] == "missing" and number == len(location) - 1
        if isinstance(part, int):
            place += f"[{part}]"
            said = said[part] if isinstance(said, list) and part < len(said) else None
        elif isinstance(said, dict) and (part in said or missing):
            place += f".{part}"
            said = said.get(part)
    return place.lstrip(".") or "the plan"


def _words(fault: ErrorDetails) -> str:
    if fault["type"] == "extra_forbidden":
        return "there is no such key"
    if fault["type"] == "missing":
        return "it is missing"
    return fault["msg"].removeprefix("Value error, ")
