"""Microsoft.Authorization/permissions: what the caller itself may do with a resource or a group, whoever gave it.

Microsoft Learn, REST reference "Permissions - List For Resource". Which action it needs no page says; that a token is
enough, and that who has no role gets an empty list: memory.
"""

from __future__ import annotations

from simulator.access import roles_of
from simulator.arm import versions
from simulator.arm.descriptors import Answer, Body, Call, Special


def _permissions(call: Call, _: Body) -> Answer:
    """A set of permissions for each role that counts here."""
    return Answer(
        body=[
            {
                "actions": list(role.actions),
                "notActions": list(role.not_actions),
                "dataActions": list(role.data_actions),
                "notDataActions": list(role.not_data_actions),
            }
            for role in roles_of(call.cloud, call.caller.object_id, call.id.scope)
        ]
    )


SPECIALS = (Special("GET", "microsoft.authorization/permissions", versions.AUTHORIZATION, _permissions),)
