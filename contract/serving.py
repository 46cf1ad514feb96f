"""Which tuned models a stack serves: what preview declares and what jobs expect to find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from contract.config.deployments import Model
from contract.naming import deployment_name
from contract.release import ReleaseRecord, Releases, Sku
from contract.stack_config import StackConfig

Role = Literal["live", "candidate", "previous", "spillover"]
"""``spillover`` is the live model a second time, on a standard SKU: it takes what the provisioned one can't."""


@dataclass(frozen=True)
class ServedModel:
    """One record that is to be deployed, in the role it has."""

    model: str
    role: Role
    record: ReleaseRecord
    sku: Sku

    @property
    def deployment_name(self) -> str:
        return deployment_name(self.model, self.record.model_id, self.sku.name)


def deployed_previous(releases: Releases, keep: int) -> tuple[ReleaseRecord, ...]:
    """The previous records that stay deployed: the newest ``keep`` that were live and are not put aside."""
    eligible = [r for r in releases.previous if not r.is_put_aside and r.served_with is not None]
    return tuple(eligible[:keep])


def served(name: str, model: Model, releases: Releases) -> Iterator[ServedModel]:
    """The deployments of one model, live first. Every role has one of its own; spillover alone shares live's model."""
    skus = model.skus
    if releases.live is not None:
        yield ServedModel(name, "live", releases.live, skus.live)
        if skus.spillover is not None:
            yield ServedModel(name, "spillover", releases.live, skus.spillover)
    for record in deployed_previous(releases, model.keep_previous):
        if record.served_with is not None:
            yield ServedModel(name, "previous", record, record.served_with)
    if releases.candidate is not None:
        yield ServedModel(name, "candidate", releases.candidate, skus.candidate or skus.live)


def served_models(config: StackConfig) -> tuple[ServedModel, ...]:
    """Everything tuned that the stack serves, sorted by model."""
    return tuple(
        entry
        for name in sorted(config.models)
        for entry in served(name, config.models[name], config.releases.get(name, Releases()))
    )
