"""What each account serves: its content filters, and its deployments after them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from contract.faults import Fault, Faults
from contract.stack_config import NAMESPACE, StackConfig
from infra import hosting, plan
from infra.accounts import Accounts
from infra.content_filters import ContentFilters, ContentFiltersArgs
from infra.deployments import Deployment, Deployments, DeploymentsArgs
from infra.last_up import last_outputs
from infra.tuned_limit import transition_faults


def declare_deployments(
    config: StackConfig, accounts: Accounts, endpoints: Mapping[str, pulumi.Resource], stack: str
) -> Mapping[str, Deployments]:
    """By account. ``endpoints`` are the private ones by account, where there are any."""
    # Before the first release there is nothing to count, and no reference of the stack to itself.
    last_up = last_outputs(stack) if config.releases else None
    if last_up is not None:
        last_up.apply(lambda outputs: _say_hosting(config, outputs))
    return {key: _deployments(config, key, accounts, endpoints, last_up) for key in accounts}


def _deployments(
    config: StackConfig,
    key: str,
    accounts: Accounts,
    endpoints: Mapping[str, pulumi.Resource],
    last_up: pulumi.Output[dict[str, Any]] | None,
) -> Deployments:
    account, planned = accounts[key], plan.deployments(config, key)
    # With all its projects; Azure does one thing at a time in an account.
    before: list[pulumi.Resource] = [account, *([endpoints[key]] if key in endpoints else [])]
    filters = _content_filters(config, key, accounts, before)
    if last_up is not None and any(each.tuned for each in planned):
        counted: list[pulumi.Input[pulumi.Resource]] = [
            last_up.apply(lambda outputs: _counted(config, key, outputs, account))
        ]
    else:
        counted = []
    return Deployments(
        key,
        DeploymentsArgs(
            resource_group_name=account.resource_group_name,
            account_name=account.account_name,
            deployments=[_deployment(each, accounts, filters.names if filters else {}) for each in planned],
            after=[*before, *(filters.policies if filters else []), *counted],
        ),
    )


def _say_hosting(config: StackConfig, outputs: Mapping[str, Any]) -> None:
    if (words := hosting.change_words(config, outputs)) is not None:
        pulumi.log.info(words)


def _counted(config: StackConfig, key: str, outputs: Mapping[str, Any], account: pulumi.Resource) -> pulumi.Resource:
    """What deployments wait for: the account, once it is known to have room for them. Raises pulumi.RunError."""
    if faults := list(transition_faults(config, key, outputs)):
        keyed = [Fault(f"{NAMESPACE}:{fault.key}", fault.message) for fault in faults]
        raise pulumi.RunError(str(Faults("stack config", keyed)))
    return account


def _content_filters(
    config: StackConfig, key: str, accounts: Accounts, after: list[pulumi.Resource]
) -> ContentFilters | None:
    named = plan.content_filters(config, key)
    if not named:
        return None
    account = accounts[key]
    return ContentFilters(
        key,
        ContentFiltersArgs(
            resource_group_name=account.resource_group_name,
            account_name=account.account_name,
            filters=named,
            blocklists=plan.blocklists(config, named.values()),
            after=after,
        ),
    )


def _deployment(
    planned: plan.PlannedDeployment, accounts: Accounts, filters: Mapping[str, pulumi.Output[str]]
) -> Deployment:
    name = planned.content_filter
    return Deployment(
        name=planned.name,
        format=planned.format,
        model=planned.model,
        version=planned.version,
        sku=planned.sku.name,
        capacity=planned.sku.capacity,
        source=planned.source or (accounts[planned.trained_in].account_id if planned.trained_in else None),
        tags=planned.tags,
        # Microsoft's own are in every account.
        content_filter=filters.get(name, name) if name else None,
        spillover=planned.spillover,
    )
