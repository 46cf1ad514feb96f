"""Keys open everything to whoever finds them; tokens name somebody."""

from __future__ import annotations

from collections.abc import Iterator

from policy.demands import Demands
from policy.kinds import ACCOUNT, CONFIGURATION_STORE, STORAGE
from policy.resources import Resource
from policy.rule import Rule


def _local_auth(resource: Resource, _: Demands) -> Iterator[str]:
    """Where the input is absent, Azure leaves keys on."""
    if resource.type == ACCOUNT and resource.is_other("properties.disableLocalAuth", True):
        yield "the account's keys are on: properties.disableLocalAuth is not true"
    if resource.type == STORAGE and resource.is_other("allowSharedKeyAccess", False):
        yield "the storage's keys are on: allowSharedKeyAccess is not false"
    if resource.type == CONFIGURATION_STORE and resource.is_other("disableLocalAuth", True):
        yield "the store's connection strings are on: disableLocalAuth is not true"


NO_LOCAL_AUTH = Rule(
    "no-local-auth",
    "A key gives everything to whoever has it, and no log says who that was.",
    "Turn local auth and shared keys off; who needs access stands under access and signs in with Entra ID.",
    _local_auth,
)
