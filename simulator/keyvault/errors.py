"""How Key Vault's data plane refuses: one function a behaviour.

Certainty, as each docstring has it: `specimen` (status, code and words were captured), `documented`, `memory` (nothing
was found; a guess).
"""

from __future__ import annotations

import json
from typing import Literal

from simulator.arm.models import Resource
from simulator.entra.models import Principal
from simulator.errors import JSON_UTF8, Refusal

RESOURCE = "https://vault.azure.net"


class VaultRefusal(Refusal):
    """Key Vault's envelope; what exactly was wrong stands in an inner code."""

    media_type = JSON_UTF8

    def __init__(self, status: int, code: str, message: str, *, inner: str = "", challenge: str = "") -> None:
        super().__init__(status, message, headers={"www-authenticate": challenge} if challenge else {})
        self.code = code
        self.inner = inner

    def body(self) -> bytes:
        error: dict[str, object] = {"code": self.code, "message": self.message}
        if self.inner:
            error["innererror"] = {"code": self.inner}
        return json.dumps({"error": error}, separators=(",", ":"), ensure_ascii=False).encode()


def no_such_vault(name: str) -> VaultRefusal:
    """Not Azure's: there the vault is a host name, which can't be resolved. 501, which clients don't try again."""
    return VaultRefusal(
        501, "NotSimulated", f"No key vault '{name}' was created in the simulated Azure (in Azure: no such host)."
    )


# --- who asks

TokenFault = Literal["missing", "garbage", "audience", "expired", "early", "tenant"]

_SAID: dict[TokenFault, str] = {
    "missing": "AKV10000: Request is missing a Bearer or PoP token.",
    "audience": f"AKV10022: Invalid audience. Expected {RESOURCE}, found: {{}}.",
    "tenant": "AKV10032: Invalid issuer. Found {}.",
    "expired": "AKV10024: The token has expired.",
    "early": "AKV10024: The token is not yet valid.",
    "garbage": "AKV10046: Unable to resolve the key used for signature validation.",
}


def unauthorized(fault: TokenFault, detail: str, tenant_id: str, authority: str) -> VaultRefusal:
    """A challenge. Without a token: specimen (Azure/azure-cli, test_keyvault_key_rotation.yaml); with one that isn't
    accepted the words are memory."""
    more = "" if fault == "missing" else ', error="invalid_token"'
    challenge = f'Bearer authorization="{authority}/{tenant_id}", resource="{RESOURCE}"{more}'
    return VaultRefusal(401, "Unauthorized", _SAID[fault].format(detail), challenge=challenge)


# --- whether they may


def public_access_off(vault: Resource, caller: str) -> VaultRefusal:
    """Public network access is off, and no private endpoint is used: documented (Microsoft Learn,
    key-vault/general/private-link-diagnostics); words memory."""
    return VaultRefusal(
        403,
        "Forbidden",
        "Public network access is disabled and request is not from a trusted service nor via an approved private link."
        f"\r\nCaller: {caller}\r\n{_place(vault)}",
        inner="ForbiddenByConnection",
    )


def firewall(vault: Resource, caller: str, address: str) -> VaultRefusal:
    """Network rules deny: documented (Microsoft Learn, key-vault/general/common-error-codes); words memory."""
    return VaultRefusal(
        403,
        "Forbidden",
        "Client address is not authorized and caller is not a trusted service.\r\n"
        f"Client address: {address}\r\nCaller: {caller}\r\n{_place(vault)}",
        inner="ForbiddenByFirewall",
    )


def forbidden_by_rbac(vault: Resource, caller: str, action: str, scope: str) -> VaultRefusal:
    """No role with the data action: specimen (hashicorp/terraform-provider-azurerm#27817)."""
    return VaultRefusal(
        403,
        "Forbidden",
        "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role "
        "definitions were changed recently, please observe propagation time.\r\n"
        f"Caller: {caller}\r\nAction: '{action}'\r\nResource: '{scope.lower()}'\r\nAssignment: (not found)\r\n"
        f"DenyAssignmentId: null\r\nDecisionReason: null \r\n{_place(vault)}\r\n",
        inner="ForbiddenByRbac",
    )


def forbidden_by_policy(vault: Resource, caller: str, action: str) -> VaultRefusal:
    """No access policy with the permission: documented (Microsoft Learn, common-error-codes); words memory."""
    return VaultRefusal(
        403,
        "Forbidden",
        f"The caller does not have the permission for '{action}' on key vault '{vault.name}'.\r\n"
        f"Caller: {caller}\r\n{_place(vault)}",
        inner="AccessDenied",
    )


def caller_of(principal: Principal, tenant_id: str) -> str:
    """The caller as these refusals name it."""
    return f"appid={principal.client_id};oid={principal.object_id};iss=https://sts.windows.net/{tenant_id}/"


def _place(vault: Resource) -> str:
    return f"Vault: {vault.name};location={vault.location}"


# --- what is asked


def bad_parameter(why: str) -> VaultRefusal:
    """api-version missing, a body that can't be read, a policy out of its limits: code documented, words memory."""
    return VaultRefusal(400, "BadParameter", why)


def key_not_found(name: str) -> VaultRefusal:
    """No such key, or version: the code is documented (Microsoft Learn, common-error-codes); words memory."""
    return VaultRefusal(
        404,
        "KeyNotFound",
        f"A key with (name/id) {name} was not found in this key vault. If you recently deleted this key you may be "
        "able to recover it using the correct recovery command. For help resolving this issue, please see "
        "https://go.microsoft.com/fwlink/?linkid=2125182",
    )


def purge_forbidden(vault: Resource) -> VaultRefusal:
    """A key under purge protection: the words are seen (microsoft/AzureTRE#1760), status and code are memory."""
    return VaultRefusal(
        403,
        "Forbidden",
        'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will '
        f"automatically purge it after the retention period has passed.\r\n{_place(vault)}",
        inner="ForbiddenByPolicy",
    )
