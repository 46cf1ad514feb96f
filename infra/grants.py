"""Which roles the config's people and pipelines get, and on what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from contract.config import access as config
from contract.stack_config import StackConfig
from infra.access import ASSIGNED_BY_DEPLOYERS, Access, AccessArgs, Grant, Principal, Role, Scope, constrained
from infra.pipelines import PipelineIdentity, Pipelines, PipelinesArgs, Trusted

Identities = Mapping[str, PipelineIdentity]
"""By the pipeline's name."""


@dataclass(frozen=True)
class Scopes:
    """What roles are assigned on, each on nothing wider than what it is needed for."""

    group: Scope
    accounts: Sequence[Scope]
    """Those that are declared here: in an account of another team, its owners say who may do what."""
    storage: Scope
    pointers: Sequence[Scope]
    """The App Configuration store, where there is one."""


def declare_access(
    stack: StackConfig, group_name: pulumi.Input[str], subscription_id: pulumi.Input[str], scopes: Scopes
) -> tuple[Access, Identities]:
    """Everybody's roles, and the identities of pipelines."""
    identities: Identities = {}
    if stack.access.pipelines:
        pipelines = sorted(stack.access.pipelines.items())
        trusted = {name: Trusted(*pipeline.trusted) for name, pipeline in pipelines if pipeline.trusted}
        identities = Pipelines("pipelines", PipelinesArgs(group_name, stack.location, trusted)).identities
    return Access("access", AccessArgs(subscription_id, _grants(stack.access, identities, scopes))), identities


def _grants(access: config.Access, identities: Identities, scopes: Scopes) -> list[Grant]:
    """For the groups of people and applications, then for each pipeline in each of its roles."""
    groups = {
        "trainers": access.trainers,
        "callers": access.callers,
        "operators": access.operators,
        "deployers": access.deployers,
    }
    people = [grant for to, each in groups.items() for grant in _granted(to, to, [_person(p) for p in each], scopes)]
    pipelines = [
        grant
        for name, pipeline in sorted(access.pipelines.items())
        for role in pipeline.roles
        for grant in _granted(f"{role}s", f"pipelines/{role}", [_pipeline(name, identities[name])], scopes)
    ]
    return people + pipelines


def _granted(group: str, to: str, principals: Sequence[Principal], scopes: Scopes) -> Iterator[Grant]:
    """What everybody of a group gets, under the name ``to``."""
    if group == "trainers":
        yield Grant(to, Role.OPENAI_CONTRIBUTOR, principals, scopes.accounts)
        yield Grant(to, Role.BLOB_DATA_CONTRIBUTOR, principals, [scopes.storage])
    elif group == "callers":
        yield Grant(to, Role.OPENAI_USER, principals, scopes.accounts)
        yield Grant(to, Role.CONFIGURATION_READER, principals, scopes.pointers)
    elif group == "operators":
        yield Grant(to, Role.READER, principals, [scopes.group])
    else:
        yield Grant(to, Role.CONTRIBUTOR, principals, [scopes.group])
        # A name of its own, since it is a second role on the same scope.
        administered = Scope(f"{scopes.group.key}-roles", scopes.group.unique_name, scopes.group.resource_id)
        condition = constrained(ASSIGNED_BY_DEPLOYERS)
        yield Grant(to, Role.RBAC_ADMINISTRATOR, principals, [administered], condition)
        yield Grant(to, Role.CONFIGURATION_OWNER, principals, scopes.pointers)


def _person(principal: config.Principal) -> Principal:
    principal_id = principal.principal_id.lower()
    # Azure knows a managed identity as the service principal that it is in Entra ID.
    kind = "ServicePrincipal" if principal.principal_type == "ManagedIdentity" else principal.principal_type
    return Principal(principal_id, principal_id, kind)


def _pipeline(name: str, identity: PipelineIdentity) -> Principal:
    return Principal(name, identity.principal_id, "ServicePrincipal")
