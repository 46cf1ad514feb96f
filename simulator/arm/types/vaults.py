"""Microsoft.KeyVault/vaults. What is in them is read through simulator/keyvault, but for keys, which ARM can make.

The answer's form and its defaults: Azure/azure-cli's recordings test_keyvault_softdelete.yaml and
test_keyvault_public_network_access.yaml. There a new vault is `RegisteringDns` for some seconds, without an operation
to ask for; here it stands at once.
"""

from __future__ import annotations

import copy
import re

from simulator.arm import key_vault_errors as refuse
from simulator.arm import network_acls, soft_delete, versions
from simulator.arm.descriptors import Answer, Body, Call, Descriptor, Special, Write
from simulator.arm.models import VAULTS, Resource, SoftDeleted, find_vault
from simulator.arm.names import is_foreign
from simulator.arm.private_links import connections_shown
from simulator.arm.regions import NAMES, normalised
from simulator.cloud import Cloud
from simulator.keyvault.models import vault_uri

RETENTION = 90
"""Days, where the caller says nothing."""
RBAC_BY_DEFAULT = "2026-02-01"
"""The api-version from which on a new vault has Azure RBAC where nothing is said (Learn, access-behavior-default)."""

_NAME = re.compile(r"(?=.{3,24}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*")
_CHOICES = {
    "publicNetworkAccess": ("enabled", "disabled", "securedbyperimeter"),
    "createMode": ("default", "recover"),
}
_RULES = {"bypass": ("azureservices", "none"), "defaultAction": ("allow", "deny")}


def find_deleted_vault(cloud: Cloud, name: str) -> SoftDeleted | None:
    """The soft-deleted vault of that name, wherever it was."""
    kept = soft_delete.kept(cloud.state.arm, VAULTS)
    return next((each for each in kept if each.resource.name.lower() == name.lower()), None)


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise refuse.vault_name_invalid(name)


def _check(write: Write) -> None:
    if write.existing is None:
        _check_place(write)
        if _recovers(write):
            return
    sent = write.properties
    if str(sent.get("tenantId", "")).lower() != write.cloud.tenant_id:
        raise refuse.vault_value_invalid("tenantId")
    sku = sent.get("sku") or {}
    if str(sku.get("family")).upper() != "A" or str(sku.get("name")).lower() not in ("standard", "premium"):
        raise refuse.vault_value_invalid("sku")
    for name, allowed in _CHOICES.items():
        if str(sent.get(name) or allowed[0]).lower() not in allowed:
            raise refuse.vault_value_invalid(name)
    for name, allowed in _RULES.items():
        if str((sent.get("networkAcls") or {}).get(name) or allowed[0]).lower() not in allowed:
            raise refuse.vault_value_invalid(f"networkAcls.{name}")
    network_acls.check_vault(write)
    _check_irrevocable(write)
    if not _rbac(write) and sent.get("accessPolicies") is None:
        raise refuse.access_policies_missing()


def _check_place(write: Write) -> None:
    """The name is the whole world's, and a deleted vault keeps it."""
    name = write.id.name
    if find_vault(write.cloud, name) is not None or is_foreign(name):
        raise refuse.vault_name_taken(name)
    deleted = find_deleted_vault(write.cloud, name)
    if deleted is None and _recovers(write):
        raise refuse.nothing_to_recover()
    if deleted is not None and (not _recovers(write) or deleted.resource.key != write.id.key):
        raise refuse.vault_soft_deleted()


def _check_irrevocable(write: Write) -> None:
    sent = write.properties
    if sent.get("enablePurgeProtection") is False:
        raise refuse.purge_protection_stays()
    if sent.get("enableSoftDelete") is False:
        raise refuse.soft_delete_stays()
    days = sent.get("softDeleteRetentionInDays")
    if days is None:
        return
    if not isinstance(days, int) or not 7 <= days <= 90:
        raise refuse.vault_value_invalid("softDeleteRetentionInDays")
    if write.existing is not None and days != write.existing.properties["softDeleteRetentionInDays"]:
        raise refuse.retention_stays()


def _recovers(write: Write) -> bool:
    return str(write.properties.get("createMode")).lower() == "recover"


def _rbac(write: Write) -> bool:
    said = write.properties.get("enableRbacAuthorization")
    if isinstance(said, bool):
        return said
    if write.existing is not None:
        return write.existing.properties.get("enableRbacAuthorization") is True
    return write.api_version >= RBAC_BY_DEFAULT


def _complete(write: Write) -> Body:
    deleted = find_deleted_vault(write.cloud, write.id.name)
    if write.existing is None and deleted is not None:
        return copy.deepcopy(deleted.resource.body)
    before = write.existing.properties if write.existing is not None else {}
    properties = {
        "accessPolicies": [],
        "enabledForDeployment": False,
        "publicNetworkAccess": "Enabled",
        **write.properties,
        "enableSoftDelete": True,
        "enableRbacAuthorization": _rbac(write),
    }
    # What can't be undone stays where a caller leaves it out.
    kept = {"softDeleteRetentionInDays": RETENTION} | before
    for name in ("softDeleteRetentionInDays", "enablePurgeProtection"):
        if properties.get(name) is None:
            properties[name] = kept.get(name)
    properties.pop("createMode", None)
    shown = {name: value for name, value in properties.items() if value is not None}
    return {"location": normalised(str(write.body["location"])), "tags": write.body.get("tags") or {}} | {
        "properties": shown
    }


def _stored(write: Write, vault: Resource) -> None:
    """A recovered vault has its keys again; role assignments are gone (Microsoft Learn, key-vault-recovery)."""
    deleted = find_deleted_vault(write.cloud, vault.name)
    if deleted is None:
        return
    vault.created_at, vault.facts = deleted.resource.created_at, deleted.resource.facts
    soft_delete.recover(write.cloud.state.arm, deleted)


def _view(cloud: Cloud, vault: Resource) -> Body:
    body = copy.deepcopy(vault.body)
    body["properties"]["vaultUri"] = vault_uri(cloud, vault)
    if connections := connections_shown(cloud, vault):
        # In a vault they have neither name nor type (azure-rest-api-specs, PrivateEndpointConnectionItem).
        shown = [{"id": each["id"], "properties": each["properties"]} for each in connections]
        body["properties"]["privateEndpointConnections"] = shown
    return body


def _check_availability(call: Call, body: Body) -> Answer:
    name = str(body.get("name", ""))
    if _NAME.fullmatch(name) is None:
        invalid = refuse.vault_name_invalid(name)
        return Answer(body={"nameAvailable": False, "reason": "AccountNameInvalid", "message": invalid.message})
    known = find_vault(call.cloud, name) is not None or find_deleted_vault(call.cloud, name) is not None
    if known or is_foreign(name):
        taken = refuse.vault_name_taken(name)
        return Answer(body={"nameAvailable": False, "reason": "AlreadyExists", "message": taken.message})
    return Answer(body={"nameAvailable": True})


KEY_VAULTS = Descriptor(
    type=VAULTS,
    api_versions=versions.KEY_VAULT,
    members=frozenset({"location", "tags", "properties"}),
    patchable=frozenset({"tags", "properties"}),
    locations=NAMES,
    read_only=tuple(
        f"properties.{name}"
        for name in ("vaultUri", "provisioningState", "hsmPoolResourceId", "privateEndpointConnections")
    ),
    check_name=_check_name,
    check=_check,
    complete=_complete,
    stored=_stored,
    view=_view,
    shows=frozenset({"provisioningState", "systemData"}),
    answers_create=200,
)

SPECIALS = (
    Special(
        "POST",
        "microsoft.keyvault/checknameavailability",
        versions.KEY_VAULT,
        _check_availability,
        "Microsoft.KeyVault/checkNameAvailability/read",
    ),
)
