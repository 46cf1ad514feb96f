"""What can go wrong at a request."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, StringConstraints, model_validator

from simulator.faults.shape import Shape

_NAME = r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"
_VALUE = r"^([\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?)?$"
HeaderName = Annotated[str, StringConstraints(pattern=_NAME)]
HeaderValue = Annotated[str, StringConstraints(pattern=_VALUE)]


class Answer(Shape):
    """An answer in the place of the service's own.

    after       the request is carried out first, and its answer lost: "5xx after commit"
    body        JSON; a string is sent as it is; left out: an error in the form of the plane that is asked
    retryAfter  in the caller's own seconds, as they stand; retryAfterAs: how it is said
    """

    kind: Literal["answer"]
    status: int = Field(ge=200, le=599)
    body: JsonValue = None
    content_type: HeaderValue | None = None
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict)
    retry_after: float | None = Field(default=None, ge=0, le=1e9)
    retry_after_as: Literal["seconds", "milliseconds", "date"] = "seconds"
    after: bool = False

    @model_validator(mode="after")
    def _sendable(self) -> Self:
        if self.body is not None and self.status in (204, 205, 304):
            raise ValueError(f"an answer with status {self.status} has no body")
        if framing := sorted({name.lower() for name in self.headers} & {"content-length", "transfer-encoding"}):
            raise ValueError(f"headers can't have {framing[0]}: it follows from the body")
        return self


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
    value: HeaderValue = "text/html"


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
