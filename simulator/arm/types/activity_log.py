"""Microsoft.Insights/eventtypes/management/values: the activity log, asked for by time and by what it was done to.

Filters and an event's members: Azure's specification of activity logs (2015-04-01). That who may read one resource may
ask for its events: memory. Of what takes its time Azure tells the beginning and the end; here the beginning alone.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from simulator.access import allowed
from simulator.arm import activity, errors, versions
from simulator.arm import monitor_errors as refuse
from simulator.arm.descriptors import Answer, Body, Call, Special
from simulator.arm.ids import parse, within
from simulator.arm.models import Event
from simulator.arm.store import stamp

READ = "Microsoft.Insights/eventtypes/values/read"
_CONDITION = re.compile(r"\s*(\w+)\s+(ge|le|eq)\s+'?([^']*?)'?\s*")
_OF = ("resourceUri", "resourceGroupName", "resourceProvider")


def _values(call: Call, _: Body) -> Answer:
    asked = _filter(call.query.get("$filter", ""))
    start, end = _moment(asked["eventTimestamp ge"]), _moment(asked.get("eventTimestamp le", "9999-01-01T00:00:00Z"))
    now = call.cloud.clock.now()
    if start < now - activity.KEPT:
        raise refuse.activity_too_old()
    scope = asked.get("resourceUri eq") or call.id.scope
    if not allowed(call.cloud, call.caller.object_id, READ, scope, data=False):
        raise errors.authorization_failed(call.caller.client_id, call.caller.object_id, READ, scope)
    found = [each for each in activity.since(call.cloud.state.arm, start) if each.at <= end and _about(each, asked)]
    wanted = {name.strip() for name in call.query.get("$select", "").split(",") if name.strip()}
    shown = [_shown(each, call.cloud.subscription_id, call.cloud.tenant_id) for each in found]
    return Answer(body=[{k: v for k, v in each.items() if not wanted or k in wanted} for each in shown])


def _filter(text: str) -> dict[str, str]:
    """What is asked for, by name and operator. There has to be a start, and no more than one of what it is about."""
    found: dict[str, str] = {}
    for part in text.split(" and "):
        condition = _CONDITION.fullmatch(part)
        if condition is None or not _known(condition[1], condition[2]):
            raise refuse.activity_filter_invalid(text)
        found[f"{condition[1]} {condition[2]}"] = condition[3]
    if "eventTimestamp ge" not in found or sum(f"{name} eq" in found for name in _OF) > 1:
        raise refuse.activity_filter_invalid(text)
    return found


def _known(name: str, operator: str) -> bool:
    return operator in ("ge", "le") if name == "eventTimestamp" else name in _OF and operator == "eq"


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        raise refuse.activity_filter_invalid(text) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _about(event: Event, asked: Mapping[str, str]) -> bool:
    identity = parse(event.resource)
    if identity is None:
        return False
    group, provider = asked.get("resourceGroupName eq"), asked.get("resourceProvider eq")
    uri = asked.get("resourceUri eq")
    return (
        (uri is None or within(event.resource, uri))
        and (group is None or (identity.group or "").lower() == group.lower())
        and (provider is None or identity.namespace.lower() == provider.lower())
    )


def _shown(event: Event, subscription: str, tenant: str) -> Body:
    identity = parse(event.resource)
    known = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{event.resource}|{event.operation}|{event.at.isoformat()}"))
    type_ = event.operation.rsplit("/", 1)[0]
    return {
        "authorization": {"action": event.operation, "scope": event.resource},
        "caller": event.caller,
        "channels": "Operation",
        "correlationId": known,
        "eventDataId": known,
        "eventName": _said("EndRequest", "End request"),
        "category": _said("Administrative"),
        "eventTimestamp": stamp(event.at),
        "submissionTimestamp": stamp(event.at),
        "id": f"{event.resource}/events/{known}/ticks/{int(event.at.timestamp())}",
        "level": "Informational",
        "operationId": known,
        "operationName": _said(event.operation),
        "resourceGroupName": (identity.group if identity else None) or "",
        "resourceProviderName": _said(type_.partition("/")[0]),
        "resourceId": event.resource,
        "resourceType": _said(type_),
        "status": _said("Succeeded"),
        "subStatus": _said(""),
        "subscriptionId": subscription,
        "tenantId": tenant,
    }


def _said(value: str, words: str | None = None) -> Body:
    return {"value": value, "localizedValue": words or value}


SPECIALS = (Special("GET", "microsoft.insights/eventtypes/*/values", versions.ACTIVITY_LOG, _values),)
