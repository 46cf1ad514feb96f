"""What may go wrong at one request: each kind of fault that a plan knows, in the forms in which Azure has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, get_args

from simulator.faults import kinds

Does = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong at a request.

    name      what the table calls it
    does      as in a fault plan
    hurried   the client has to give up soon, or the test would wait as long as a client does
    """

    name: str
    does: Does = field(hash=False)
    hurried: bool = False


FAULTS = (
    Fault("408", {"kind": "answer", "status": 408}),
    Fault("409", {"kind": "answer", "status": 409}),
    Fault("429, Retry-After", {"kind": "answer", "status": 429, "retryAfter": 7}),
    Fault("429", {"kind": "answer", "status": 429}),
    Fault("500", {"kind": "answer", "status": 500}),
    Fault("503, Retry-After", {"kind": "answer", "status": 503, "retryAfter": 30}),
    Fault("500 after the effect", {"kind": "answer", "status": 500, "after": True}),
    Fault("503 after the effect", {"kind": "answer", "status": 503, "after": True, "retryAfter": 30}),
    Fault("429 after the effect", {"kind": "answer", "status": 429, "after": True, "retryAfter": 7}),
    Fault("400", {"kind": "answer", "status": 400}),
    Fault("403", {"kind": "answer", "status": 403}),
    Fault("404", {"kind": "answer", "status": 404}),
    Fault("an hour before", {"kind": "delay", "seconds": 3600}),
    Fault("an hour after", {"kind": "delay", "seconds": 3600, "after": True}),
    Fault("time-out before", {"kind": "delay", "wallSeconds": 0.9}, hurried=True),
    Fault("time-out after", {"kind": "delay", "wallSeconds": 0.9, "after": True}, hurried=True),
    Fault("reset before", {"kind": "reset"}),
    Fault("reset during", {"kind": "reset", "when": "during", "bytes": 1000}),
    Fault("reset after", {"kind": "reset", "when": "after"}),
    Fault("truncated", {"kind": "truncate"}),
    Fault("text/html", {"kind": "contentType"}),
    Fault("empty", {"kind": "empty"}),
    Fault("no JSON", {"kind": "notJson"}),
    Fault("tokens expire", {"kind": "expireTokens"}),
    Fault("token refused", {"kind": "refuseToken"}),
)


def planned_kinds() -> set[str]:
    """The kinds of which a plan may have faults, as its shape says."""
    return told_apart(kinds.Does, "kind")


def told_apart(union: Any, by: str) -> set[str]:
    """What a union's members are told apart by."""
    members, *_ = get_args(union)
    return {word for member in get_args(members) for word in get_args(member.model_fields[by].annotation)}
