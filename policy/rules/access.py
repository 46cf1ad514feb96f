"""Least privilege: a role on one resource, and none that can do everything.

Roles by GUID: MicrosoftDocs azure-docs, articles/role-based-access-control/built-in-roles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy.demands import Demands
from policy.kinds import ROLE_ASSIGNMENT
from policy.resources import UNKNOWN, Resource
from policy.rule import Rule

_SWEEPING = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}
_ONE_RESOURCE = re.compile(r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/[^/]+/[^/]+/[^/]+.*", re.IGNORECASE)


def _broad(resource: Resource, demands: Demands) -> Iterator[str]:
    """A pipeline that brings the stack up needs what nobody else does."""
    if resource.type != ROLE_ASSIGNMENT or _of_deployer(resource.name, demands):
        return
    scope, role = resource.at("scope"), resource.at("roleDefinitionId")
    if isinstance(scope, str) and _ONE_RESOURCE.fullmatch(scope) is None:
        yield f"it counts on everything in {scope or 'the tenant'}"
    name = _SWEEPING.get(str(role).rstrip("/").rsplit("/", 1)[-1].lower()) if role is not UNKNOWN else None
    if name is not None:
        yield f"{name} may do far more than train, call or look"


def _of_deployer(name: str, demands: Demands) -> bool:
    """The program calls such an assignment ``<component>/deployer/<scope>/<pipeline>``."""
    parts = name.split("/")
    return "deployer" in parts and bool(demands.deployers.intersection(parts))


NARROW_ROLES = Rule(
    "narrow-roles",
    "Who is given more than the work needs takes it along when an account is stolen.",
    "Assign the role on the one resource; roles that change anything go to pipelines with the role deployer only.",
    _broad,
)
