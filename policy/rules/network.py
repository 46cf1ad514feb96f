"""From where production can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from policy.demands import Demands
from policy.kinds import ACCOUNT, CONFIGURATION_STORE, STORAGE, VAULT
from policy.resources import Resource
from policy.rule import Rule

_RULES = {
    ACCOUNT: ("properties.publicNetworkAccess", "properties.networkAcls.defaultAction"),
    STORAGE: ("publicNetworkAccess", "networkRuleSet.defaultAction"),
    VAULT: ("properties.publicNetworkAccess", "properties.networkAcls.defaultAction"),
    CONFIGURATION_STORE: ("publicNetworkAccess", None),
}
"""Type → whether the public network reaches it, and what it does with addresses that no rule names.

App Configuration has no rules by address."""


def _public_network(resource: Resource, demands: Demands) -> Iterator[str]:
    """Closed, or open to addresses and subnets that are named."""
    if not demands.production or resource.type not in _RULES:
        return
    access, otherwise = _RULES[resource.type]
    if resource.is_other(access, "Disabled") and (otherwise is None or resource.is_other(otherwise, "Deny")):
        yield f"everybody on the internet reaches it: {access} is not Disabled" + (
            f", and {otherwise} is not Deny" if otherwise else ""
        )


NO_PUBLIC_NETWORK = Rule(
    "no-public-network",
    "In production a stolen token must not be enough: it has to be used from a network that is known.",
    "Set network.mode to private (or, without pointers, to restricted, with ipRules or subnets).",
    _public_network,
)
