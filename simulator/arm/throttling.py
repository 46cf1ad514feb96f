"""How ARM counts what each principal asks of it; only where a fault plan says so.

Token buckets of 250 reads, 200 writes and 200 deletes, refilled with 25, 10 and 10 a second, for each subscription,
principal and kind (MicrosoftDocs azure-docs, request-limits-and-throttling.md, since 2024; answers of 2025-10 in
Azure/azure-cli's recordings told of larger ones). The fifteenfold limit of all principals together isn't counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from starlette.requests import Request

from simulator.arm import errors, wire
from simulator.entra.models import Principal

if TYPE_CHECKING:
    from simulator.cloud import Cloud

Kind = Literal["read", "write", "delete"]


def admit(cloud: Cloud, request: Request, caller: Principal) -> dict[str, str]:
    """Counts a request; gives what is left as a header, or raises the refusal of one too many."""
    limits = cloud.faults.conduct.behaviour.throttling.arm
    if limits is None:
        return {}
    kind = _kind(request.method)
    bucket = {"read": limits.reads, "write": limits.writes, "delete": limits.deletes}[kind]
    now = cloud.clock.now().timestamp()
    name = f"arm|{caller.object_id}|{kind}"
    there, left = cloud.faults.conduct.rates.draw(name, bucket.size, bucket.per_second, now)
    # Names: Azure/azure-cli's recordings; reads had theirs as `subscription-global-reads` alone in 2025-10.
    remaining = {f"x-ms-ratelimit-remaining-subscription-{kind}s": str(int(left))}
    if there:
        return remaining
    cloud.faults.conduct.struck["throttling.arm"] += 1
    seconds = (1 - left) / bucket.per_second
    hint = wire.hint(cloud, seconds)
    raise errors.requests_throttled(kind, cloud.subscription_id, caller.object_id, seconds, hint | remaining)


def _kind(method: str) -> Kind:
    match method:
        case "GET" | "HEAD":
            return "read"
        case "DELETE":
            return "delete"
    return "write"
