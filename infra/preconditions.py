"""What Azure would refuse of a config that is well-formed: found before any resource is declared. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from contract import catalog
from contract.faults import Fault
from contract.serving import ServedModel, served_models
from contract.stack_config import StackConfig
from infra import hosting
from infra.tuned_limit import limit_faults

OPENAI = "OpenAI"
"""``model.format`` of OpenAI's own models, and of no others."""


def faults(config: StackConfig, on: date) -> list[Fault]:
    """Every fault, with its key without namespace, on the day by which the catalog's dates count."""
    return [
        *_base_faults(config, on),
        *_tuned_faults(config, on),
        *_name_faults(config),
        *_budget_faults(config, on),
        *limit_faults(config),
        *hosting.budget_faults(config),
    ]


def _base_faults(config: StackConfig, on: date) -> Iterator[Fault]:
    for name, deployment in sorted(config.base_deployments.items()):
        kinds = {config.accounts[key].kind for key in config.base_accounts(deployment)}
        texts = [
            text
            for kind in sorted(kinds)
            for text in catalog.base_deployment_faults(
                deployment.model, deployment.version, deployment.sku.name, on=on, kind=kind
            )
        ]
        # What doesn't depend on the kind is said of each.
        for text in dict.fromkeys(texts):
            yield Fault(f"baseDeployments.{name}", text)
        facts = catalog.find_version(deployment.model, deployment.version)
        # Open weights go by several names (OpenAI-OSS beside Microsoft); that OpenAI's is none of them is certain.
        if facts is not None and (deployment.format == OPENAI) is facts.open_weight:
            yield Fault(f"baseDeployments.{name}.format", f"{facts.id} is of the format {facts.format}")


def _tuned_faults(config: StackConfig, on: date) -> Iterator[Fault]:
    for entry in served_models(config):
        for key in config.served_in(entry.model):
            account = config.accounts[key]
            elsewhere = entry.record.source is not None or entry.record.trained_in != key
            for text in (
                *catalog.tuned_deployment_faults(
                    entry.record.model_id,
                    entry.sku.name,
                    capacity=entry.sku.capacity,
                    on=on,
                    location=account.location,
                    kind=account.kind,
                ),
                *(catalog.crossing_faults(entry.record.model_id, account.location) if elsewhere else ()),
            ):
                yield Fault(_record_key(config, entry), f"in account {key}, on {_sku_key(config, entry)}: {text}")


def _record_key(config: StackConfig, entry: ServedModel) -> str:
    """Where the record stands: ``releases.clippy.previous[1]``."""
    [place] = (place for place, record in config.releases[entry.model].places() if record is entry.record)
    return f"releases.{entry.model}.{place}"


def _sku_key(config: StackConfig, entry: ServedModel) -> str:
    """Which key says what it is deployed on: ``models.clippy.skus.candidate``."""
    if entry.role == "previous":
        return f"{_record_key(config, entry)}.servedWith"
    own = entry.role != "candidate" or config.models[entry.model].skus.candidate is not None
    return f"models.{entry.model}.skus.{entry.role if own else 'live'}"


def _name_faults(config: StackConfig) -> Iterator[Fault]:
    """Azure's names of deployments don't differ by case alone."""
    for key in sorted(config.accounts):
        seen: dict[str, str] = {}
        for entry in served_models(config):
            if key in config.served_in(entry.model):
                seen[entry.deployment_name.lower()] = _record_key(config, entry)
        for name, deployment in sorted(config.base_deployments.items()):
            if key not in config.base_accounts(deployment):
                continue
            if name.lower() in seen:
                yield Fault(f"baseDeployments.{name}", f"has the name of {seen[name.lower()]} in account {key}")
            seen[name.lower()] = f"baseDeployments.{name}"


def _budget_faults(config: StackConfig, on: date) -> Iterator[Fault]:
    """A budget begins in a year at the latest (azure-rest-api-specs, Consumption 2024-08-01, BudgetTimePeriod).

    That no new one begins in the past nobody can tell here: one that exists may.
    """
    if config.budget is not None and config.budget.since > f"{on.year + 1}-{on.month:02d}":
        yield Fault("budget.since", f"{config.budget.since} is more than twelve months ahead")
