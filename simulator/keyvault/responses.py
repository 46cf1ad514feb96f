"""The wire form of keys, as recorded in Azure/azure-cli's test_keyvault_key_rotation.yaml and test_keyvault_key.yaml.

A key's ID (`kid`) is the address it would have in Azure: Microsoft's client takes IDs apart by the segments of their
path, and here the vault's name is one of them.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.arm.models import VAULT_KEYS, Resource, resources_of
from simulator.errors import NotSimulated
from simulator.keyvault import access, deleted, errors
from simulator.keyvault.gate import Entry, enter
from simulator.keyvault.models import HOST, KeyVersion, VaultKey, find_key, public_half, read_key, write_key
from simulator.keyvault.rotation import RotationPolicy, policy_body, read_policy

FULL_RETENTION = 90


async def list_keys(request: Request) -> Response:
    entry = enter(request, access.READ)
    found = resources_of(entry.cloud, VAULT_KEYS, entry.vault.key)
    return _reply(entry, {"value": [_listed(entry, each) for each in found], "nextLink": None})


async def get_key(request: Request) -> Response:
    """A version, or the current one."""
    entry = enter(request, access.READ)
    resource = _key(entry)
    key = read_key(entry.cloud, resource)
    return _reply(entry, _bundle(entry, resource, key, _version(entry, key)))


async def list_versions(request: Request) -> Response:
    entry = enter(request, access.READ)
    resource = _key(entry)
    key = read_key(entry.cloud, resource)
    value = [_item(entry, resource, each, f"/{each.id}") for each in key.versions]
    return _reply(entry, {"value": value, "nextLink": None})


async def update_key(request: Request) -> Response:
    """Whether a version may be used, and from when to when."""
    entry = enter(request, access.UPDATE)
    resource = _key(entry)
    key = read_key(entry.cloud, resource)
    version = _version(entry, key)
    sent = (await _body(request)).get("attributes") or {}
    version.enabled = sent.get("enabled", version.enabled) is not False
    version.not_before, version.expires = sent.get("nbf", version.not_before), sent.get("exp", version.expires)
    version.updated = entry.cloud.clock.timestamp()
    write_key(entry.cloud, resource, key)
    return _reply(entry, _bundle(entry, resource, key, version))


async def rotate(request: Request) -> Response:
    entry = enter(request, access.ROTATE)
    resource = _key(entry)
    key = read_key(entry.cloud, resource)
    version = key.add_version(resource.key, entry.cloud.clock.timestamp())
    write_key(entry.cloud, resource, key)
    return _reply(entry, _bundle(entry, resource, key, version))


# --- rotation policies


async def get_policy(request: Request) -> Response:
    entry = enter(request, access.READ_POLICY)
    resource = _key(entry)
    return _reply(entry, _policy_shown(entry, resource, read_key(entry.cloud, resource).policy or RotationPolicy()))


async def set_policy(request: Request) -> Response:
    """It counts for the versions to come; the current one is rotated by it too."""
    entry = enter(request, access.WRITE_POLICY)
    resource = _key(entry)
    key = read_key(entry.cloud, resource)
    try:
        policy = read_policy(await _body(request))
    except ValueError as fault:
        raise errors.bad_parameter(f"The rotation policy is invalid: {fault}.") from fault
    now = entry.cloud.clock.timestamp()
    policy.created = (key.policy.created if key.policy is not None else None) or now
    policy.updated = now
    key.policy = policy
    write_key(entry.cloud, resource, key)
    return _reply(entry, _policy_shown(entry, resource, policy))


def _policy_shown(entry: Entry, resource: Resource, policy: RotationPolicy) -> dict[str, Any]:
    return {"id": f"{_kid(entry, resource)}/rotationpolicy"} | policy_body(policy)


# --- deleted keys


async def delete_key(request: Request) -> Response:
    entry = enter(request, access.DELETE)
    gone = deleted.delete(entry.cloud, entry.vault, _key(entry))
    return _reply(entry, _deleted_shown(entry, gone))


async def list_deleted(request: Request) -> Response:
    entry = enter(request, access.READ)
    found = deleted.deleted_keys(entry.cloud, entry.vault)
    value = [_item(entry, each.key, read_key(entry.cloud, each.key).current, "") | _when(entry, each) for each in found]
    return _reply(entry, {"value": value, "nextLink": None})


async def get_deleted(request: Request) -> Response:
    entry = enter(request, access.READ)
    return _reply(entry, _deleted_shown(entry, _deleted(entry)))


async def recover_key(request: Request) -> Response:
    entry = enter(request, access.RECOVER)
    resource = deleted.recover(entry.cloud, entry.vault, _deleted(entry))
    key = read_key(entry.cloud, resource)
    return _reply(entry, _bundle(entry, resource, key, key.current))


async def purge_key(request: Request) -> Response:
    entry = enter(request, access.PURGE)
    gone = _deleted(entry)
    if entry.vault.properties.get("enablePurgeProtection") is True:
        raise errors.purge_forbidden(entry.vault)
    deleted.purge(entry.cloud, entry.vault, gone)
    return Response(status_code=204)


async def not_simulated(request: Request) -> Response:
    """Making keys, and everything done with one: encrypting, wrapping, signing, backups. Secrets and certificates."""
    enter(request, access.READ)
    raise NotSimulated(request.method, request.url.path)


def _deleted(entry: Entry) -> deleted.DeletedKey:
    name = entry.request.path_params["name"]
    found = deleted.find_deleted(entry.cloud, entry.vault, name)
    if found is None:
        raise errors.key_not_found(name)
    return found


def _deleted_shown(entry: Entry, gone: deleted.DeletedKey) -> dict[str, Any]:
    key = read_key(entry.cloud, gone.key)
    return _bundle(entry, gone.key, key, key.current) | _when(entry, gone)


def _when(entry: Entry, gone: deleted.DeletedKey) -> dict[str, Any]:
    where = f"https://{entry.vault.name.lower()}{HOST}/deletedkeys/{gone.key.name}"
    return {"recoveryId": where, "deletedDate": gone.deleted, "scheduledPurgeDate": gone.purged}


# --- forms


def _key(entry: Entry) -> Resource:
    name = entry.request.path_params["name"]
    found = find_key(entry.cloud, entry.vault, name)
    if found is None:
        raise errors.key_not_found(name)
    return found


def _version(entry: Entry, key: VaultKey) -> KeyVersion:
    wanted = entry.request.path_params.get("version", "")
    version = key.version(wanted)
    if version is None:
        raise errors.key_not_found(f"{entry.request.path_params['name']}/{wanted}")
    return version


def _bundle(entry: Entry, resource: Resource, key: VaultKey, version: KeyVersion) -> dict[str, Any]:
    web_key = {
        "kid": f"{_kid(entry, resource)}/{version.id}",
        "kty": key.kty,
        "key_ops": list(key.operations),
    } | public_half(entry.cloud, resource, key, version)
    return {"key": web_key, "attributes": _attributes(entry, version)} | _tags(resource)


def _listed(entry: Entry, resource: Resource) -> dict[str, Any]:
    return _item(entry, resource, read_key(entry.cloud, resource).current, "")


def _item(entry: Entry, resource: Resource, version: KeyVersion, ending: str) -> dict[str, Any]:
    return {"kid": f"{_kid(entry, resource)}{ending}", "attributes": _attributes(entry, version)} | _tags(resource)


def _attributes(entry: Entry, version: KeyVersion) -> dict[str, Any]:
    days = int(entry.vault.properties["softDeleteRetentionInDays"])
    level = "Recoverable" if days == FULL_RETENTION else "CustomizedRecoverable"
    if entry.vault.properties.get("enablePurgeProtection") is not True:
        level += "+Purgeable"
    attributes = {
        "enabled": version.enabled,
        "nbf": version.not_before,
        "exp": version.expires,
        "created": version.created,
        "updated": version.updated,
        "recoveryLevel": level,
        "recoverableDays": days,
        "exportable": False,
        "hsmPlatform": "0",
    }
    return {name: value for name, value in attributes.items() if value is not None}


def _tags(resource: Resource) -> dict[str, Any]:
    tags = resource.body.get("tags")
    return {"tags": tags} if tags else {}


def _kid(entry: Entry, resource: Resource) -> str:
    return f"https://{entry.vault.name.lower()}{HOST}/keys/{resource.name}"


async def _body(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.body() or b"{}")
    except ValueError as fault:
        raise errors.bad_parameter("The request body is no JSON.") from fault
    if not isinstance(found, dict):
        raise errors.bad_parameter("The request body is no JSON object.")
    return found


def _reply(entry: Entry, body: dict[str, Any]) -> Response:
    headers = {"cache-control": "no-cache", "pragma": "no-cache", "x-ms-keyvault-region": entry.vault.location}
    return JSONResponse(body, headers=headers)
