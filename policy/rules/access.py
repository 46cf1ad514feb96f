"""Least privilege: a role on one resource, and none that can do everything.

Roles by GUID: MicrosoftDocs azure-docs, articles/role-based-access-control/built-in-roles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy.demands import Demands
from policy.kinds import ROLE_ASSIGNMENT
from policy.resources import Resource
from policy.rule import Rule

_CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
_READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
_GIVES_ROLES = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}
_GROUP = re.compile(r"/subscriptions/[^/]+/resourceGroups/[^/]+", re.IGNORECASE)
_RESOURCE = re.compile(rf"{_GROUP.pattern}/providers/[^/]+/[^/]+/[^/]+.*", re.IGNORECASE)
_PIPELINE = re.compile(r"pipelines/deployer/[^/]+/(?P<pipeline>[^/]+)$")
"""How the program calls a deployer pipeline's assignment: only Azure knows the object ID of its identity."""


def _broad(resource: Resource, demands: Demands) -> Iterator[str]:
    """Reader shows no data, so operators may have it on the group. Deployers manage the group, and give roles under a
    condition that says which."""
    if resource.type != ROLE_ASSIGNMENT:
        return
    role, scope = str(resource.at("roleDefinitionId")).rstrip("/").rsplit("/", 1)[-1].lower(), resource.at("scope")
    deploys = _deploys(resource, demands)
    if isinstance(scope, str) and _RESOURCE.fullmatch(scope) is None:
        if _GROUP.fullmatch(scope) is None:
            yield f"it counts on everything in {scope or 'the tenant'}"
        elif not deploys and role != _READER:
            yield "it counts on everything in the resource group"
    if role == _CONTRIBUTOR and not deploys:
        yield "Contributor may change everything"
    if (name := _GIVES_ROLES.get(role)) is not None and not (deploys and resource.at("condition")):
        yield f"{name} may give itself any role" if not deploys else f"{name} may give any role: it has no condition"


def _deploys(resource: Resource, demands: Demands) -> bool:
    named = _PIPELINE.search(resource.name)
    return str(resource.at("principalId")).lower() in demands.deployers or (
        named is not None and named["pipeline"] in demands.deployers
    )


NARROW_ROLES = Rule(
    "narrow-roles",
    "Who is given more than the work needs takes it along when an account is stolen.",
    "Assign the role on the one resource; what changes everything or gives roles is for access.deployers, conditioned.",
    _broad,
)
