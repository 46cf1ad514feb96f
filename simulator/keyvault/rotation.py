"""Rotation policies: what one may say, and when it asks for another version.

Limits: Microsoft Learn, "Configure cryptographic key auto-rotation in Azure Key Vault": a key expires after 28 days at
the earliest, it is rotated 7 days after its creation and 7 days before its expiry at the closest.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

_DURATION = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
SHORTEST_LIFE = 28
CLOSEST = 7
"""Days."""

Act = Literal["Rotate", "Notify"]


class LifetimeAction(BaseModel):
    """Rotate or notify, so long after a version's creation or before its expiry; durations as ISO 8601 has them."""

    act: Act
    after_create: str | None = None
    before_expiry: str | None = None


class RotationPolicy(BaseModel):
    """What becomes of a key by itself. Azure's own default notifies 30 days before expiry and rotates never."""

    expiry: str | None = None
    actions: list[LifetimeAction] = Field(
        default_factory=lambda: [LifetimeAction(act="Notify", before_expiry="P30D")],
    )
    created: int | None = None
    updated: int | None = None

    def expires(self, created: int) -> int | None:
        """When a version made at that moment expires; seconds since 1970."""
        return shifted(created, self.expiry) if self.expiry else None

    def rotates(self, created: int) -> int | None:
        """When a version made at that moment is followed by another."""
        for action in self.actions:
            if action.act != "Rotate":
                continue
            if action.after_create:
                return shifted(created, action.after_create)
            expires = self.expires(created)
            if action.before_expiry and expires is not None:
                return shifted(expires, action.before_expiry, back=True)
        return None

    def fault(self) -> str | None:
        """What is wrong with it, in a sentence."""
        if self.expiry is not None and _days(self.expiry) < SHORTEST_LIFE:
            return f"expiryTime must be a duration such as P90D, P18M or P2Y, of {SHORTEST_LIFE} days or more"
        for action in self.actions:
            given = [each for each in (action.after_create, action.before_expiry) if each is not None]
            if len(given) != 1 or _days(given[0]) < CLOSEST:
                return f"a lifetime action wants timeAfterCreate or timeBeforeExpiry, of {CLOSEST} days or more"
            if action.before_expiry is not None and self.expiry is None and action.act == "Rotate":
                return "timeBeforeExpiry needs an expiryTime"
            if self.expiry is not None and _days(given[0]) + CLOSEST > _days(self.expiry):
                return f"a lifetime action must be {CLOSEST} days or more from the other end of the key's life"
        return None


def read_policy(body: dict[str, Any]) -> RotationPolicy:
    """The policy in a body of either plane, whose words differ in case only. Raises ValueError on what is none."""
    actions = []
    for each in body.get("lifetimeActions") or ():
        act, trigger = str((each.get("action") or {}).get("type", "")).capitalize(), each.get("trigger") or {}
        times = {"after_create": trigger.get("timeAfterCreate"), "before_expiry": trigger.get("timeBeforeExpiry")}
        actions.append({"act": act} | times)
    expiry = (body.get("attributes") or {}).get("expiryTime")
    try:
        policy = RotationPolicy.model_validate({"expiry": expiry, "actions": actions})
    except ValidationError as problem:
        raise ValueError("an action is Rotate or Notify, and a duration is text such as P90D") from problem
    if (fault := policy.fault()) is not None:
        raise ValueError(fault)
    return policy


def policy_body(policy: RotationPolicy) -> dict[str, Any]:
    """The policy as the data plane answers it, without its address."""
    actions = []
    for each in policy.actions:
        trigger = {"timeAfterCreate": each.after_create, "timeBeforeExpiry": each.before_expiry}
        told = {name: value for name, value in trigger.items() if value is not None}
        actions.append({"trigger": told, "action": {"type": each.act}})
    attributes = {"expiryTime": policy.expiry, "created": policy.created, "updated": policy.updated}
    return {
        "lifetimeActions": actions,
        "attributes": {name: value for name, value in attributes.items() if value is not None},
    }


def shifted(moment: int, duration: str, *, back: bool = False) -> int:
    """The moment so much later, or earlier; months are those of the calendar."""
    years, months, days = _parts(duration)
    sign = -1 if back else 1
    at = datetime.fromtimestamp(moment, UTC)
    month = at.month - 1 + sign * (12 * years + months)
    year, month = at.year + month // 12, month % 12 + 1
    day = min(at.day, calendar.monthrange(year, month)[1])
    return int((at.replace(year=year, month=month, day=day) + sign * timedelta(days=days)).timestamp())


def _parts(duration: str) -> tuple[int, int, int]:
    found = _DURATION.fullmatch(duration)
    years, months, days = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return years, months, days


def _days(duration: str) -> int:
    """About so many days; 0 for what is no duration."""
    years, months, days = _parts(duration)
    return 365 * years + 30 * months + days
