"""What a blob request asks for, with which credential, and which of Azure's actions it needs. No HTTP framework here.

The actions are those of Microsoft's page "Permissions for blob service operations" (Authorize with Microsoft Entra ID),
written down from memory; those of the built-in roles agree with it (azadvertizer.net, Storage Blob Data Contributor).
Operations on containers, and the user delegation key, are actions of the control plane even when asked for here; what
touches blobs is a data action.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote

_SERVICE = "Microsoft.Storage/storageAccounts/blobServices"
_CONTAINERS = f"{_SERVICE}/containers"
_BLOBS = f"{_CONTAINERS}/blobs"


@dataclass(frozen=True)
class Need:
    """An action that a role must grant; `data` where it is a data action."""

    action: str
    data: bool = False


SERVICE_READ = Need(f"{_SERVICE}/read")
SERVICE_WRITE = Need(f"{_SERVICE}/write")
ACCOUNT_READ = Need(f"{_SERVICE}/getInfo/action")
DELEGATION_KEY = Need(f"{_SERVICE}/generateUserDelegationKey/action")
CONTAINER_READ = Need(f"{_CONTAINERS}/read")
CONTAINER_WRITE = Need(f"{_CONTAINERS}/write")
CONTAINER_DELETE = Need(f"{_CONTAINERS}/delete")
CONTAINER_GET_ACL = Need(f"{_CONTAINERS}/getAcl/action")
CONTAINER_SET_ACL = Need(f"{_CONTAINERS}/setAcl/action")
BLOB_READ = Need(f"{_BLOBS}/read", data=True)
BLOB_WRITE = Need(f"{_BLOBS}/write", data=True)
BLOB_DELETE = Need(f"{_BLOBS}/delete", data=True)
BLOB_FILTER = Need(f"{_BLOBS}/filter/action", data=True)
TAGS_READ = Need(f"{_BLOBS}/tags/read", data=True)
TAGS_WRITE = Need(f"{_BLOBS}/tags/write", data=True)

# Keyed by method and `restype` or `comp`, whichever says more. HEAD asks for what GET asks for.
_OF_SERVICE: Mapping[tuple[str, str], Need] = {
    ("GET", "list"): CONTAINER_READ,
    ("GET", "properties"): SERVICE_READ,
    ("PUT", "properties"): SERVICE_WRITE,
    ("GET", "stats"): SERVICE_READ,
    ("GET", "account"): ACCOUNT_READ,
    ("GET", "blobs"): BLOB_FILTER,
    ("POST", "userdelegationkey"): DELEGATION_KEY,
}
_OF_CONTAINER: Mapping[tuple[str, str], Need] = {
    ("PUT", "container"): CONTAINER_WRITE,
    ("GET", "container"): CONTAINER_READ,
    ("DELETE", "container"): CONTAINER_DELETE,
    ("GET", "metadata"): CONTAINER_READ,
    ("PUT", "metadata"): CONTAINER_WRITE,
    ("PUT", "lease"): CONTAINER_WRITE,
    ("GET", "acl"): CONTAINER_GET_ACL,
    ("PUT", "acl"): CONTAINER_SET_ACL,
    ("GET", "list"): BLOB_READ,
    ("GET", "blobs"): BLOB_FILTER,
    ("GET", "account"): ACCOUNT_READ,
}
# A principal that has only blobs/add/action may create a blob in Azure. Every built-in role that has it has
# blobs/write too, so write is asked for throughout.
_OF_BLOB: Mapping[tuple[str, str], Need] = {
    ("GET", ""): BLOB_READ,
    ("GET", "metadata"): BLOB_READ,
    ("GET", "blocklist"): BLOB_READ,
    ("GET", "pagelist"): BLOB_READ,
    ("GET", "tags"): TAGS_READ,
    ("GET", "account"): ACCOUNT_READ,
    ("POST", "query"): BLOB_READ,
    ("DELETE", ""): BLOB_DELETE,
    ("PUT", "tags"): TAGS_WRITE,
} | {
    ("PUT", what): BLOB_WRITE
    for what in (
        *("", "appendblock", "block", "blocklist", "copy", "incrementalcopy", "lease", "metadata", "page"),
        *("properties", "seal", "snapshot", "tier", "undelete"),
    )
}


class Credential(Enum):
    """How a request says who asks."""

    BEARER = "bearer"
    SHARED_KEY = "shared key"
    KEY_SAS = "a SAS signed with the account's key"
    DELEGATION_SAS = "a SAS signed with a user delegation key"
    NONE = "nothing"
    OTHER = "another scheme"


@dataclass(frozen=True)
class BlobRequest:
    """One request, read off the wire; names are decoded, headers in lower case, empty where the path has none.

    inside   whether it comes from a virtual network
    """

    method: str
    account: str
    container: str
    blob: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    inside: bool = False

    @property
    def what(self) -> str:
        """What is asked of the service, container or blob: `comp`, or `restype` where that says more."""
        restype, comp = self.query.get("restype", "").lower(), self.query.get("comp", "").lower()
        if restype == "account":
            return "account"
        return comp or ("container" if restype == "container" else "")

    @property
    def need(self) -> Need | None:
        """The action it needs; None for what is no operation of the blob service, or none that is simulated."""
        table = _OF_BLOB if self.blob else _OF_CONTAINER if self.container else _OF_SERVICE
        return table.get(("GET" if self.method == "HEAD" else self.method, self.what))

    @property
    def credential(self) -> Credential:
        authorization = self.headers.get("authorization")
        if authorization is None:
            if "sig" not in self.query:
                return Credential.NONE
            return Credential.DELEGATION_SAS if "skoid" in self.query else Credential.KEY_SAS
        scheme = authorization.partition(" ")[0].lower()
        if scheme == "bearer":
            return Credential.BEARER
        return Credential.SHARED_KEY if scheme in ("sharedkey", "sharedkeylite") else Credential.OTHER

    @property
    def creates_container(self) -> bool:
        return self.method == "PUT" and self.need is CONTAINER_WRITE and self.what == "container"

    @property
    def deletes_container(self) -> bool:
        return self.need is CONTAINER_DELETE

    def scope(self, account_id: str) -> str:
        """The ARM ID that a role assignment must cover: the account's, or the container's."""
        return f"{account_id}/blobServices/default/containers/{self.container}" if self.container else account_id


def parts(path: str) -> tuple[str, str, str]:
    """Account, container and blob of a path as it stands on the wire: `/account/container/a%20blob`.

    Decoded before it is taken apart, as Azurite does: what is decided here and what is done there is the same blob.
    """
    account, container, blob = [*unquote(path).removeprefix("/").split("/", 2), "", ""][:3]
    return account, container, blob
