"""Who may train and who may call: role assignments."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import pulumi
from pulumi_azure_native import authorization


class Role(Enum):
    """Azure's built-in roles, by GUID, since Microsoft renames them (Azure built-in roles page, read 2026-11)."""

    OPENAI_CONTRIBUTOR = "a001fd3d-188f-4b5d-821b-7da978bf7442"
    """Cognitive Services OpenAI Contributor: trains and calls; keeps files."""
    OPENAI_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"
    """Cognitive Services OpenAI User: calls."""
    BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
    """Storage Blob Data Contributor: reads and writes blobs."""

    def definition_id(self, subscription_id: str) -> str:
        """The role definition's resource ID, in the form in which Azure gives it back."""
        return f"/subscriptions/{subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{self.value}"


@dataclass(frozen=True)
class Principal:
    """Somebody in Entra ID, by object ID."""

    principal_id: str
    principal_type: str
    """``User``, ``Group`` or ``ServicePrincipal``. Azure need not look it up: a new one isn't known everywhere yet."""


@dataclass(frozen=True)
class Scope:
    """A resource on which roles are assigned."""

    key: str
    """Its name in this stack; part of the assignment's name in Pulumi."""
    unique_name: str
    """A name that no other resource in Azure has, such as a custom subdomain."""
    resource_id: pulumi.Input[str]


@dataclass(frozen=True)
class Grant:
    """Every one of ``principals`` gets ``role`` on every one of ``scopes``."""

    to: str
    """The group's name: ``trainers`` or ``callers``."""
    role: Role
    principals: Sequence[Principal]
    scopes: Sequence[Scope]


@dataclass(frozen=True)
class AccessArgs:
    subscription_id: pulumi.Input[str]
    grants: Sequence[Grant]


class Access(pulumi.ComponentResource):
    """Role assignments, each under a name that the same config always gives."""

    assignments: dict[str, pulumi.Output[str]]
    """Name in Pulumi → resource ID."""

    def __init__(self, name: str, args: AccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tuned-models:index:Access", name, None, opts)
        subscription_id = pulumi.Output.from_input(args.subscription_id)
        self.assignments = {}
        for grant in args.grants:
            for scope in grant.scopes:
                for principal in grant.principals:
                    key = f"{name}/{grant.to}/{scope.key}/{principal.principal_id}"
                    self.assignments[key] = authorization.RoleAssignment(
                        key,
                        role_assignment_name=assignment_name(scope.unique_name, grant.role, principal.principal_id),
                        scope=scope.resource_id,
                        role_definition_id=subscription_id.apply(grant.role.definition_id),
                        principal_id=principal.principal_id,
                        principal_type=principal.principal_type,
                        opts=pulumi.ResourceOptions(parent=self),
                    ).id
        self.register_outputs({"assignments": self.assignments})


_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "tuned-models:role-assignments")


def assignment_name(scope: str, role: Role, principal_id: str) -> str:
    """The assignment's name: a GUID, the same for the same three, and for no others in the tenant.

    Azure wants these names unique within the tenant (Microsoft Learn, "Create Azure RBAC resources by using Bicep"),
    so ``scope`` is a name that is unique in Azure.
    """
    return str(uuid.uuid5(_NAMES, f"{scope.lower()}/{role.value}/{principal_id.lower()}"))
