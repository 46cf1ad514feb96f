"""What ARM's gateway asks of every request first: who, which subscription, which version, which rights."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from simulator.access import allowed
from simulator.arm import errors
from simulator.cloud import Cloud
from simulator.entra import audiences, tokens
from simulator.entra.models import Principal

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-preview|-alpha|-beta)?", re.IGNORECASE)


def authenticate(cloud: Cloud, authorization: str | None) -> Principal:
    """Who sends this header; refuses as ARM does."""
    try:
        return tokens.verify(cloud, authorization, audiences.of_arm(cloud))
    except tokens.TokenProblem as problem:
        tenant = cloud.tenant_id
        match problem.kind:
            case "missing":
                raise errors.authorization_missing(tenant) from problem
            case "audience":
                raise errors.token_audience(tenant, problem.detail) from problem
            case "expired":
                expired = datetime.fromtimestamp(int(problem.detail), UTC)
                # Tokens keep wall time, whatever the simulated clock says.
                now = datetime.now(UTC) + timedelta(seconds=cloud.faults.plan.skew)
                raise errors.token_expired(tenant, expired, now) from problem
            case "tenant":
                raise errors.token_tenant(tenant, problem.detail.rstrip("/").rsplit("/", 1)[-1]) from problem
            case _:
                raise errors.token_garbage(tenant) from problem


def check_subscription(cloud: Cloud, subscription: str | None) -> None:
    if subscription is None or subscription.lower() in cloud.subscriptions:
        return
    try:
        uuid.UUID(subscription)
    except ValueError:
        raise errors.subscription_malformed(subscription) from None
    raise errors.subscription_not_found(subscription)


def check_version(
    version: str | None, type_: str, known: Sequence[str], location: str = "", locations: Sequence[str] = ()
) -> str:
    """The version asked for, as it is listed; refuses one that is missing, malformed or not listed."""
    if not version:
        raise errors.api_version_missing()
    if _VERSION.fullmatch(version) is None:
        raise errors.api_version_malformed(version, known)
    if version.lower() not in known:
        last = type_.rsplit("/", 1)[-1]
        raise errors.api_version_unknown(location, version, last, known, locations)
    return version.lower()


def authorize(cloud: Cloud, caller: Principal, action: str, scope: str) -> None:
    """Refuses unless a role assignment lets the caller do `action` there. A scope of "" is the tenant."""
    if not allowed(cloud, caller.object_id, action, scope or "/", data=False):
        raise errors.authorization_failed(caller.client_id, caller.object_id, action, scope or "/")
