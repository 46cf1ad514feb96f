"""The deployments of one account, base and tuned, which Azure lets change one at a time only."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.resource import DependencyResource
from pulumi_azure_native import cognitiveservices
from pulumi_azure_native.cognitiveservices import outputs as azure


@dataclass(frozen=True)
class Deployment:
    """One model to be served under a name. Everything but the capacity is fixed by the name."""

    name: str
    format: str
    model: str
    version: str
    sku: str
    capacity: int
    """Units of 1,000 tokens per minute, or PTU."""
    source: pulumi.Input[str] | None = None
    """The resource ID of the account that a tuned model was trained in, where that is another one."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Besides those of the whole stack."""
    content_filter: pulumi.Input[str] | None = None
    spillover: str | None = None
    """The deployment, earlier in the order, that takes what this provisioned one can't."""


@dataclass(frozen=True)
class DeploymentsArgs:
    resource_group_name: pulumi.Input[str]
    account_name: pulumi.Input[str]
    deployments: Sequence[Deployment]
    """In an order that depends on nothing that changes during a deployment's life."""
    after: Sequence[pulumi.Input[pulumi.Resource]] = ()
    """What else is done in this account, and goes first: Azure does one thing at a time in it."""


class Deployments(pulumi.ComponentResource):
    """All deployments of one account, each depending on every earlier one.

    While one deployment of an account is being changed, Azure refuses the others with 409 RequestConflict (seen in
    azurerm#22607 and #22939, and in microsoft/aspire#4022). A chain of neighbours would keep creates apart, but not
    deletes: with the middle of three kept, nothing orders the other two.
    """

    names: dict[str, pulumi.Output[str]]
    """Name as asked for → name as Azure has it, known once it is deployed."""
    rate_limits: dict[str, pulumi.Output[list[dict[str, Any]]]]
    """Name as asked for → what Azure allows callers, in Azure's own form."""

    def __init__(self, name: str, args: DeploymentsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Deployments", name, None, opts)
        self.names = {}
        self.rate_limits = {}
        earlier: list[pulumi.Input[pulumi.Resource]] = list(args.after)
        for entry in args.deployments:
            deployment = cognitiveservices.Deployment(
                # An account's key has no slash, so that no two accounts' deployments share a name.
                f"{name}/{entry.name}",
                deployment_name=entry.name,
                account_name=args.account_name,
                resource_group_name=args.resource_group_name,
                sku=cognitiveservices.SkuArgs(name=entry.sku, capacity=entry.capacity),
                properties=cognitiveservices.DeploymentPropertiesArgs(
                    model=cognitiveservices.DeploymentModelArgs(
                        format=entry.format, name=entry.model, version=entry.version, source=entry.source
                    ),
                    version_upgrade_option=cognitiveservices.DeploymentModelVersionUpgradeOption.NO_AUTO_UPGRADE,
                    rai_policy_name=entry.content_filter,
                    spillover_deployment_name=self.names[entry.spillover] if entry.spillover else None,
                ),
                tags=dict(entry.tags),
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(earlier)),
            )
            earlier.append(asyncio.ensure_future(_by_urn(deployment)))
            self.names[entry.name] = deployment.name
            self.rate_limits[entry.name] = deployment.properties.apply(rate_limits)
        self.register_outputs({"names": self.names})


async def _by_urn(deployment: pulumi.Resource) -> pulumi.Resource:
    """The deployment as no more than its URN, once it is registered, when no circle can lead through it any more.

    Of a dependency on the resource itself the SDK follows everything that it depends on in turn, to find circles: that
    grows by the fourth power of the number of deployments (200 of them declared: 17 s so, and 7 s by URN).
    """
    return DependencyResource(str(await deployment.urn.future()))


def rate_limits(properties: azure.DeploymentPropertiesResponse) -> list[dict[str, Any]]:
    """So many calls (``request``) and tokens (``token``) within so many seconds."""
    return [
        {"key": rule.key, "renewalPeriod": rule.renewal_period, "count": rule.count}
        for rule in properties.rate_limits or ()
    ]
