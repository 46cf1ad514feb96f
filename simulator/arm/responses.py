"""Handles every ARM request: gateway first, then the type's descriptor or one of the reads that are no resource."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from simulator.arm import changes, gateway, store, throttling, wire
from simulator.arm.descriptors import Call, Descriptor
from simulator.arm.ids import ResourceId, canonical, parse
from simulator.arm.models import Operation, Resource
from simulator.arm.passing import settle
from simulator.arm.registry import descriptor, special
from simulator.cloud import Cloud
from simulator.entra.models import Principal
from simulator.errors import NotSimulated, Refusal

IN_FLIGHT = 0.02
"""Wall seconds for which a write that takes a lock is under way before it is done, so that writes sent together meet.

Azure takes 0.6 s for a deployment (CLI recording, 2025-10). This is no simulated time: by hand it would never pass.
"""


@dataclass(frozen=True)
class Asked:
    """A request, past authentication."""

    request: Request
    cloud: Cloud
    caller: Principal
    id: ResourceId

    @property
    def version(self) -> str | None:
        return self.request.query_params.get("api-version")

    def call(self, kind: Descriptor, version: str) -> Call:
        identity = self.id
        if identity.tail is None:
            identity = canonical(identity, kind.type)
        return Call(self.cloud, identity, self.caller, version, dict(self.request.query_params))


async def handle(request: Request) -> Response:
    """Any request to the resource manager."""
    cloud: Cloud = request.app.state.cloud
    caller = gateway.authenticate(cloud, request.headers.get("authorization"))
    remaining = throttling.admit(cloud, request, caller)
    try:
        answer = await _handled(request, cloud, caller)
    except Refusal as refusal:
        refusal.headers |= remaining
        raise
    answer.headers.update(remaining)
    return answer


async def _handled(request: Request, cloud: Cloud, caller: Principal) -> Response:
    identity = parse(request.url.path)
    if identity is None:
        raise NotSimulated(request.method, request.url.path)
    gateway.check_subscription(cloud, identity.subscription)
    settle(cloud)
    asked = Asked(request, cloud, caller, identity)
    found = special(identity, request.method)
    if found is not None:
        version = gateway.check_version(asked.version, identity.type, found.api_versions)
        if found.action is not None:
            gateway.authorize(cloud, caller, found.action, found.scope(identity))
        body, _ = await wire.read_body(request)
        query = dict(request.query_params)
        answer = found.answer(Call(cloud, identity, caller, version, query), body)
        if isinstance(answer.body, list):
            return wire.reply(wire.page(cloud, request, answer.body), answer.status, answer.headers)
        return wire.reply(answer.body, answer.status, answer.headers)
    if identity.tail is not None:
        return await _beside(asked)
    return await _resource(asked)


async def _beside(asked: Asked) -> Response:
    """A list, or an action upon a resource."""
    identity, method = asked.id, asked.request.method
    listed = descriptor("/".join((identity.type, identity.tail or "")))
    if listed is not None and method == "GET":
        version = _version(asked, listed)
        scope = identity.bare.text if identity.types else identity.scope
        gateway.authorize(asked.cloud, asked.caller, f"{listed.type}/read", scope)
        call = asked.call(listed, version)
        now, conduct = asked.cloud.clock.now(), asked.cloud.faults.conduct
        items = [
            store.answer(asked.cloud, listed, found)
            for found in store.listed(call, listed)
            if not conduct.hidden("resources", (now - found.created_at).total_seconds())
        ]
        return wire.reply(wire.page(asked.cloud, asked.request, items))
    kind = descriptor(identity.type) if identity.types else None
    name = (identity.tail or "").lower()
    if kind is None or method != "POST" or name not in kind.actions:
        raise NotSimulated(method, asked.request.url.path)
    version = _version(asked, kind)
    target = identity.bare
    gateway.authorize(asked.cloud, asked.caller, f"{kind.type}/{identity.tail}/action", target.text)
    body, _ = await wire.read_body(asked.request)
    call = Call(asked.cloud, canonical(target, kind.type), asked.caller, version, dict(asked.request.query_params))
    answer = store.act(call, kind, name, body)
    return wire.reply(answer.body, answer.status, answer.headers)


async def _resource(asked: Asked) -> Response:
    kind = descriptor(asked.id.type)
    method = asked.request.method
    if kind is None:
        raise NotSimulated(method, asked.request.url.path)
    call = asked.call(kind, _version(asked, kind))
    match method:
        case "GET" | "HEAD":
            return _get(call, kind, method)
        case "PUT":
            return await _write(asked, call, kind, patch=False)
        case "PATCH" if kind.patchable:
            return await _write(asked, call, kind, patch=True)
        case "DELETE" if kind.deletes is not None:
            return await _delete(call, kind)
    raise NotSimulated(method, asked.request.url.path)


def _version(asked: Asked, kind: Descriptor) -> str:
    known = asked.cloud.state.arm.resources.get(asked.id.key) if asked.id.tail is None else None
    location = known.location if known is not None else ""
    return gateway.check_version(asked.version, kind.type, kind.api_versions, location, kind.locations)


def _get(call: Call, kind: Descriptor, method: str) -> Response:
    gateway.authorize(call.cloud, call.caller, f"{kind.type}/read", call.id.text)
    found = store.get(call, kind)
    if method == "HEAD":
        return Response(status_code=204)
    return wire.reply(store.answer(call.cloud, kind, found), headers=_etag(kind, found))


async def _write(asked: Asked, call: Call, kind: Descriptor, *, patch: bool) -> Response:
    gateway.authorize(call.cloud, call.caller, f"{kind.type}/write", call.id.text)
    sent, text = await wire.read_body(asked.request)
    body = wire.check_members(sent, text, kind.patchable if patch else kind.members)
    write = store.prepare(call, kind, body, patch=patch)
    changes.check(call, kind)
    async with _locked(call.cloud, kind.lock(call.id)):
        resource, operation = store.commit(write, kind)
        changes.note(call, kind, operation)
    created = write.existing is None
    shown = store.answer(call.cloud, kind, resource)
    headers = _etag(kind, resource)
    if operation is not None:
        headers |= _announce(call, kind, operation)
        if operation.style == "location":
            return wire.reply(None, 202, headers)
    return wire.reply(shown, 201 if created and kind.answers_create == 201 else 200, headers)


async def _delete(call: Call, kind: Descriptor) -> Response:
    gateway.authorize(call.cloud, call.caller, f"{kind.type}/delete", call.id.text)
    store.check_lock(call.cloud.state.arm, kind, call.id)
    changes.check(call, kind)
    async with _locked(call.cloud, kind.lock(call.id)) as held:
        held.release()
        resource, operation = store.delete(call, kind)
        changes.note(call, kind, operation)
    if resource is None:
        return Response(status_code=204)
    if operation is not None:
        return wire.reply(None, 202, _announce(call, kind, operation))
    return wire.reply(store.answer(call.cloud, kind, resource) if kind.answers_deleted else None)


class _locked:  # noqa: N801 - reads as a verb where it is used
    """Holds the lock of an account for as long as a write is under way."""

    def __init__(self, cloud: Cloud, key: str | None) -> None:
        self.held = cloud.state.arm.in_flight
        self.key = key

    async def __aenter__(self) -> _locked:
        if self.key is not None:
            self.held.add(self.key)
            await asyncio.sleep(IN_FLIGHT)
        return self

    def release(self) -> None:
        """Lets go before the end, for what checks the lock itself; nothing else runs in between."""
        if self.key is not None:
            self.held.discard(self.key)

    async def __aexit__(self, *_: object) -> None:
        self.release()


def _announce(call: Call, kind: Descriptor, operation: Operation) -> dict[str, str]:
    return wire.announce(call.cloud, operation, kind.type.split("/", 1)[0], call.api_version)


def _etag(kind: Descriptor, resource: Resource) -> dict[str, str]:
    return {"ETag": resource.etag} if "etag" in kind.shows else {}
