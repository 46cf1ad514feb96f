"""Whether this identity may do what ``jobs run`` does, and what would grant it.

Data actions: Microsoft Learn, "Azure permissions for AI + machine learning" and "for Storage"; the roles that have
them: "Azure built-in roles".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.doctor.finding import Finding, blocker, ok, warn
from jobs.doctor.reach import Answer
from jobs.doctor_ports import Identity, Permission

_OPENAI = "Microsoft.CognitiveServices/accounts/OpenAI"
_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"


@dataclass(frozen=True)
class Role:
    """A role that trainers have, and the data actions that a run needs of it."""

    name: str
    guid: str
    actions: tuple[str, ...]


TRAINS = Role(
    "Cognitive Services OpenAI Contributor",
    "a001fd3d-188f-4b5d-821b-7da978bf7442",
    tuple(f"{_OPENAI}/{action}" for action in ("files/read", "files/write", "fine-tunes/read", "fine-tunes/write")),
)
STORES = Role(
    "Storage Blob Data Contributor",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    (f"{_BLOBS}/read", f"{_BLOBS}/write"),
)


@dataclass(frozen=True)
class Place:
    """Where a role is needed.

    own    whether the stack made the resource: else its owners assign roles on it
    """

    name: str
    resource_id: str
    role: Role
    own: bool = True


@dataclass(frozen=True)
class Whose:
    """Whose roles are looked at, for which stack, and the command that brings the stack up."""

    identity: Identity
    stack: str
    up: str


def roles(place: Place, permissions: Sequence[Permission] | None, answer: Answer, whose: Whose) -> Finding:
    """By what ARM says of this identity; None where ARM doesn't say: then by what the data plane answered."""
    if permissions is None:
        if answer.role_missing:
            return _missing(place, whose)
        return warn(
            "roles",
            f"what this identity may do with {place.name} cannot be read; whether it may write shows in the run",
        )
    lacking = [action for action in place.role.actions if not any(each.allows_data(action) for each in permissions)]
    if lacking:
        return _missing(place, whose)
    if answer.role_missing:
        return warn(
            "roles",
            f"{place.role.name} on {place.name} is assigned, and does not hold yet",
            "Wait some minutes, and look again.",
        )
    return ok("roles", f"may do what a run does with {place.name}")


def _missing(place: Place, whose: Whose) -> Finding:
    identity = whose.identity
    words = f"{place.role.name} is missing on {place.name}"
    if not place.own:
        return blocker(
            "roles",
            f"{words}, which another team owns: they assign it",
            f"az role assignment create --assignee-object-id {identity.object_id} "
            f"--assignee-principal-type {identity.principal_type} --role {place.role.guid} --scope {place.resource_id}",
        )
    return blocker(
        "roles",
        words,
        f"In environments/Pulumi.{whose.stack.rsplit('/', 1)[-1]}.yaml, under config, then an up:",
        "  tuned-models:access:",
        "    trainers:",
        f"      - principalId: {identity.object_id}",
        f"        principalType: {identity.principal_type}",
        f"If that, or a group of yours, stands there already: {whose.up}; a new role may take some minutes to hold.",
    )
