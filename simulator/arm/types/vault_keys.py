"""Microsoft.KeyVault/vaults/keys: a key's first version can be made through ARM, and nothing else.

A PUT on a key that is there returns it and changes nothing; there is no PATCH and no DELETE (azure-rest-api-specs,
Microsoft.KeyVault keys.json). Changing, rotating and deleting are the data plane's (simulator/keyvault).
"""

from __future__ import annotations

import re
from typing import Any

from simulator.arm import errors, versions
from simulator.arm import key_vault_errors as refuse
from simulator.arm.descriptors import Answer, Body, Call, Descriptor, Special, Write
from simulator.arm.ids import ResourceId
from simulator.arm.models import VAULT_KEYS, Resource, find
from simulator.cloud import Cloud
from simulator.keyvault.deleted import name_is_kept
from simulator.keyvault.models import (
    CURVES,
    OPERATIONS,
    SIZES,
    KeyVersion,
    VaultKey,
    read_key,
    vault_uri,
    write_key,
)
from simulator.keyvault.rotation import RotationPolicy, policy_body, read_policy

_NAME = re.compile(r"[a-zA-Z0-9-]{1,127}")
_KTYS = ("RSA", "RSA-HSM", "EC", "EC-HSM")
_OPS = ("encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey", "import", "release")


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise refuse.key_invalid("name", f"'{name}' must have 1 to 127 letters, digits or dashes")


def _check(write: Write) -> None:
    if write.existing is not None:
        return
    if name_is_kept(write.cloud, write.id.names[0], write.id.name):
        raise refuse.key_name_kept(write.id.name)
    sent = write.properties
    kty = sent.get("kty")
    if kty not in _KTYS:
        raise refuse.key_invalid("kty", f"'{kty}' is none of {', '.join(_KTYS)}")
    if str(kty).endswith("-HSM") and not _premium(write):
        raise refuse.key_invalid("kty", f"'{kty}' needs a vault with the SKU premium")
    if str(kty).startswith("RSA") and sent.get("keySize", 2048) not in SIZES:
        raise refuse.key_invalid("keySize", f"'{sent.get('keySize')}' is none of {', '.join(map(str, SIZES))}")
    if str(kty).startswith("EC") and sent.get("curveName", "P-256") not in CURVES:
        raise refuse.key_invalid("curveName", f"'{sent.get('curveName')}' is none of {', '.join(CURVES)}")
    for operation in sent.get("keyOps") or ():
        if operation not in _OPS:
            raise refuse.key_invalid("keyOps", f"'{operation}' is none of {', '.join(_OPS)}")
    _policy(sent.get("rotationPolicy"))


def _premium(write: Write) -> bool:
    vault = find(write.cloud, write.id.parent.text) if write.id.parent is not None else None
    return vault is not None and str(vault.properties["sku"]["name"]).lower() == "premium"


def _policy(sent: Any) -> RotationPolicy | None:
    if not isinstance(sent, dict):
        return None
    try:
        return read_policy(sent)
    except ValueError as fault:
        raise refuse.key_invalid("rotationPolicy", str(fault)) from fault


def _stored(write: Write, resource: Resource) -> None:
    if write.existing is not None:
        return
    sent, now = write.properties, write.cloud.clock.timestamp()
    kty = str(sent["kty"])
    rsa = kty.startswith("RSA")
    policy = _policy(sent.get("rotationPolicy"))
    if policy is not None:
        policy.created = policy.updated = now
    key = VaultKey(
        kty=kty,
        size=sent.get("keySize", 2048) if rsa else None,
        curve=None if rsa else sent.get("curveName", "P-256"),
        operations=list(sent.get("keyOps") or OPERATIONS[kty.removesuffix("-HSM")]),
        policy=policy,
    )
    first = key.add_version(resource.key, now)
    attributes = sent.get("attributes") or {}
    first.enabled = attributes.get("enabled") is not False
    first.not_before, first.expires = attributes.get("nbf"), attributes.get("exp", first.expires)
    write_key(write.cloud, resource, key)


def _view(cloud: Cloud, resource: Resource) -> Body:
    key = read_key(cloud, resource)
    return _shown(cloud, resource, key, key.current)


def _shown(cloud: Cloud, resource: Resource, key: VaultKey, version: KeyVersion) -> Body:
    vault = cloud.state.arm.resources[resource.key.rsplit("/keys/", 1)[0]]
    uri = f"{vault_uri(cloud, vault)}keys/{resource.name}"
    attributes = {
        "enabled": version.enabled,
        "nbf": version.not_before,
        "exp": version.expires,
        "created": version.created,
        "updated": version.updated,
        "recoveryLevel": "Recoverable" if vault.properties.get("enablePurgeProtection") else "Recoverable+Purgeable",
        "exportable": False,
    }
    properties = {
        "attributes": {name: value for name, value in attributes.items() if value is not None},
        "kty": key.kty,
        "keyOps": list(key.operations),
        "keySize": key.size,
        "curveName": key.curve,
        "keyUri": uri,
        "keyUriWithVersion": f"{uri}/{version.id}",
        "rotationPolicy": _policy_shown(key.policy),
    }
    return {
        "location": vault.location,
        "tags": resource.body.get("tags") or {},
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def _policy_shown(policy: RotationPolicy | None) -> Body | None:
    """ARM has the names of the actions in lower case."""
    if policy is None:
        return None
    body = policy_body(policy)
    for each in body["lifetimeActions"]:
        each["action"]["type"] = each["action"]["type"].lower()
    return body


KEYS = Descriptor(
    type=VAULT_KEYS,
    api_versions=versions.KEY_VAULT,
    members=frozenset({"tags", "properties"}),
    check_name=_check_name,
    check=_check,
    complete=lambda write: (
        write.existing.body if write.existing is not None else {"tags": write.body.get("tags") or {}, "properties": {}}
    ),
    stored=_stored,
    view=_view,
    deletes=None,
    shows=frozenset(),
    answers_create=200,
)


# --- versions


def _resource(call: Call) -> Resource:
    """The key that a path below it is of."""
    key = ResourceId(call.id.scope, call.id.namespace, call.id.types[:2], call.id.names[:2])
    found = find(call.cloud, key.text)
    if found is None:
        raise errors.resource_not_found(key)
    return found


def _version_shown(call: Call, resource: Resource, key: VaultKey, version: KeyVersion) -> Body:
    return {
        "id": f"{resource.id}/versions/{version.id}",
        "name": version.id,
        "type": f"{VAULT_KEYS}/versions",
    } | _shown(call.cloud, resource, key, version)


def _list_versions(call: Call, _: Body) -> Answer:
    resource = _resource(call)
    key = read_key(call.cloud, resource)
    return Answer(body=[_version_shown(call, resource, key, each) for each in key.versions])


def _get_version(call: Call, _: Body) -> Answer:
    resource = _resource(call)
    key = read_key(call.cloud, resource)
    version = key.version(call.id.name)
    if version is None:
        raise refuse.key_version_not_found(resource.name, call.id.name)
    return Answer(body=_version_shown(call, resource, key, version))


def _above(identity: ResourceId) -> str:
    return identity.bare.text


_VERSIONS = "microsoft.keyvault/vaults/*/keys/*/versions"
_READ = "Microsoft.KeyVault/vaults/keys/versions/read"

SPECIALS = (
    Special("GET", _VERSIONS, versions.KEY_VAULT, _list_versions, _READ, _above),
    Special("GET", f"{_VERSIONS}/*", versions.KEY_VAULT, _get_version, _READ, _above),
)
