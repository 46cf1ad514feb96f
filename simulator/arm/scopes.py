"""Extension resources: those that stand on another resource, on a group or on the subscription."""

from __future__ import annotations

from simulator.arm import errors
from simulator.arm.descriptors import Write
from simulator.arm.ids import parse
from simulator.arm.models import find


def require_scope(write: Write) -> None:
    """Refuses where the resource that is written upon isn't there; for groups the store asks."""
    scope = parse(write.id.scope)
    if scope is not None and scope.types[:1] != ("subscriptions",) and find(write.cloud, scope.text) is None:
        raise errors.resource_not_found(scope)
