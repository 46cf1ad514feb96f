"""What is written into the activity log: who has made, changed or deleted which resource, and when.

An event's form and its caller, the UPN of a user or what names a service principal: Azure's specification of activity
logs (2015-04-01); kept for 90 days: Microsoft Learn, azure-monitor/platform/activity-log. That a service principal is
told by its object ID, and all that is said of what the platform itself deletes (that there is an event, and who its
caller is): memory.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from simulator.arm.models import ArmState, Event, Resource

if TYPE_CHECKING:
    from simulator.cloud import Cloud

PLATFORM = "Microsoft.CognitiveServices"
"""The caller where nobody asked for it: memory."""
KEPT = timedelta(days=90)
MOST = 1000
"""Events that are kept, the newest: invented, so that the state stays small."""


def note(cloud: Cloud, resource: Resource, doing: Literal["write", "delete"], caller: str, at: datetime) -> None:
    """``resource`` was changed."""
    events = cloud.state.arm.events
    events.append(Event(resource=resource.id, operation=f"{resource.type}/{doing}", caller=caller, at=at))
    if len(events) > MOST:
        del events[: len(events) - MOST]


def since(arm: ArmState, start: datetime) -> list[Event]:
    """Newest first, as Azure lists them (memory)."""
    return sorted((event for event in arm.events if event.at >= start), key=lambda event: event.at, reverse=True)
