"""Identities for pipelines, which prove themselves by tokens of their own: no secret exists anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import managedidentity

AUDIENCE = "api://AzureADTokenExchange"
"""Of the tokens that Entra ID exchanges (Microsoft Learn, "Workload identity federation")."""


@dataclass(frozen=True)
class Trusted:
    """Whose tokens are exchanged: those of one issuer for one subject, and no others."""

    issuer: str
    subject: str


@dataclass(frozen=True)
class PipelinesArgs:
    resource_group_name: pulumi.Input[str]
    location: str
    pipelines: Mapping[str, Trusted]
    """By name, which is the identity's in Azure too."""


@dataclass(frozen=True)
class PipelineIdentity:
    principal_id: pulumi.Output[str]
    """Of the service principal in Entra ID: what roles are assigned to."""
    client_id: pulumi.Output[str]
    """What a pipeline is configured with; no secret."""


class Pipelines(pulumi.ComponentResource):
    """A user-assigned identity per pipeline, each with one federated credential."""

    identities: dict[str, PipelineIdentity]

    def __init__(self, name: str, args: PipelinesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Pipelines", name, None, opts)
        self.identities = {}
        for pipeline, trusted in args.pipelines.items():
            identity = managedidentity.UserAssignedIdentity(
                f"{name}/{pipeline}",
                resource_name_=pipeline,
                resource_group_name=args.resource_group_name,
                location=args.location,
                opts=pulumi.ResourceOptions(parent=self),
            )
            managedidentity.FederatedIdentityCredential(
                f"{name}/{pipeline}",
                federated_identity_credential_resource_name="pipeline",
                resource_name_=identity.name,
                resource_group_name=args.resource_group_name,
                issuer=trusted.issuer,
                subject=trusted.subject,
                audiences=[AUDIENCE],
                opts=pulumi.ResourceOptions(parent=self),
            )
            self.identities[pipeline] = PipelineIdentity(identity.principal_id, identity.client_id)
        self.register_outputs({"clientIds": {key: each.client_id for key, each in self.identities.items()}})
