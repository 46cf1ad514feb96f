"""Pointers: who may write them, what the free tier can't do, and how long they may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contract.faults import Fault
from contract.pointer import LONGEST_VALUE, Pointer, ServedAt

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig


LONGEST_ENDPOINT = len("https://.openai.azure.com/") + 64


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
    return [*faults, *_size_faults(config)]


def _size_faults(config: StackConfig) -> Iterator[Fault]:
    """The system message is what makes a pointer long; endpoints and names are counted as long as they can be."""
    for model, releases in config.releases.items():
        if releases.live is None or model not in config.models:
            continue
        where = {
            account: ServedAt(endpoint="x" * LONGEST_ENDPOINT, deployment="x" * 64, location="x" * 31)
            for account in config.models[model].served_in or ("x" * 30,)
        }
        pointer = Pointer(
            model_id=releases.live.model_id,
            system_message=releases.live.system_message,
            endpoint="x" * LONGEST_ENDPOINT,
            deployment="x" * 64,
            accounts=where,
        )
        size = len(pointer.model_dump_json().encode())
        if size > LONGEST_VALUE:
            message = f"makes a pointer of {size} bytes, and App Configuration takes {LONGEST_VALUE} of them"
            yield Fault(f"releases.{model}.live.systemMessage", f"{message}: leave pointers out, or train with less")


def _somebody_writes(config: StackConfig) -> bool:
    return bool(config.access.deployers) or any("deployer" in each.roles for each in config.access.pipelines.values())
