"""Who may do what: role assignments."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

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
    CONFIGURATION_READER = "516239f1-63e1-4d78-a4de-a74fb236a071"
    """App Configuration Data Reader: reads key-values."""
    CONFIGURATION_OWNER = "5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b"
    """App Configuration Data Owner: reads and writes key-values."""
    READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    """Reader: looks at everything that is no data, metrics and logs too, and changes nothing."""
    KEY_ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
    """Key Vault Crypto Service Encryption User: what an account or a storage needs to encrypt with a key."""
    CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
    """Contributor: manages everything but who may do what."""
    RBAC_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
    """Role Based Access Control Administrator: assigns roles; here only those of ASSIGNED_BY_DEPLOYERS."""

    def definition_id(self, subscription_id: str) -> str:
        """The role definition's resource ID, in the form in which Azure gives it back."""
        return f"/subscriptions/{subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{self.value}"


ASSIGNED_BY_DEPLOYERS = (
    Role.OPENAI_CONTRIBUTOR,
    Role.OPENAI_USER,
    Role.BLOB_DATA_CONTRIBUTOR,
    Role.CONFIGURATION_READER,
    Role.CONFIGURATION_OWNER,
    Role.READER,
    Role.KEY_ENCRYPTION_USER,
)
"""All that this program assigns but a deployer's own two: no deployer makes another, or gets rights of an owner.

It may make itself what the program makes others, such as a trainer.
"""


def constrained(roles: Sequence[Role]) -> str:
    """The condition under which a principal that assigns roles may assign and take away ``roles``, and no others.

    Built as in Microsoft Learn, "Examples to delegate Azure role assignment management with conditions": roles and
    types of principals, for the assignment that is asked for (@Request) and for the one that is deleted (@Resource).
    """
    guids = ", ".join(role.value for role in roles)
    types = "'User', 'Group', 'ServicePrincipal'"
    assignments = "Microsoft.Authorization/roleAssignments"

    def only(action: str, source: str) -> str:
        return (
            f"((!(ActionMatches{{'{assignments}/{action}'}})) OR "
            f"({source}[{assignments}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{guids}}} AND "
            f"{source}[{assignments}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{{types}}}))"
        )

    return f"{only('write', '@Request')} AND {only('delete', '@Resource')}"


@dataclass(frozen=True)
class Principal:
    """Somebody in Entra ID, by object ID."""

    key: str
    """What tells it from the others of its group; part of the assignment's name in Pulumi."""
    principal_id: pulumi.Input[str]
    principal_type: str
    """``User``, ``Group`` or ``ServicePrincipal``. Azure need not look it up: a new one isn't known everywhere yet."""


@dataclass(frozen=True)
class Scope:
    """A resource on which roles are assigned."""

    key: str
    """Its name in this stack; part of the assignment's name in Pulumi."""
    unique_name: pulumi.Input[str]
    """A name that no other resource in Azure has, such as a custom subdomain."""
    resource_id: pulumi.Input[str]


@dataclass(frozen=True)
class Grant:
    """Every one of ``principals`` gets ``role`` on every one of ``scopes``."""

    to: str
    """The group's name, such as ``trainers``."""
    role: Role
    principals: Sequence[Principal]
    scopes: Sequence[Scope]
    condition: str | None = None
    """What the assignment is limited by, in Azure's language of conditions, version 2.0."""


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
                    key = f"{name}/{grant.to}/{scope.key}/{principal.key}"
                    self.assignments[key] = authorization.RoleAssignment(
                        key,
                        role_assignment_name=pulumi.Output.all(scope.unique_name, principal.principal_id).apply(
                            partial(_assignment_name, grant.role)
                        ),
                        scope=scope.resource_id,
                        role_definition_id=subscription_id.apply(grant.role.definition_id),
                        principal_id=principal.principal_id,
                        principal_type=principal.principal_type,
                        condition=grant.condition,
                        condition_version="2.0" if grant.condition else None,
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


def _assignment_name(role: Role, scope_and_principal: Sequence[str]) -> str:
    scope, principal_id = scope_and_principal
    return assignment_name(scope, role, principal_id)
