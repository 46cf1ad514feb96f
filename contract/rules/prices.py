"""Keys under ``prices``, which name what is paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.catalog.prices import key_fault
from contract.faults import Fault

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig


def price_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    return [Fault(f"prices.{key}", fault) for key in config.prices if (fault := key_fault(key)) is not None]
