"""Microsoft.CognitiveServices/accounts/projects: Foundry projects, which an account of kind AIServices may have."""

from __future__ import annotations

import copy
import uuid

from simulator.arm import cognitive_errors, versions
from simulator.arm import rai_errors as refuse
from simulator.arm.descriptors import Body, Descriptor, Move, Write
from simulator.arm.ids import ResourceId
from simulator.arm.models import ACCOUNTS, PROJECTS, Resource
from simulator.arm.regions import NAMES
from simulator.cloud import Cloud

CREATION = 5.0
"""Simulated seconds until a project is Succeeded; that creating one goes on after the answer is the specification's
(begin_create of azure-mgmt-cognitiveservices), the time is invented."""


def _check(write: Write) -> None:
    account = write.cloud.state.arm.resources[_account_key(write.id) or ""]
    if account.pending is not None:
        raise cognitive_errors.account_not_ready(account.id, account.state)
    managed = account.properties.get("allowProjectManagement") is True
    if account.type == ACCOUNTS and not (account.body.get("kind") == "AIServices" and managed):
        raise refuse.projects_not_allowed(account.name)


def _complete(write: Write) -> Body:
    return write.body | {"properties": write.properties}


def _stored(write: Write, project: Resource) -> None:
    """A system-assigned identity gets its principal, as an account's does."""
    identity = project.body.get("identity")
    if isinstance(identity, dict) and "systemassigned" in str(identity.get("type", "")).lower().replace(" ", ""):
        seed = f"{project.key}|{project.created_at.isoformat()}"
        principal = str(uuid.uuid5(uuid.UUID(write.cloud.tenant_id), seed))
        identity |= {"principalId": principal, "tenantId": write.cloud.tenant_id}
        write.cloud.state.entra.add_managed_identity(
            object_id=principal, client_id=str(uuid.uuid5(uuid.UUID(principal), "client")), name=project.name
        )


def _moves(event: str, _: Resource) -> Move | None:
    return Move("Creating", CREATION, wait=CREATION) if event == "create" else None


def _view(cloud: Cloud, project: Resource) -> Body:
    """As answered; the endpoint's form is that of the documents, `…/api/projects/{project}`."""
    body = copy.deepcopy(project.body)
    account = project.key.split("/accounts/", 1)[1].split("/", 1)[0]
    endpoint = f"{cloud.endpoints.main}/{account}.services.ai.azure.com/api/projects/{project.name}"
    body["properties"] = {"isDefault": False, "endpoints": {"AI Foundry API": endpoint}} | body.get("properties", {})
    return body


def _account_key(identity: ResourceId) -> str | None:
    """That a project is written under its account's lock, as deployments are: memory."""
    return identity.parent.key if identity.parent is not None else None


COGNITIVE_PROJECTS = Descriptor(
    type=PROJECTS,
    api_versions=versions.COGNITIVE_SERVICES,
    members=frozenset({"location", "tags", "identity", "properties"}),
    patchable=frozenset({"location", "tags", "identity", "properties"}),
    locations=NAMES,
    read_only=(
        "properties.provisioningState",
        "properties.endpoints",
        "properties.isDefault",
        "identity.principalId",
        "identity.tenantId",
    ),
    check=_check,
    complete=_complete,
    stored=_stored,
    moves=_moves,
    view=_view,
    lock=_account_key,
    shows=frozenset({"provisioningState", "systemData", "etag"}),
)
