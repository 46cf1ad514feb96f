"""Regions that are none, but for a slip of the finger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contract.catalog import regions
from contract.faults import Fault

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig


def region_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    return [
        Fault(key, f"there is no region {region!r}; did you mean {meant!r}?")
        for key, region in _named(config)
        if region is not None and (meant := regions.meant(region)) is not None
    ]


def _named(config: StackConfig) -> Iterator[tuple[str, str | None]]:
    """Every region that people write, with its key."""
    yield "resourceGroup.location", config.resource_group.location
    yield from ((f"accounts.{key}.location", account.location) for key, account in config.accounts.items())
    yield "storage.location", config.storage.location
    yield "network.subnetLocation", config.network.subnet_location
    if config.network.virtual_network is not None:
        yield "network.virtualNetwork.location", config.network.virtual_network.location
    if config.pointers is not None:
        yield "pointers.location", config.pointers.location
    if config.monitoring is not None:
        yield "monitoring.workspace.location", config.monitoring.workspace.location
