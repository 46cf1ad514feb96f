"""What this Azure's control plane holds: resources, what becomes of them with time, and operations under way.

No HTTP here. Everything that reads resources from outside goes through the functions below: they first let the time
that has passed take effect.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from simulator.arm.ids import within

if TYPE_CHECKING:
    from simulator.cloud import Cloud

ACCOUNTS = "Microsoft.CognitiveServices/accounts"
DEPLOYMENTS = "Microsoft.CognitiveServices/accounts/deployments"
RAI_POLICIES = "Microsoft.CognitiveServices/accounts/raiPolicies"
RAI_BLOCKLISTS = "Microsoft.CognitiveServices/accounts/raiBlocklists"
RAI_BLOCKLIST_ITEMS = "Microsoft.CognitiveServices/accounts/raiBlocklists/raiBlocklistItems"
PROJECTS = "Microsoft.CognitiveServices/accounts/projects"
STORAGE_ACCOUNTS = "Microsoft.Storage/storageAccounts"
BLOB_SERVICES = "Microsoft.Storage/storageAccounts/blobServices"
CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
ROLE_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
LOCKS = "Microsoft.Authorization/locks"
WORKSPACES = "Microsoft.OperationalInsights/workspaces"
ACTION_GROUPS = "Microsoft.Insights/actionGroups"
CONFIGURATION_STORES = "Microsoft.AppConfiguration/configurationStores"
KEY_VALUES = "Microsoft.AppConfiguration/configurationStores/keyValues"
VAULTS = "Microsoft.KeyVault/vaults"
VAULT_KEYS = "Microsoft.KeyVault/vaults/keys"
USER_IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
FEDERATED_CREDENTIALS = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"

METRICS_KEPT = timedelta(days=93)
"""How long Azure Monitor keeps platform metrics (Microsoft Learn, azure-monitor/metrics/data-platform-metrics)."""


class Pending(BaseModel):
    """The next state of a resource, and when it takes it; `gone` where it will be no more."""

    state: str
    at: datetime


class Resource(BaseModel):
    """One resource as ARM keeps it.

    body    what a GET answers beside id, name, type, etag and systemData; without provisioningState, which is `state`
    facts   what Azure knows of it and does not tell: the base of a tuned model, whether a key was made anew
    succeeded_at   since when its provisioningState is Succeeded
    last_call      when a deployment was last asked for a completion
    """

    id: str
    type: str
    name: str
    body: dict[str, Any]
    state: str = "Succeeded"
    pending: Pending | None = None
    etag: str
    created_at: datetime
    changed_at: datetime
    created_by: str
    changed_by: str
    succeeded_at: datetime | None = None
    last_call: datetime | None = None
    facts: dict[str, Any] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.id.lower()

    @property
    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body.setdefault("properties", {})
        return found

    @property
    def location(self) -> str:
        return str(self.body.get("location", ""))

    @property
    def tuned(self) -> bool:
        """Whether this is a deployment of a tuned model."""
        return bool(self.facts.get("tuned"))


class DeletedAccount(BaseModel):
    """A soft-deleted account, with what was in it: its deployments' quota stays taken until it is purged."""

    account: Resource
    children: list[Resource]
    group: str
    deleted_at: datetime
    purge_at: datetime


class SoftDeleted(BaseModel):
    """A resource of a type that is kept after its deletion (soft_delete.py says which), with all that was in it."""

    resource: Resource
    children: list[Resource]
    deleted_at: datetime
    purge_at: datetime


class Operation(BaseModel):
    """A long-running operation that a client may ask about.

    style    `status`: asked for at Azure-AsyncOperation, it tells its status; `location`: asked for at Location, it
             answers 202 until it ends
    result   what Location answers at the end: `resource`, or nothing after a delete
    wait     the hint a poller gets, in simulated seconds
    failure  the ARM error it ended with, and its status
    """

    id: str
    location: str
    resource: str
    style: Literal["status", "location"] = "status"
    wait: float = 10.0
    started_at: datetime
    ends_at: datetime
    result: Literal["resource", "nothing"] = "resource"
    failure: dict[str, Any] | None = None
    failure_status: int = 409


class Event(BaseModel):
    """Something that was done to a resource, as the activity log keeps it. `resource` by its ID."""

    resource: str
    operation: str
    caller: str
    at: datetime


class ArmState(BaseModel):
    resources: dict[str, Resource] = Field(default_factory=dict)
    deleted_accounts: list[DeletedAccount] = Field(default_factory=list)
    soft_deleted: list[SoftDeleted] = Field(default_factory=list)
    operations: dict[str, Operation] = Field(default_factory=dict)
    deployed_before: set[str] = Field(default_factory=set)
    """Base models, `name|version`, that this subscription deployed once: it may again when they are in deprecation."""
    events: list[Event] = Field(default_factory=list)
    """The activity log, oldest first."""
    calls: dict[str, dict[str, int]] = Field(default_factory=dict)
    """How many completions each deployment, by its key, has answered in which hour; it outlives the deployment."""
    in_flight: set[str] = Field(default_factory=set, exclude=True)
    """Accounts one of whose children is being written by a request that is not answered yet."""


@dataclass(frozen=True)
class RoleAssignment:
    """Who has which role where, and since when. `role` is the definition's GUID in lower case; "" as scope is the whole
    tenant."""

    principal_id: str
    role: str
    scope: str
    condition: str | None
    created_at: datetime


def resources_of(cloud: Cloud, type_: str, below: str = "") -> list[Resource]:
    """All resources of one type, those under one scope if it is given, by ID."""
    from simulator.arm.passing import settle  # here: passing.py needs this module's classes

    settle(cloud)
    lowered = type_.lower()
    found = [r for r in cloud.state.arm.resources.values() if r.type.lower() == lowered]
    return sorted((r for r in found if not below or within(r.key, below)), key=lambda r: r.key)


def find(cloud: Cloud, resource_id: str) -> Resource | None:
    from simulator.arm.passing import settle  # here: passing.py needs this module's classes

    settle(cloud)
    return cloud.state.arm.resources.get(resource_id.lower().rstrip("/"))


def find_account_by_id(cloud: Cloud, account_id: str) -> Resource | None:
    found = find(cloud, account_id)
    return found if found is not None and found.type == ACCOUNTS else None


def find_account_by_subdomain(cloud: Cloud, subdomain: str) -> Resource | None:
    """The account that answers at `{subdomain}.openai.azure.com`."""
    wanted = subdomain.lower()
    for account in resources_of(cloud, ACCOUNTS):
        if str(account.properties.get("customSubDomainName", "")).lower() == wanted:
            return account
    return None


def find_deleted_account(cloud: Cloud, account_id: str) -> DeletedAccount | None:
    """The soft-deleted account that holds this ID."""
    wanted = account_id.lower()
    return next((d for d in cloud.state.arm.deleted_accounts if d.account.key == wanted), None)


def deployments_of(cloud: Cloud, account_id: str) -> list[Resource]:
    return resources_of(cloud, DEPLOYMENTS, account_id)


def note_call(cloud: Cloud, deployment_id: str) -> None:
    """A deployment answered a completion: a tuned one is kept for another fifteen days."""
    found = find(cloud, deployment_id)
    if found is not None:
        now = found.last_call = cloud.clock.now()
        hours = cloud.state.arm.calls.setdefault(found.key, {})
        this = now.replace(minute=0, second=0, microsecond=0).isoformat()
        hours[this] = hours.get(this, 0) + 1
        for hour in [hour for hour in hours if datetime.fromisoformat(hour) < now - METRICS_KEPT]:
            del hours[hour]
        cloud.changed()


def find_storage_account(cloud: Cloud, name: str) -> Resource | None:
    wanted = name.lower()
    return next((a for a in resources_of(cloud, STORAGE_ACCOUNTS) if a.name.lower() == wanted), None)


def find_vault(cloud: Cloud, name: str) -> Resource | None:
    wanted = name.lower()
    return next((v for v in resources_of(cloud, VAULTS) if v.name.lower() == wanted), None)


def find_store(cloud: Cloud, name: str) -> Resource | None:
    """The App Configuration store that answers at `{name}.azconfig.io`."""
    wanted = name.lower()
    return next((s for s in resources_of(cloud, CONFIGURATION_STORES) if s.name.lower() == wanted), None)


def containers_of(cloud: Cloud, storage_account_id: str) -> list[Resource]:
    return resources_of(cloud, CONTAINERS, storage_account_id)


def role_assignments(cloud: Cloud) -> Iterator[RoleAssignment]:
    """Every role assignment, in no order. Time does not touch them, so nothing is settled first."""
    for resource in cloud.state.arm.resources.values():
        if resource.type == ROLE_ASSIGNMENTS:
            known = resource.properties
            role = str(known["roleDefinitionId"]).rstrip("/").rsplit("/", 1)[-1].lower()
            scope, condition = str(known["scope"]), known.get("condition")
            yield RoleAssignment(str(known["principalId"]), role, scope, condition, resource.created_at)


def storage_keys(cloud: Cloud, account: Resource) -> tuple[str, str]:
    """key1 and key2 of a storage account: base64 of 64 bytes, the same for the same account and turn of the key."""
    key1, key2 = (base64.b64encode(_secret(cloud, account, name)).decode() for name in ("key1", "key2"))
    return key1, key2


def account_keys(cloud: Cloud, account: Resource) -> tuple[str, str]:
    """key1 and key2 of a Cognitive Services account: 32 hexadecimal digits, as constant as the above."""
    key1, key2 = (_secret(cloud, account, name).hex()[:32] for name in ("key1", "key2"))
    return key1, key2


def turn_key(account: Resource, name: str) -> None:
    """Makes key1 or key2 anew."""
    turns = account.facts.setdefault("key_turns", {})
    turns[name] = turns.get(name, 0) + 1


def note_container_created(cloud: Cloud, storage_account_id: str, name: str) -> Resource:
    """The blob endpoint made a container: ARM lists it as well. One that is known already stays as it is."""
    key = f"{storage_account_id}/blobServices/default/containers/{name}"
    known = find(cloud, key)
    if known is not None:
        return known
    at = cloud.clock.now()
    made = Resource(
        id=key,
        type=CONTAINERS,
        name=name,
        body={"properties": {}},
        etag=fresh_etag(key.lower(), at, "blob"),
        created_at=at,
        changed_at=at,
        created_by="blob",
        changed_by="blob",
        succeeded_at=at,
    )
    cloud.state.arm.resources[made.key] = made
    cloud.changed()
    return made


def note_container_deleted(cloud: Cloud, storage_account_id: str, name: str) -> None:
    """The blob endpoint deleted a container."""
    key = f"{storage_account_id}/blobServices/default/containers/{name}".lower()
    if cloud.state.arm.resources.pop(key, None) is not None:
        cloud.changed()


def fresh_etag(resource_key: str, at: datetime, salt: str) -> str:
    """A quoted GUID, as Azure's etags are; made from what is known, so that a run repeats."""
    digest = hashlib.sha256(f"{resource_key}|{at.isoformat()}|{salt}".encode()).hexdigest()
    return f'"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"'


def _secret(cloud: Cloud, account: Resource, name: str) -> bytes:
    turn = account.facts.get("key_turns", {}).get(name, 0)
    seed = f"{cloud.tenant_id}|{account.key}|{account.created_at.isoformat()}|{name}|{turn}"
    return hashlib.sha512(seed.encode()).digest()
