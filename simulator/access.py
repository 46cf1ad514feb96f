"""Who may do what: role assignments in ARM's state, held against Azure's built-in roles by GUID."""

from __future__ import annotations

import functools
import re

from simulator.arm.models import RoleAssignment, role_assignments
from simulator.cloud import Cloud
from simulator.roles import ROLES, Role


def allowed(
    cloud: Cloud, principal_id: str, action: str, scope: str, *, data: bool, on_data_plane: bool | None = None
) -> bool:
    """Whether the principal may do `action` on the resource (or group, or subscription) `scope`.

    `data` asks for a data action. Who decides is a data plane, which may learn of assignments late, where it is one, or
    where nothing is said and `data` is. An assignment counts at its own scope and below. A role that isn't in the table
    grants nothing. Conditions are the affair of what they are about: of role assignments, which no others are on here.
    """
    late = data if on_data_plane is None else on_data_plane
    now, conduct = cloud.clock.now(), cloud.faults.conduct
    return any(
        _grants(role, action, data=data)
        and not (late and conduct.unknown_yet((now - assignment.created_at).total_seconds()))
        for assignment, role in _held(cloud, principal_id, scope)
    )


def conditions(cloud: Cloud, principal_id: str, action: str, scope: str) -> list[str | None]:
    """Of each assignment that lets the principal do `action` there: what it is limited by, None where by nothing."""
    held = _held(cloud, principal_id, scope)
    return [assignment.condition for assignment, role in held if _grants(role, action, data=False)]


def roles_of(cloud: Cloud, principal_id: str, scope: str) -> list[Role]:
    """The roles that the principal has on `scope`, given there or above."""
    return [role for _, role in _held(cloud, principal_id, scope)]


def _held(cloud: Cloud, principal_id: str, scope: str) -> list[tuple[RoleAssignment, Role]]:
    return [
        (assignment, role)
        for assignment in role_assignments(cloud)
        if assignment.principal_id.lower() == principal_id.lower()
        and _covers(assignment.scope, scope)
        and (role := ROLES.get(assignment.role.lower())) is not None
    ]


def _covers(assigned: str, scope: str) -> bool:
    above, below = assigned.lower().rstrip("/"), scope.lower().rstrip("/")
    return below == above or below.startswith(above + "/")


def _grants(role: Role, action: str, *, data: bool) -> bool:
    given, taken = (role.data_actions, role.not_data_actions) if data else (role.actions, role.not_actions)
    return _matches(given, action) and not _matches(taken, action)


def _matches(patterns: tuple[str, ...], action: str) -> bool:
    return any(_pattern(each).fullmatch(action) is not None for each in patterns)


@functools.cache
def _pattern(text: str) -> re.Pattern[str]:
    """An action with `*` for any characters, slashes included; case doesn't count."""
    return re.compile(".*".join(re.escape(part) for part in text.split("*")), re.IGNORECASE)
