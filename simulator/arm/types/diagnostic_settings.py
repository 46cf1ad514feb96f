"""Microsoft.Insights/diagnosticSettings: which logs and metrics of a resource go where. Nothing is sent.

Rules: Microsoft Learn, azure-monitor/platform/diagnostic-settings. Event hubs and partner destinations are taken as
they are: no such resource exists here.
"""

from __future__ import annotations

import copy
from typing import Any

from simulator.arm import monitor_errors as refuse
from simulator.arm import versions
from simulator.arm.descriptors import Body, Descriptor, Write
from simulator.arm.ids import parse
from simulator.arm.models import STORAGE_ACCOUNTS, WORKSPACES, Resource, find, resources_of
from simulator.arm.observed import ALL_METRICS, Observed, observed
from simulator.arm.scopes import require_scope

DIAGNOSTIC_SETTINGS = "Microsoft.Insights/diagnosticSettings"
MOST = 5
"""Settings on one resource."""

_EXISTING = {"workspaceId": WORKSPACES, "storageAccountId": STORAGE_ACCOUNTS}
_SINKS = (*_EXISTING, "eventHubAuthorizationRuleId", "serviceBusRuleId", "marketplacePartnerId")


def _check(write: Write) -> None:
    require_scope(write)
    target = parse(write.id.scope)
    known = observed(target.type) if target is not None else None
    if target is None or known is None:
        raise refuse.target_not_supported(target.type if target is not None else write.id.scope)
    _check_categories(write.properties, known)
    sinks = _sinks(write.properties)
    if not sinks:
        raise refuse.no_data_sink()
    for name, type_ in _EXISTING.items():
        if (wanted := write.properties.get(name)) and ((at := find(write.cloud, wanted)) is None or at.type != type_):
            raise refuse.linked_resource_not_found(wanted)
    others = [s for s in resources_of(write.cloud, DIAGNOSTIC_SETTINGS, write.id.scope) if _beside(write, s)]
    if write.existing is None and len(others) >= MOST:
        raise refuse.too_many_settings()
    for other in others:
        _check_conflict(write.properties, other, known)


def _beside(write: Write, other: Resource) -> bool:
    """Whether the other setting is one more on the same resource, not on something in it."""
    at = parse(other.id)
    return other.key != write.id.key and at is not None and at.scope.lower() == write.id.scope.lower()


def _check_categories(properties: Body, known: Observed) -> None:
    for log in properties.get("logs") or []:
        category, group = log.get("category"), log.get("categoryGroup")
        if bool(category) == bool(group):
            raise refuse.category_unclear()
        if (category and category not in known.logs) or (group and group not in known.groups):
            raise refuse.category_not_supported(category or group)
    for metric in properties.get("metrics") or []:
        if metric.get("category") not in known.exports:
            raise refuse.category_not_supported(str(metric.get("category")))


def _check_conflict(properties: Body, other: Resource, known: Observed) -> None:
    theirs = {sink.lower() for sink in _sinks(other.properties)}
    shared = [sink for sink in _sinks(properties) if sink.lower() in theirs]
    both = sorted(_enabled(properties, known) & _enabled(other.properties, known))
    if shared and both:
        raise refuse.data_sink_used(shared[0], other.name, both[0])


def _sinks(properties: Body) -> list[str]:
    return [str(properties[name]) for name in _SINKS if properties.get(name)]


def _enabled(properties: Body, known: Observed) -> set[str]:
    """Every category that is sent, those of a group one by one."""
    found: set[str] = set()
    for log in _on(properties.get("logs")):
        found |= known.groups[log["categoryGroup"]] if log.get("categoryGroup") else {log["category"]}
    for metric in _on(properties.get("metrics")):
        found |= known.exports if metric["category"] == ALL_METRICS else {metric["category"]}
    return found


def _on(entries: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [entry for entry in entries or [] if entry.get("enabled")]


def _complete(write: Write) -> Body:
    """Lists are there even where they are empty, and each entry has a retention, which no longer means anything."""
    properties = copy.deepcopy(write.properties)
    for name in ("logs", "metrics"):
        none: Body = {"retentionPolicy": {"enabled": False, "days": 0}}
        properties[name] = [none | entry for entry in properties.get(name) or []]
    return {"properties": properties}


SETTINGS = Descriptor(
    type=DIAGNOSTIC_SETTINGS,
    api_versions=versions.DIAGNOSTIC_SETTINGS,
    members=frozenset({"properties"}),
    check=_check,
    complete=_complete,
    shows=frozenset(),
    answers_create=200,
)
