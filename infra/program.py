"""The composition root: config → components → outputs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pulumi
from pulumi.runtime.config import CONFIG
from pulumi_azure_native import resources

from contract.faults import Faults
from contract.serving import served_models
from contract.stack_config import StackConfig
from infra import plan, preconditions
from infra.access import Access, AccessArgs, Scope
from infra.account import Account, AccountArgs
from infra.deployments import Deployment, Deployments, DeploymentsArgs
from infra.grants import Scopes, grants
from infra.outputs import stack_outputs
from infra.pipelines import PipelineIdentity, Pipelines, PipelinesArgs, Trusted
from infra.storage import Storage, StorageArgs
from infra.tags import stack_tags, tag_everything


def declare(today: date | None = None) -> None:
    """Declare everything that the stack's config asks for, and export the stack outputs.

    ``today`` is the day by which the catalog's dates count where the config names none; the clock's where absent.
    Raises pulumi.RunError with every fault of the config, before any resource.
    """
    config = _config(today or datetime.now(UTC).date())
    for key, value in _declare(config, pulumi.get_stack()).items():
        pulumi.export(key, value)


def _config(today: date) -> StackConfig:
    try:
        # All keys: pulumi.Config only answers for keys that are asked for, and a misspelt one has to be reported.
        return StackConfig.parse_pulumi(CONFIG.get(), lambda config: preconditions.faults(config, config.as_of(today)))
    except Faults as faults:
        raise pulumi.RunError(str(faults)) from None


def _declare(config: StackConfig, stack: str) -> Mapping[str, object]:
    tag_everything(stack_tags(config.environment, stack))
    # By name and not by place in the file: the CLI hands mappings over sorted.
    location = config.resource_group.location or config.accounts[min(config.accounts)].location
    group = resources.ResourceGroup(
        "resource-group",
        resource_group_name=config.resource_group.name or f"tuned-models-{stack}",
        location=location,
    )
    accounts = {
        key: Account(
            key,
            AccountArgs(
                resource_group_name=group.name,
                account_name=account.account_name,
                location=account.location,
                kind=account.kind,
                subdomain=account.custom_subdomain,
            ),
        )
        for key, account in sorted(config.accounts.items())
    }
    storage = Storage(
        "storage",
        StorageArgs(
            resource_group_name=group.name,
            account_name=config.storage.name,
            location=config.storage.location or location,
            redundancy=config.storage.redundancy,
            soft_delete_days=config.storage.soft_delete_days,
        ),
    )
    subscription_id = group.id.apply(subscription_of)
    identities = _pipelines(config, group, location)
    scopes = Scopes(
        group=Scope("resource-group", group.id, group.id),
        accounts=[
            Scope(f"account-{key}", config.accounts[key].custom_subdomain, account.account_id)
            for key, account in accounts.items()
            if config.accounts[key].existing is None
        ],
        storage=Scope("storage", config.storage.name, storage.storage_id),
        pointers=[],
    )
    Access("access", AccessArgs(subscription_id, grants(config.access, identities, scopes)))
    deployments = {
        key: Deployments(
            key,
            DeploymentsArgs(
                resource_group_name=group.name,
                account_name=account.account_name,
                deployments=[_deployment(planned, accounts) for planned in plan.deployments(config, key)],
            ),
        )
        for key, account in accounts.items()
    }
    return stack_outputs(
        config,
        stack,
        resource_group_name=group.name,
        subscription_id=subscription_id,
        accounts=accounts,
        storage=storage,
        served=served_models(config),
        names={key: component.names for key, component in deployments.items()},
    )


def _pipelines(config: StackConfig, group: resources.ResourceGroup, location: str) -> Mapping[str, PipelineIdentity]:
    if not config.access.pipelines:
        return {}
    trusted = {
        name: Trusted(*pipeline.trusted)
        for name, pipeline in sorted(config.access.pipelines.items())
        if pipeline.trusted
    }
    return Pipelines("pipelines", PipelinesArgs(group.name, location, trusted)).identities


def _deployment(planned: plan.PlannedDeployment, accounts: Mapping[str, Account]) -> Deployment:
    return Deployment(
        name=planned.name,
        format=planned.format,
        model=planned.model,
        version=planned.version,
        sku=planned.sku.name,
        capacity=planned.sku.capacity,
        tags=planned.tags,
        source=planned.source or (accounts[planned.trained_in].account_id if planned.trained_in else None),
    )


def subscription_of(resource_id: str) -> str:
    """The subscription's GUID out of ``/subscriptions/<GUID>/…``."""
    return resource_id.split("/")[2]
