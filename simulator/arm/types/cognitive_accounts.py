"""Microsoft.CognitiveServices/accounts: the account, its keys, and what becomes of it when it is deleted.

Defaults and the capabilities list: Azure/azure-cli's test recordings test_cognitiveservices_deployment.yaml and
test_cognitiveservices_softdelete.yaml, 2025-10, where no other source is named.
"""

from __future__ import annotations

import copy
import hashlib
import re

from simulator.arm import cognitive_errors as refuse
from simulator.arm import errors, network_acls, rai_errors, versions
from simulator.arm.descriptors import Answer, Body, Call, Descriptor, Move, Special, Write
from simulator.arm.models import (
    ACCOUNTS,
    PROJECTS,
    DeletedAccount,
    Resource,
    account_keys,
    find_account_by_subdomain,
    find_deleted_account,
    resources_of,
    turn_key,
)
from simulator.arm.names import is_foreign
from simulator.arm.private_links import connections_shown
from simulator.arm.regions import NAMES, normalised
from simulator.arm.store import stamp
from simulator.arm.types import account_kinds, assigned_identities, encryption
from simulator.cloud import Cloud

CREATION = 3.0
"""Simulated seconds from the 201 to Succeeded: the recording has one to three."""

SKUS = ("S0",)

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{1,63}")
# MicrosoftDocs azure-ai-docs, cognitive-services-custom-subdomains.md.
_SUBDOMAIN = re.compile(r"(?!-)[a-zA-Z0-9-]{2,64}(?<!-)")

# The recording of 2025-10 has these among others; the number of jobs is 100 in the quotas pages of 2026-03.
_CAPABILITIES = (
    {"name": "VirtualNetworks"},
    {"name": "CustomerManagedKey"},
    {"name": "MaxFineTuneCount", "value": "500"},
    {"name": "MaxRunningFineTuneCount", "value": "3"},
    {"name": "MaxRunningGlobalStandardFineTuneCount", "value": "3"},
    {"name": "MaxUserFileCount", "value": "100"},
    {"name": "MaxTrainingFileSize", "value": "512000000"},
    {"name": "MaxUserFileImportDurationInHours", "value": "1"},
    {"name": "MaxFineTuneJobDurationInHours", "value": "720"},
)


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise refuse.name_invalid(name)


def _check(write: Write) -> None:
    deleted = find_deleted_account(write.cloud, write.id.key)
    _check_restore(write, deleted)
    if write.existing is not None and write.existing.pending is not None:
        raise refuse.request_conflict(write.existing.id)
    account_kinds.check(write)
    asked = write.body.get("sku") or {}
    if "tier" in asked:
        raise errors.sku_tier()
    sku = str(asked.get("name") or "")
    if sku not in SKUS:
        raise refuse.sku_invalid(sku, str(write.body["kind"]))
    _check_subdomain(write)
    network_acls.check_account(write)
    assigned_identities.check(write)
    encryption.check_account(write)


def _check_restore(write: Write, deleted: DeletedAccount | None) -> None:
    wanted = write.properties.get("restore") is True
    if wanted and write.existing is not None:
        raise refuse.cannot_restore_active(write.existing.id)
    if wanted and deleted is None:
        raise refuse.cannot_restore_absent(write.id.text)
    if write.existing is None and deleted is not None and not wanted:
        raise refuse.flag_must_be_set_for_restore(deleted.account.id)


def _check_subdomain(write: Write) -> None:
    subdomain = write.properties.get("customSubDomainName")
    before = write.existing.properties.get("customSubDomainName") if write.existing is not None else None
    if before and (subdomain or "").lower() != before.lower():
        raise refuse.subdomain_immutable()
    if not subdomain:
        if (write.properties.get("networkAcls") or {}).get("defaultAction") == "Deny":
            raise refuse.network_rules_need_subdomain()
        return
    if _SUBDOMAIN.fullmatch(subdomain) is None:
        raise refuse.subdomain_invalid(subdomain)
    if not before and (is_foreign(subdomain) or subdomain_taken(write.cloud, subdomain, write.id.key)):
        raise refuse.subdomain_in_use(subdomain)


def subdomain_taken(cloud: Cloud, subdomain: str, by_other_than: str = "") -> bool:
    """Whether an account, soft-deleted ones too, has this subdomain; one account may be left out by its ID."""
    active = find_account_by_subdomain(cloud, subdomain)
    if active is not None and active.key != by_other_than:
        return True
    return any(
        str(deleted.account.properties.get("customSubDomainName", "")).lower() == subdomain.lower()
        and deleted.account.key != by_other_than
        for deleted in cloud.state.arm.deleted_accounts
    )


def _complete(write: Write) -> Body:
    deleted = find_deleted_account(write.cloud, write.id.key)
    if write.properties.get("restore") is True and deleted is not None:
        return copy.deepcopy(deleted.account.body)
    body = {name: value for name, value in write.body.items() if name != "properties"}
    properties = dict(write.properties)
    properties.pop("restore", None)
    properties.setdefault("publicNetworkAccess", "Enabled")
    if "networkAcls" in properties:
        rules = {"defaultAction": "Allow", "virtualNetworkRules": [], "ipRules": []}
        properties["networkAcls"] = rules | (properties["networkAcls"] or {})
    if write.existing is not None:
        identity = write.existing.body.get("identity")
        if identity is not None and "identity" not in body:
            body["identity"] = identity
    if (identity := assigned_identities.complete(write)) is not None:
        body["identity"] = identity
    return body | {"properties": properties}


def _stored(write: Write, account: Resource) -> None:
    """Takes a restored account out of the deleted ones, and gives identities their principals."""
    deleted = find_deleted_account(write.cloud, write.id.key)
    if deleted is not None:
        arm = write.cloud.state.arm
        arm.deleted_accounts.remove(deleted)
        account.created_at, account.facts = deleted.account.created_at, deleted.account.facts
        arm.resources.update({child.key: child for child in deleted.children})
    assigned_identities.stored(write, account)


def _moves(event: str, _: Resource) -> Move | None:
    return Move("Creating", CREATION, wait=CREATION) if event == "create" else None


def _deletes(call: Call, account: Resource) -> None:
    """An account goes with its deployments, which keep their quota until it is purged.

    Documented: only the portal wants deployments deleted first; the REST API does not, and the quota is held 48 hours
    (MicrosoftDocs azure-ai-docs, openai/how-to/quota.md, "Resource deletion"). CannotDeleteResource has been seen for
    projects only. That a restored account has its deployments again: memory.
    """
    if account.pending is not None:
        raise refuse.request_conflict(account.id)
    if projects := resources_of(call.cloud, PROJECTS, account.id):
        raise rai_errors.nested_resources([each.id.split("/providers/", 1)[1] for each in projects])


def account_view(cloud: Cloud, account: Resource) -> Body:
    """An account as it is answered, with what Azure observes of it."""
    body = copy.deepcopy(account.body)
    endpoint = endpoint_of(cloud, account)
    body["properties"] = {
        "endpoint": endpoint,
        "endpoints": {
            "OpenAI Language Model Instance API": endpoint,
            "OpenAI Model Scaleset API": endpoint,
            "Token Service API": endpoint,
        },
        "internalId": hashlib.sha256(account.key.encode()).hexdigest()[:32],
        "dateCreated": stamp(account.created_at),
        "callRateLimit": {
            "rules": [
                {
                    "key": "openai",
                    "renewalPeriod": 1,
                    "count": 30,
                    "matchPatterns": [{"path": "openai/*", "method": "*"}],
                }
            ]
        },
        "isMigrated": False,
        "privateEndpointConnections": connections_shown(cloud, account),
        "capabilities": [dict(each) for each in _CAPABILITIES],
    } | body.get("properties", {})
    return body


def endpoint_of(cloud: Cloud, account: Resource) -> str:
    """Where the data plane answers for an account: under its subdomain, or the region's own where it has none."""
    subdomain = account.properties.get("customSubDomainName")
    if subdomain:
        return f"{cloud.endpoints.main}/{str(subdomain).lower()}.openai.azure.com/"
    return f"{cloud.endpoints.main}/{normalised(account.location)}.api.cognitive.microsoft.com/"


# --- keys


def _list_keys(call: Call, account: Resource, _: Body) -> Answer:
    if account.properties.get("disableLocalAuth") is True:
        raise refuse.local_auth_disabled()
    key1, key2 = account_keys(call.cloud, account)
    return Answer(body={"key1": key1, "key2": key2})


def _regenerate_key(call: Call, account: Resource, body: Body) -> Answer:
    name = str(body.get("keyName", "")).lower()
    if account.properties.get("disableLocalAuth") is True or name not in ("key1", "key2"):
        raise refuse.local_auth_disabled() if name in ("key1", "key2") else refuse.key_name_invalid(name)
    turn_key(account, name)
    call.cloud.changed()
    return _list_keys(call, account, {})


def _check_domain(call: Call, body: Body) -> Answer:
    subdomain, type_ = str(body.get("subdomainName", "")), str(body.get("type", ""))
    taken = is_foreign(subdomain) or subdomain_taken(call.cloud, subdomain)
    free = _SUBDOMAIN.fullmatch(subdomain) is not None and not taken
    answer = {"isSubdomainAvailable": free, "subdomainName": subdomain, "type": type_}
    return Answer(body=answer if free else answer | {"reason": refuse.subdomain_in_use(subdomain).message})


COGNITIVE_ACCOUNTS = Descriptor(
    type=ACCOUNTS,
    api_versions=versions.COGNITIVE_SERVICES,
    members=frozenset({"location", "kind", "sku", "tags", "identity", "properties"}),
    patchable=frozenset({"kind", "sku", "tags", "identity", "properties", "location"}),
    locations=NAMES,
    read_only=(
        *(
            f"properties.{name}"
            for name in (
                "provisioningState",
                "endpoint",
                "endpoints",
                "internalId",
                "dateCreated",
                "capabilities",
                "callRateLimit",
                "isMigrated",
                "privateEndpointConnections",
                "deletionDate",
                "scheduledPurgeDate",
                "quotaLimit",
                "skuChangeInfo",
            )
        ),
        "identity.principalId",
        "identity.tenantId",
    ),
    check_name=_check_name,
    check=_check,
    complete=_complete,
    stored=_stored,
    moves=_moves,
    view=account_view,
    deletes=_deletes,
    lock=lambda identity: identity.key,
    shows=frozenset({"provisioningState", "systemData", "etag"}),
    actions={"listkeys": _list_keys, "regeneratekey": _regenerate_key},
)

SPECIALS = (
    Special(
        "POST",
        "microsoft.cognitiveservices/checkdomainavailability",
        versions.COGNITIVE_SERVICES,
        _check_domain,
        "Microsoft.CognitiveServices/checkDomainAvailability/action",
    ),
)
