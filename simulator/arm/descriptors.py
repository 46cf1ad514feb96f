"""What a resource type is: one value per type, so that another type is another value and no new class.

The store (store.py) does for every type what ARM does for every type; a descriptor says where a type is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from simulator.arm import cognitive_errors
from simulator.arm.ids import ResourceId
from simulator.arm.models import Resource
from simulator.entra.models import Principal

if TYPE_CHECKING:
    from simulator.cloud import Cloud

Body = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One request upon one resource: who asks, for what, in which version of the API."""

    cloud: Cloud
    id: ResourceId
    caller: Principal
    api_version: str
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def subscription(self) -> str:
        """The one that is asked about; of a path without any, the first."""
        return self.id.subscription or self.cloud.subscription_id


@dataclass(frozen=True)
class Write(Call):
    """A PUT, or a PATCH already merged into what was there.

    body     top-level members as sent, without those that are read-only
    patch    whether it came as a PATCH
    """

    body: Body = field(default_factory=dict)
    existing: Resource | None = None
    patch: bool = False

    @property
    def properties(self) -> Body:
        found = self.body.get("properties")
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Move:
    """A transition that takes time: `during` is answered for so many simulated seconds, then `after`.

    wait   the hint a poller gets, in simulated seconds
    """

    during: str
    seconds: float
    after: str = "Succeeded"
    wait: float = 10.0


@dataclass(frozen=True)
class Answer:
    """What an action or a special read answers."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Style = Literal["operation", "location"]


@dataclass(frozen=True)
class Descriptor:
    """One resource type.

    type          with Azure's own case
    api_versions  those the type answers to
    members       top-level members a PUT may have; those a PATCH may have are `patchable` (none: no PATCH)
    locations     regions where it is offered; empty where it has no location of its own
    read_only     dotted paths that are dropped from what a caller writes, as ARM does
    merges        a PUT on an existing one changes what it names and keeps the rest
    check_name, check     refuse; `check` sees the write whole, before anything is stored
    complete      the body as stored, with what Azure fills in
    stored        what else happens once it is stored
    moves         transitions by event: create, update, delete; an event that is missing happens at once
    style         how a create under way is announced: Azure-AsyncOperation beside the resource, or Location alone (202)
    view          the body as answered, where it is more than what is stored
    reads         refuses to show one
    deletes       refuses a delete; None where the type can't be deleted
    lock          the ID whose lock a change of this resource takes: a second change meanwhile is refused
    locked        that refusal, by the ID
    shows         further members of an answer: etag, systemData, provisioningState
    not_found     the refusal for one that isn't there, where it isn't ARM's own
    answers_create    201, or 200 where Azure answers so
    answers_deleted   whether a DELETE answers the resource that was
    actions       POST actions by lower-case name
    """

    type: str
    api_versions: tuple[str, ...]
    members: frozenset[str]
    complete: Callable[[Write], Body]
    patchable: frozenset[str] = frozenset()
    locations: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()
    merges: bool = False
    check_name: Callable[[str], None] = lambda _: None
    check: Callable[[Write], None] = lambda _: None
    stored: Callable[[Write, Resource], None] = lambda _write, _resource: None
    moves: Callable[[str, Resource], Move | None] = lambda _event, _resource: None
    style: Style = "operation"
    view: Callable[[Cloud, Resource], Body] = lambda _cloud, resource: resource.body
    reads: Callable[[Call, Resource], None] = lambda _call, _resource: None
    deletes: Callable[[Call, Resource], None] | None = lambda _call, _resource: None
    deleted: Callable[[Call, Resource], None] = lambda _call, _resource: None
    lock: Callable[[ResourceId], str | None] = lambda _: None
    locked: Callable[[str], Exception] = cognitive_errors.request_conflict
    shows: frozenset[str] = frozenset({"provisioningState"})
    not_found: Callable[[ResourceId], Exception] | None = None
    answers_create: int = 201
    answers_deleted: bool = False
    actions: Mapping[str, Callable[[Call, Resource, Body], Answer]] = field(default_factory=dict)

    @property
    def located(self) -> bool:
        return bool(self.locations)


@dataclass(frozen=True)
class Special:
    """A read or an action that is no resource: lists of models, usages, operations, providers.

    shape     ResourceId.shape of its path
    action    what the caller must be allowed to do at `scope`; None where a token is enough
    answer    takes the call and the body sent; a list as body is answered in pages
    """

    method: str
    shape: str
    api_versions: tuple[str, ...]
    answer: Callable[[Call, Body], Answer]
    action: str | None = None
    scope: Callable[[ResourceId], str] = lambda identity: identity.scope
