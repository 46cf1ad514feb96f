"""What is to be deployed in each account, in which order. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract import catalog
from contract.release import Sku
from contract.serving import ServedModel, served_models
from contract.stack_config import StackConfig

TUNED_VERSION = "1"
"""The version of every tuned model (MicrosoftDocs azure-ai-docs, fine-tuning-deploy.md)."""


@dataclass(frozen=True)
class PlannedDeployment:
    """One deployment in one account."""

    name: str
    format: str
    model: str
    version: str
    sku: Sku
    source: str | None = None
    """The resource ID of the account it was trained in, where that is another stack's."""
    trained_in: str | None = None
    """The account of this stack it was trained in, where it is served in another one and there is no ``source``."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """The same in every role, so that a release or a rollback updates no deployment."""


def deployments(config: StackConfig, account: str) -> list[PlannedDeployment]:
    """The deployments of ``account``: base models by name, then tuned ones from the oldest to the newest.

    The order depends on nothing but the deployments themselves. Releasing or rolling back moves no deployment to
    another place, and what is trained next comes last, so that what exists keeps the neighbours it was recorded with:
    even an up that stops half way leaves no two deployments of an account unordered.
    """
    base = [
        PlannedDeployment(name, deployment.format, deployment.model, deployment.version, deployment.sku)
        for name, deployment in sorted(config.base_deployments.items())
        if (deployment.account or config.only_account()) == account
    ]
    served = [entry for entry in served_models(config) if account in config.served_in(entry.model)]
    served.sort(key=lambda entry: (entry.record.trained_at, entry.deployment_name))
    return base + [_tuned(entry, account) for entry in served]


def _tuned(entry: ServedModel, account: str) -> PlannedDeployment:
    record = entry.record
    elsewhere = record.source is None and record.trained_in != account
    return PlannedDeployment(
        name=entry.deployment_name,
        format=catalog.model_format(record.model_id),
        model=record.model_id,
        version=TUNED_VERSION,
        sku=entry.sku,
        source=record.source,
        trained_in=record.trained_in if elsewhere else None,
        tags={"model": entry.model, "runKey": record.run_key},
    )
