"""Records of tuned models: among themselves, and against the models and accounts that the stack declares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contract.faults import Fault, suggestion
from contract.record_faults import record_faults

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig


def release_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    return [*_declared_faults(config), *record_faults(config.releases)]


def _declared_faults(config: StackConfig) -> Iterator[Fault]:
    for model, releases in config.releases.items():
        key = f"releases.{model}"
        if model not in config.models:
            hint = suggestion(model, config.models)
            yield Fault(key, f"models has no {model!r}: declare it, or remove these records{hint}")
        for place, record in releases.places():
            if record.source is None and not record.is_put_aside and record.trained_in not in config.accounts:
                missing = f"was trained in {record.trained_in!r}, no account here: add its ID as source"
                yield Fault(f"{key}.{place}", f"{record.model_id} {missing}")
