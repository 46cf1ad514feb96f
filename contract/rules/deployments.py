"""Deployments: where they are, on which SKU, and what they spill over to.

Spillover: Microsoft Learn, "Manage traffic with spillover for provisioned deployments" (from a provisioned deployment
to a standard one in the same resource; in the portal, of the same model and version). Where SKUs process data:
"Deployment types for Microsoft Foundry Models" (global ones and the Developer tier anywhere, data zone ones within the
zone, the others in the account's region).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from contract.config.deployments import BaseDeployment, Model
from contract.faults import Fault, suggestion
from contract.release import Releases, Sku

if TYPE_CHECKING:
    # Each knows the other: a config is parsed by these rules.
    from contract.stack_config import StackConfig

IN_REGION = ("Standard", "ProvisionedManaged")
IN_DATA_ZONE = ("DataZoneStandard", "DataZoneProvisionedManaged")
DEVELOPER = "DeveloperTier"
"""No hosting fee, no promise of availability, gone after 24 hours."""


def deployment_faults(config: StackConfig) -> list[Fault]:
    """All of them, keys without namespace."""
    return [
        *(fault for name, each in config.base_deployments.items() for fault in _places(config, name, each)),
        *(fault for name, each in config.base_deployments.items() for fault in _base_spillover(config, name, each)),
        *(fault for name, each in config.models.items() for fault in _tuned_spillover(name, each)),
        *_developer_faults(config),
        *_residency_faults(config),
    ]


def _places(config: StackConfig, name: str, deployment: BaseDeployment) -> Iterator[Fault]:
    key = f"baseDeployments.{name}.accounts"
    if deployment.account is not None and deployment.accounts:
        yield Fault(key, "stands beside account: one of the two")
    for index, account in enumerate(deployment.accounts):
        if account not in config.accounts:
            hint = suggestion(account, config.accounts)
            yield Fault(f"{key}[{index}]", f"there is no account {account!r}{hint}")
    if len(set(deployment.accounts)) < len(deployment.accounts):
        yield Fault(key, "names an account twice")


def _base_spillover(config: StackConfig, name: str, deployment: BaseDeployment) -> Iterator[Fault]:
    if deployment.spillover is None:
        return
    key = f"baseDeployments.{name}.spillover"
    if not deployment.sku.provisioned:
        yield Fault(key, f"only a provisioned deployment spills over; this one is {deployment.sku.name}")
    target = config.base_deployments.get(deployment.spillover)
    if target is None:
        hint = suggestion(deployment.spillover, config.base_deployments)
        yield Fault(key, f"there is no base deployment {deployment.spillover!r}{hint}")
        return
    if not _takes_spillover(target.sku):
        yield Fault(key, f"{deployment.spillover} is {target.sku.name}: it has to be a standard one")
    wanted = (deployment.format, deployment.model, deployment.version)
    if (target.format, target.model, target.version) != wanted:
        yield Fault(
            key,
            f"{deployment.spillover} serves {target.model} {target.version}: it has to be {deployment.model} "
            f"{deployment.version}",
        )
    missing = _accounts(config, deployment) - _accounts(config, target)
    if missing:
        where = ", ".join(sorted(missing))
        yield Fault(key, f"{deployment.spillover} is not in every account of {name}: not in {where}")


def _accounts(config: StackConfig, deployment: BaseDeployment) -> frozenset[str]:
    """As ``StackConfig.base_accounts``, of a config whose references may not hold."""
    named = deployment.accounts or ((deployment.account,) if deployment.account else tuple(config.accounts))
    return frozenset(named)


def _tuned_spillover(name: str, model: Model) -> Iterator[Fault]:
    spillover = model.skus.spillover
    if spillover is None:
        return
    key = f"models.{name}.skus.spillover"
    if not model.skus.live.provisioned:
        yield Fault(key, f"only a provisioned deployment spills over; skus.live is {model.skus.live.name}")
    if not _takes_spillover(spillover):
        yield Fault(key, f"{spillover.name} takes no spillover: it has to be a standard SKU")


def _takes_spillover(sku: Sku) -> bool:
    return not sku.provisioned and sku.name != DEVELOPER


def _developer_faults(config: StackConfig) -> Iterator[Fault]:
    use = _listed(_allowed(config) or ("Standard", "GlobalStandard", "provisioned throughput"))
    for key in _live_on_developer(config):
        yield Fault(
            key,
            f"{DEVELOPER} has no availability of its own and is gone after 24 hours: not for a live model in "
            f"production; use {use}",
        )


def _live_on_developer(config: StackConfig) -> list[str]:
    if not config.environment.production:
        return []
    return [f"models.{name}.skus.live" for name, model in config.models.items() if model.skus.live.name == DEVELOPER]


def _residency_faults(config: StackConfig) -> Iterator[Fault]:
    allowed = _allowed(config)
    if allowed is None:
        return
    said_already = _live_on_developer(config)
    for key, sku, way_out in _skus(config):
        if sku.name not in allowed and key not in said_already:
            said = f"{sku.name} may process data elsewhere, and environment.residency is {config.environment.residency}"
            yield Fault(key, f"{said}: {way_out or f'use {_listed(allowed)}'}")


def _allowed(config: StackConfig) -> tuple[str, ...] | None:
    """The SKUs that keep data where it has to stay; None where that is nowhere."""
    residency = config.environment.residency
    if residency is None:
        return None
    return IN_REGION if residency == "region" else (*IN_REGION, *IN_DATA_ZONE)


def _listed(skus: Sequence[str]) -> str:
    return f"{', '.join(skus[:-1])} or {skus[-1]}"


def _skus(config: StackConfig) -> Iterator[tuple[str, Sku, str]]:
    """Every SKU that is deployed on, with its key, and with what helps where another SKU can't be written there."""
    for name, deployment in config.base_deployments.items():
        yield f"baseDeployments.{name}.sku", deployment.sku, ""
    for name, model in config.models.items():
        for role in ("live", "candidate", "spillover"):
            sku = getattr(model.skus, role)
            if sku is not None:
                yield f"models.{name}.skus.{role}", sku, ""
        releases = config.releases.get(name, Releases())
        kept = [
            (place, record.served_with)
            for place, record in releases.places()
            if place.startswith("previous") and record.served_with is not None and not record.is_put_aside
        ]
        for place, served_with in kept[: model.keep_previous]:
            yield f"releases.{name}.{place}.servedWith", served_with, f"lower models.{name}.keepPrevious"
