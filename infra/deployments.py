"""The deployments of one account, base and tuned, which Azure lets change one at a time only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import cognitiveservices


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


@dataclass(frozen=True)
class DeploymentsArgs:
    resource_group_name: pulumi.Input[str]
    account_name: pulumi.Input[str]
    deployments: Sequence[Deployment]
    """In an order that depends on nothing that changes during a deployment's life."""


class Deployments(pulumi.ComponentResource):
    """All deployments of one account, each depending on every earlier one.

    While one deployment of an account is being changed, Azure refuses the others with 409 RequestConflict (seen in
    azurerm#22607 and #22939, and in microsoft/aspire#4022). A chain of neighbours would keep creates apart, but not
    deletes: with the middle of three kept, nothing orders the other two.
    """

    names: dict[str, pulumi.Output[str]]
    """Name as asked for → name as Azure has it, known once it is deployed."""

    def __init__(self, name: str, args: DeploymentsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Deployments", name, None, opts)
        self.names = {}
        earlier: list[pulumi.Resource] = []
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
                ),
                tags=dict(entry.tags),
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(earlier)),
            )
            earlier.append(deployment)
            self.names[entry.name] = deployment.name
        self.register_outputs({"names": self.names})
