"""Pointers: who may write them, and what the free tier can't do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.faults import Fault

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig


def pointer_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    if config.pointers is None:
        return []
    faults = []
    if not _somebody_writes(config):
        reason = "nobody may write them: Azure wants App Configuration Data Owner of whoever runs `pulumi up`"
        mend = "name those principals in access.deployers, or a pipeline with the role deployer"
        faults.append(Fault("pointers", f"{reason}; {mend}"))
    if config.pointers.sku == "free" and config.environment.production:
        # Microsoft Learn, "Azure App Configuration FAQ": what the tiers differ in.
        faults.append(Fault("pointers.sku", "free answers 1,000 requests a day and has no SLA: not in production"))
    return faults


def _somebody_writes(config: StackConfig) -> bool:
    return bool(config.access.deployers) or any("deployer" in each.roles for each in config.access.pipelines.values())
