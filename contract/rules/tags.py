"""Tags that Azure refuses on one resource or another, though every one of them takes tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contract.faults import Fault

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig

# Microsoft Learn, "Use tags to organize your Azure resources", section "Limitations"; the reserved beginnings are in
# azure-rest-api-specs, resources, Tags_CreateOrUpdate.
RESERVED = ("microsoft", "azure", "windows")
LONGEST_OF_STORAGE = 128
MOST_OF_DNS_ZONES = 15

GIVEN = {
    "environment": "the stack's name",
    "owner": "environment.owner",
    "costcentre": "environment.costCentre",
    "managedby": "tuned-models",
    "model": "on deployments, the model",
    "runkey": "on deployments, the run",
}
"""Tags that this program gives, in lower case, and where each comes from."""


def tag_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    return [*_name_faults(config), *_dns_faults(config)]


def _name_faults(config: StackConfig) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for name in config.environment.tags:
        key, lower = f"environment.tags.{name}", name.lower()
        if lower.startswith(RESERVED):
            yield Fault(key, f"Azure keeps names for itself that begin with {', '.join(RESERVED)}")
        if lower in GIVEN:
            yield Fault(key, f"is given already: {GIVEN[lower]}")
        if len(name) > LONGEST_OF_STORAGE:
            yield Fault(key, f"has {len(name)} characters, and a storage account takes {LONGEST_OF_STORAGE}")
        if seen.setdefault(lower, name) != name:
            yield Fault(key, f"differs from environment.tags.{seen[lower]} by case alone")


def _dns_faults(config: StackConfig) -> Iterator[Fault]:
    if config.network.mode != "private" or config.network.dns != "own":
        return
    environment = config.environment
    count = len(environment.tags) + 2 + sum(text is not None for text in (environment.owner, environment.cost_centre))
    if count > MOST_OF_DNS_ZONES:
        message = f"with this program's own there are {count}, and a private DNS zone takes {MOST_OF_DNS_ZONES}"
        yield Fault("environment.tags", message)
    for name in environment.tags:
        if " " in name or name[0].isdigit():
            yield Fault(f"environment.tags.{name}", "a DNS zone takes no name with a space or a leading digit")
