"""How Storage refuses before a blob is looked at: one function a behaviour, with where its words were seen.

Certainty, as each docstring has it: `specimen` (status, code and words were captured), `documented`, `memory` (nothing
was found; a guess). What concerns blobs and containers themselves is refused by Azurite, in its own words.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Literal
from xml.sax.saxutils import escape

from simulator.errors import BlobRefusal

RESOURCE = "https://storage.azure.com"

FORMED = (
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly "
    "including the signature."
)
CHALLENGED = (
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header."
)


class StorageRefusal(BlobRefusal):
    """Storage's envelope: request ID and time are lines of the message, a detail of authentication is an element."""

    def __init__(self, status: int, code: str, message: str, *, detail: str = "", challenge: str = "") -> None:
        request_id = str(uuid.uuid4())
        # Seven digits of a second, as .NET writes them.
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
        super().__init__(
            status,
            code,
            f"{message}\nRequestId:{request_id}\nTime:{now}",
            headers={"x-ms-request-id": request_id} | ({"www-authenticate": challenge} if challenge else {}),
        )
        self.detail = detail

    def body(self) -> bytes:
        plain = super().body()
        if not self.detail:
            return plain
        element = f"<AuthenticationErrorDetail>{escape(self.detail)}</AuthenticationErrorDetail>"
        return plain.replace(b"</Error>", element.encode() + b"</Error>")


# --- the account


def no_such_account(name: str) -> StorageRefusal:
    """Not Azure's: there the account is a host name, and an unknown one can't be resolved.

    501 and not 404, so that it is neither taken for a missing container or blob nor tried again by Storage's clients.
    """
    return StorageRefusal(
        501, "NotSimulated", f"No storage account '{name}' was created in the simulated Azure (in Azure: no such host)."
    )


def without_azurite() -> StorageRefusal:
    """Not Azure's: the simulator was started without Azurite. 501, which clients don't try again."""
    return StorageRefusal(501, "NotSimulated", "The simulator was started without Azurite: it keeps no blobs.")


def not_simulated(what: str) -> StorageRefusal:
    """Not Azure's: an operation that neither the simulator nor Azurite knows."""
    return StorageRefusal(501, "NotSimulated", f"The simulated Azure has no blob operation for {what}.")


def network_closed() -> StorageRefusal:
    """Public network access is off, or the network rules deny: specimen (AzureStorageExplorer#9150, 246 bytes)."""
    return StorageRefusal(403, "AuthorizationFailure", "This request is not authorized to perform this operation.")


def key_lost() -> StorageRefusal:
    """The customer-managed key is gone, disabled or forbidden. Documented (Microsoft Learn, blob service error codes);
    the words are in microsoft/healthcare-shared-components' tests."""
    return StorageRefusal(
        403, "KeyVaultEncryptionKeyNotFound", "The key vault key is not found to unwrap the encryption key."
    )


# --- who asks


def anonymous_not_permitted() -> StorageRefusal:
    """No credential, and the account permits no public access: specimen (microsoft/COMPASS#3, blobfile#139: 409)."""
    return StorageRefusal(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.")


def anonymous_not_found() -> StorageRefusal:
    """No credential, no public container, a version before 2019-12-12: documented by azure-sdk-for-net's tests."""
    return StorageRefusal(404, "ResourceNotFound", "The specified resource does not exist.")


def no_credential(tenant_id: str, authority: str) -> StorageRefusal:
    """No credential, no public container, 2019-12-12 and later: 401 with a challenge.

    Code and versions: azure-sdk-for-net's tests; words: specimen (AzureStorageExplorer#5235); header: AzureStor#119.
    """
    return StorageRefusal(401, "NoAuthenticationInformation", CHALLENGED, challenge=_challenge(tenant_id, authority))


TokenFault = Literal["missing", "garbage", "audience", "expired", "early", "tenant"]

_DETAILS: dict[TokenFault, str] = {
    "audience": "Audience validation failed. Audience did not match.",
    "expired": "Lifetime validation failed. The token is expired.",
    "early": "Lifetime validation failed. The token is not yet valid.",
    "tenant": "Issuer validation failed. Issuer did not match.",
    "garbage": "Signature validation failed. Signature verification failed.",
    "missing": "Authentication scheme Bearer is not supported.",
}


def token_refused(fault: TokenFault, tenant_id: str, authority: str) -> StorageRefusal:
    """A bearer token that isn't accepted: 401 with a challenge and a detail.

    audience: specimen (AzureStor#119). expired, tenant: details are specimens of 2018 to 2020, when the answer was 403
    AuthenticationFailed (azure-sdk-for-java#8667, azure-docs#11564); that they come in the newer answer is memory.
    garbage, missing, early: memory.
    """
    challenge = _challenge(tenant_id, authority)
    return StorageRefusal(401, "InvalidAuthenticationInfo", CHALLENGED, detail=_DETAILS[fault], challenge=challenge)


def _challenge(tenant_id: str, authority: str) -> str:
    return f"Bearer authorization_uri={authority}/{tenant_id}/oauth2/authorize resource_id={RESOURCE}"


def malformed_authorization() -> StorageRefusal:
    """An Authorization header of another scheme: documented (Common REST API error codes); words of 2019, memory."""
    return StorageRefusal(
        400,
        "InvalidAuthenticationInfo",
        "Authentication information is not given in the correct format. Check the value of Authorization header.",
    )


def key_not_permitted() -> StorageRefusal:
    """Shared key, or a SAS signed with it, where allowSharedKeyAccess is false: specimen (AI-Landing-Zones#64)."""
    return StorageRefusal(
        403, "KeyBasedAuthenticationNotPermitted", "Key based authentication is not permitted on this storage account."
    )


def signature_refused(detail: str = "") -> StorageRefusal:
    """A signature that doesn't fit: specimen (AzureStorageExplorer#3163), with its detail for a SAS out of its time."""
    return StorageRefusal(403, "AuthenticationFailed", FORMED, detail=detail)


# --- whether they may


def permission_mismatch() -> StorageRefusal:
    """No role that grants it, or a SAS without the permission: specimen (AzureStorageExplorer#3767, 279 bytes)."""
    return StorageRefusal(
        403,
        "AuthorizationPermissionMismatch",
        "This request is not authorized to perform this operation using this permission.",
    )


# --- the simulator's own troubles


def unusable(why: str) -> StorageRefusal:
    """Not Azure's: Azurite is missing or broken. 501, which clients don't try again, with what to do."""
    return StorageRefusal(501, "NotSimulated", why)


def lost(why: str) -> StorageRefusal:
    """Not Azure's: Azurite broke off. 500, which clients try again, as they would Azure's own InternalError."""
    return StorageRefusal(500, "InternalError", f"The connection to Azurite failed: {why}")
