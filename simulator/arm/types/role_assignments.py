"""Microsoft.Authorization: role assignments at any scope, and the definitions of the roles they name.

The answer's form: Azure/azure-cli's recording test_role_assignment_handle_conflicted_assignments.yaml (PUT: 201).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from simulator.access import conditions
from simulator.arm import errors, versions
from simulator.arm import provider_errors as refuse
from simulator.arm.conditions import Attempt, Unreadable, read
from simulator.arm.descriptors import Answer, Body, Call, Descriptor, Special, Write
from simulator.arm.ids import ResourceId, within
from simulator.arm.models import ROLE_ASSIGNMENTS, Resource, resources_of
from simulator.arm.scopes import require_scope
from simulator.arm.store import stamp
from simulator.errors import NotSimulated
from simulator.roles import ROLES

Attributes = Mapping[str, Any]

_PRINCIPAL = re.compile(r"principalId\s+eq\s+'([^']*)'", re.IGNORECASE)
_ASSIGNED_TO = re.compile(r"assignedTo\('([^']*)'\)", re.IGNORECASE)


def _check_name(name: str) -> None:
    if not _is_guid(name):
        raise refuse.assignment_name_invalid(name)


def _check(write: Write) -> None:
    sent = write.properties
    require_scope(write)
    principal, role = str(sent.get("principalId", "")), str(sent.get("roleDefinitionId", ""))
    if not _is_guid(principal):
        raise refuse.principal_invalid(principal)
    if role_guid(role) not in ROLES:
        raise refuse.role_not_found(role_guid(role))
    if (condition := sent.get("condition")) is not None:
        _check_condition(write, str(condition))
    _check_allowed(write, "write", request=_attributes(sent), resource={})
    _check_conflicts(write, principal, role)
    if write.existing is None:
        _check_principal(write, principal)


def _check_condition(write: Write, condition: str) -> None:
    try:
        read(condition)
    except Unreadable as unreadable:
        raise NotSimulated("PUT", f"{write.id.text} with a condition on other things: {unreadable}") from None


def _check_deletion(call: Call, assignment: Resource) -> None:
    _check_allowed(call, "delete", request={}, resource=_attributes(assignment.properties))


def _check_allowed(call: Call | Write, doing: str, *, request: Attributes, resource: Attributes) -> None:
    """The gateway has asked for a role that lets the caller do so: one has to be without condition, or fulfil it."""
    action, who = f"{ROLE_ASSIGNMENTS}/{doing}", call.caller
    attempt = Attempt(action, request, resource)
    limits = conditions(call.cloud, who.object_id, action, call.id.text)
    if not any(limit is None or read(limit)(attempt) for limit in limits):
        raise errors.condition_unfulfilled(who.client_id, who.object_id, action, call.id.text)


def _attributes(properties: Attributes) -> Attributes:
    """What a condition may ask of an assignment."""
    told = {name.lower(): properties[name] for name in ("principalId", "principalType") if properties.get(name)}
    return told | {"roledefinitionid": role_guid(properties["roleDefinitionId"])}


def _check_conflicts(write: Write, principal: str, role: str) -> None:
    """A name is one assignment's in the whole tenant, and so are principal, role and scope together."""
    for other in resources_of(write.cloud, ROLE_ASSIGNMENTS):
        known = other.properties
        same_scope = str(known["scope"]).lower() == write.id.scope.lower()
        same = str(known["principalId"]).lower() == principal.lower() and same_scope
        same_role = role_guid(str(known["roleDefinitionId"])) == role_guid(role)
        if other.name.lower() == write.id.name.lower():
            if not (same and same_role):
                raise refuse.assignment_update_not_permitted()
        elif same and same_role:
            raise refuse.assignment_exists(other.name)


def _check_principal(write: Write, principal: str) -> None:
    """One the directory doesn't know is taken on trust where its type is given: it may not be replicated yet."""
    known = write.cloud.state.entra.by_object_id(principal)
    given = write.properties.get("principalType")
    if known is None and not given:
        raise refuse.principal_not_found(principal, write.cloud.tenant_id)
    if known is not None and given and given != "ServicePrincipal":
        raise refuse.principal_type_unmatched(principal, "ServicePrincipal", str(given))


def _complete(write: Write) -> Body:
    """`createdBy` is null in the answer to a PUT (recorded); so it is afterwards, here."""
    sent = write.properties
    now = stamp(write.cloud.clock.now())
    before = write.existing.properties if write.existing is not None else {}
    return {
        "properties": {
            "roleDefinitionId": sent["roleDefinitionId"],
            "principalId": sent["principalId"],
            "principalType": sent.get("principalType") or "ServicePrincipal",
            "scope": write.id.scope,
            "condition": sent.get("condition"),
            "conditionVersion": sent.get("conditionVersion"),
            "createdOn": before.get("createdOn", now),
            "updatedOn": now,
            "createdBy": None,
            "updatedBy": write.caller.object_id,
            "delegatedManagedIdentityResourceId": sent.get("delegatedManagedIdentityResourceId"),
            "description": sent.get("description"),
        }
    }


def _list(call: Call, _: Body) -> Answer:
    """Without a filter: at, above and below the scope; atScope() leaves out those below."""
    scope, wanted = call.id.scope, call.query.get("$filter", "")
    found = [
        {"properties": r.body["properties"], "id": r.id, "type": r.type, "name": r.name}
        for r in resources_of(call.cloud, ROLE_ASSIGNMENTS)
        if _listed(r, scope, wanted)
    ]
    return Answer(body=found)


def _listed(assignment: Resource, scope: str, wanted: str) -> bool:
    at = str(assignment.properties["scope"])
    above, below = within(scope, at) or not at, within(at, scope) or not scope
    if not (above or (below and "atscope()" not in wanted.lower())):
        return False
    principal = _PRINCIPAL.search(wanted) or _ASSIGNED_TO.search(wanted)
    return principal is None or str(assignment.properties["principalId"]).lower() == principal[1].lower()


def role_guid(role_definition_id: str) -> str:
    return role_definition_id.rstrip("/").rsplit("/", 1)[-1].lower()


def _is_guid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return len(text) == 36


# --- role definitions


def _definition(guid: str, subscription: str) -> dict[str, Any]:
    role = ROLES[guid]
    scope = f"/subscriptions/{subscription}"
    return {
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "description": "",
            "assignableScopes": ["/"],
            "permissions": [
                {
                    "actions": list(role.actions),
                    "notActions": list(role.not_actions),
                    "dataActions": list(role.data_actions),
                    "notDataActions": list(role.not_data_actions),
                }
            ],
        },
        "id": f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{guid}",
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": guid,
    }


def _list_definitions(call: Call, _: Body) -> Answer:
    wanted = re.search(r"roleName\s+eq\s+'([^']*)'", call.query.get("$filter", ""), re.IGNORECASE)
    guids = [guid for guid, role in ROLES.items() if wanted is None or role.name.lower() == wanted[1].lower()]
    return Answer(body=[_definition(guid, call.subscription) for guid in guids])


def _get_definition(call: Call, _: Body) -> Answer:
    guid = call.id.name.lower()
    if guid not in ROLES:
        raise refuse.role_not_found(guid)
    return Answer(body=_definition(guid, call.subscription))


def _missing(identity: ResourceId) -> Exception:
    return refuse.assignment_not_found(identity.name)


ASSIGNMENTS = Descriptor(
    type=ROLE_ASSIGNMENTS,
    api_versions=versions.AUTHORIZATION,
    members=frozenset({"properties"}),
    read_only=tuple(f"properties.{name}" for name in ("scope", "createdOn", "updatedOn", "createdBy", "updatedBy")),
    check_name=_check_name,
    check=_check,
    complete=_complete,
    deletes=_check_deletion,
    not_found=_missing,
    answers_deleted=True,
    shows=frozenset(),
)

_READ = "Microsoft.Authorization/roleDefinitions/read"

SPECIALS = (
    Special(
        "GET",
        "microsoft.authorization/roleassignments",
        versions.AUTHORIZATION,
        _list,
        "Microsoft.Authorization/roleAssignments/read",
    ),
    Special("GET", "microsoft.authorization/roledefinitions", versions.AUTHORIZATION, _list_definitions, _READ),
    Special("GET", "microsoft.authorization/roledefinitions/*", versions.AUTHORIZATION, _get_definition, _READ),
)
