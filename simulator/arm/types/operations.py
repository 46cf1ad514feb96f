"""Operations under way, asked for by the addresses that wire.announce gives."""

from __future__ import annotations

from simulator.arm import errors, store, versions, wire
from simulator.arm.descriptors import Answer, Body, Call, Descriptor, Special
from simulator.arm.models import Operation
from simulator.arm.types.private_dns_zones import LINKS, PRIVATE_DNS_ZONES
from simulator.arm.types.storage_accounts import STORAGE


def _ask(call: Call, _: Body) -> Answer:
    """Azure-AsyncOperation answers a status (the running word is memory), Location 202 until there is a result."""
    operation = call.cloud.state.arm.operations.get(call.id.name.lower())
    if operation is None:
        raise errors.operation_not_found()
    running = call.cloud.clock.now() < operation.ends_at
    waiting = {}
    if running:
        waiting = wire.hint(call.cloud, min(operation.wait, _left(call, operation)))
    if operation.style == "status":
        return Answer(body=_status(call, operation, running=running), headers=waiting)
    if running:
        here = wire.address(call.cloud, operation, _namespace(call), call.api_version)
        return Answer(202, headers={"Location": here} | waiting)
    if operation.failure is not None:
        return Answer(operation.failure_status, {"error": operation.failure})
    if operation.result == "nothing":
        return Answer(200)
    found = call.cloud.state.arm.resources.get(operation.resource)
    return Answer(body=store.answer(call.cloud, _ANSWERED[found.type], found)) if found is not None else Answer(204)


_ANSWERED: dict[str, Descriptor] = {kind.type: kind for kind in (STORAGE, PRIVATE_DNS_ZONES, LINKS)}
"""Types whose creation is announced by Location alone: it answers them at the end."""


def _status(call: Call, operation: Operation, *, running: bool) -> Body:
    status = "InProgress" if running else "Failed" if operation.failure is not None else "Succeeded"
    body: Body = {
        "id": call.id.text,
        "name": operation.id,
        "status": status,
        "startTime": store.stamp(operation.started_at),
    }
    if not running:
        body["endTime"] = store.stamp(operation.ends_at)
    return body | ({"error": operation.failure} if operation.failure is not None and not running else {})


def _left(call: Call, operation: Operation) -> float:
    return max(0.0, (operation.ends_at - call.cloud.clock.now()).total_seconds())


def _namespace(call: Call) -> str:
    return call.id.namespace


_STORES = (*versions.OPERATIONS, *versions.APP_CONFIGURATION)
_COGNITIVE = (*versions.OPERATIONS, *versions.COGNITIVE_SERVICES)

_NETWORK = "microsoft.network/locations/*"

SPECIALS = (
    Special("GET", "microsoft.cognitiveservices/locations/*/operationresults/*", _COGNITIVE, _ask),
    Special("GET", "microsoft.appconfiguration/locations/*/operationresults/*", _STORES, _ask),
    Special(
        "GET",
        "microsoft.operationalinsights/locations/*/operationresults/*",
        (*versions.OPERATIONS, *versions.WORKSPACES),
        _ask,
    ),
    Special("GET", "microsoft.storage/locations/*/asyncoperations/*", versions.STORAGE, _ask),
    Special("GET", f"{_NETWORK}/operations/*", versions.NETWORK, _ask),
    Special("GET", f"{_NETWORK}/operationresults/*", versions.NETWORK, _ask),
    Special("GET", "microsoft.network/privatednsoperationresults/*", versions.PRIVATE_DNS, _ask),
    Special("GET", "microsoft.resources/subscriptions/*/operationresults/*", versions.RESOURCES, _ask),
)
