"""Who we are to Azure, whether the subscription is of the same tenant, and whether the clocks agree."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobs.doctor.finding import Finding, blocker, ok, warn
from jobs.doctor_ports import Greeting, Identity

_TOLERATED = timedelta(minutes=5)
"""Entra ID tolerates so much (Microsoft Learn, "Microsoft identity platform access tokens": validation of times)."""
_NOTICED = timedelta(minutes=1)


def credential(identity: Identity) -> Finding:
    return ok(
        "credential",
        f"{identity.kind} {identity.name}, object ID {identity.object_id}, tenant {identity.tenant_id}",
    )


def clock(greeting: Greeting, now: datetime) -> Finding:
    if greeting.answered_at is None:
        return warn("clock", "the service's answer has no date to compare with")
    skew = now - greeting.answered_at
    seconds = abs(int(skew.total_seconds()))
    way = "ahead of" if skew > timedelta() else "behind"
    words = f"this machine is {seconds} s {way} the service"
    if abs(skew) > _TOLERATED:
        return blocker("clock", f"{words}: its tokens are refused", "Set the clock: timedatectl set-ntp true")
    if abs(skew) > _NOTICED:
        return warn("clock", words, "Set the clock: timedatectl set-ntp true")
    return ok("clock", words if seconds > 1 else "agrees with the service")


def tenant(subscription_id: str, greeting: Greeting, identity: Identity) -> Finding | None:
    """The fault where subscription and credential are of different tenants."""
    if greeting.tenant_id is None or greeting.tenant_id == identity.tenant_id.lower():
        return None
    return blocker(
        "subscription",
        f"{subscription_id} is of tenant {greeting.tenant_id}, the credential of {identity.tenant_id}",
        f"az login --tenant {greeting.tenant_id}",
        f"or, for a service principal of that tenant: AZURE_TENANT_ID={greeting.tenant_id}",
    )
