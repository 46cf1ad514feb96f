"""What is to be deployed in each account, in which order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contract import catalog
from contract.config.content_filters import Blocklist, ContentFilter
from contract.config.deployments import BaseDeployment
from contract.naming import deployment_name
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
    content_filter: str | None = None
    """One of the config's, or of Microsoft's own."""
    spillover: str | None = None
    """The deployment of this account that takes what this provisioned one can't; earlier in the order."""
    tuned: bool = False


def deployments(config: StackConfig, account: str) -> list[PlannedDeployment]:
    """The deployments of ``account``: base models by name, then tuned ones from the oldest to the newest.

    Where a provisioned deployment spills over to has to stand before it: the standard SKUs come first. Beyond that the
    order depends on nothing but the deployments themselves. Releasing or rolling back moves no deployment to another
    place, and what is trained next comes last, so that what exists keeps the neighbours it was recorded with: even an
    up that stops half way leaves no two deployments of an account unordered.
    """
    base = [
        _base(name, deployment)
        for name, deployment in config.base_deployments.items()
        if account in config.base_accounts(deployment)
    ]
    base.sort(key=lambda planned: (planned.sku.provisioned, planned.name))
    served = [entry for entry in served_models(config) if account in config.served_in(entry.model)]
    served.sort(key=lambda entry: (entry.record.trained_at, entry.sku.provisioned, entry.deployment_name))
    return base + [_tuned(config, entry, account) for entry in served]


def content_filters(config: StackConfig, account: str) -> dict[str, ContentFilter]:
    """The config's content filters that deployments of ``account`` name."""
    named = {planned.content_filter for planned in deployments(config, account)}
    return {name: each for name, each in config.content_filters.items() if name in named}


def blocklists(config: StackConfig, filters: Iterable[ContentFilter]) -> dict[str, Blocklist]:
    """The config's blocklists that ``filters`` name."""
    named = {name for each in filters for name in (*each.prompt_blocklists, *each.completion_blocklists)}
    return {name: each for name, each in config.blocklists.items() if name in named}


def _base(name: str, deployment: BaseDeployment) -> PlannedDeployment:
    return PlannedDeployment(
        name=name,
        format=deployment.format,
        model=deployment.model,
        version=deployment.version,
        sku=deployment.sku,
        content_filter=deployment.content_filter,
        spillover=deployment.spillover,
    )


def _tuned(config: StackConfig, entry: ServedModel, account: str) -> PlannedDeployment:
    record, model = entry.record, config.models[entry.model]
    spillover = model.skus.spillover if entry.role == "live" else None
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
        content_filter=model.content_filter,
        spillover=deployment_name(entry.model, record.model_id, spillover.name) if spillover else None,
        tuned=True,
    )
