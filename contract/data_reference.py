"""Data that may not live in git: an address in blob storage and a digest, and which addresses may be read.

A token goes with every request for such a blob, so three things are asked of an address: that it is plain (https, no
credentials, nothing that a client would rewrite on the way), that it is approved, and that the host behind it is one of
Azure's storage or the stack's own. Host names of storage: Microsoft Learn, "Storage account overview" (standard and DNS
zone endpoints) and the pages on Azure Government and Azure in China.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from contract import naming
from contract.shape import Sha256, Shape, Text

_AZURE = re.compile(
    r"[a-z0-9]{3,24}\.(blob\.core\.windows\.net|blob\.core\.usgovcloudapi\.net|blob\.core\.chinacloudapi\.cn"
    r"|z\d{1,2}\.blob\.storage\.azure\.net)"
)


def plain_address(address: str) -> str:
    """``address`` where it may stand in git and means one place. Raises ValueError, whose words don't show it: what is
    wrong with it may be a secret."""
    try:
        found = urlsplit(address)
        port = found.port
    except ValueError:
        raise ValueError("is no address") from None
    if found.username is not None or found.password is not None:
        raise ValueError("has credentials in it: take them out, and renew them. Who runs reads it by a role of theirs")
    if found.query or "?" in address:
        raise ValueError(
            "has a query, such as a SAS: that is a secret, and this file is in git. Take it out and revoke it; who "
            "runs reads the blob by a role of theirs"
        )
    if found.fragment or "#" in address:
        raise ValueError("has a fragment (#…), which names no blob")
    if found.scheme != "https" or not found.hostname or port == 0:
        raise ValueError("is no https address: https://<account>.blob.core.windows.net/<container>/<blob>")
    if not address.isprintable() or " " in address or "\\" in address:
        raise ValueError("has blanks or backslashes: write them as %20 and %5C")
    path = found.path.removeprefix("/").removesuffix("/")
    if path and any(unquote(part) in (".", "..", "") for part in path.split("/")):
        raise ValueError("has a path with '.', '..' or nothing between two '/'")
    return address


def _blob(address: str) -> str:
    plain_address(address)
    if address.endswith("/") or urlsplit(address).path.count("/") < 2:
        raise ValueError("names no blob: https://<account>.blob.core.windows.net/<container>/<blob>")
    return address


BlobAddress = Annotated[Text, AfterValidator(_blob)]
"""Of one blob."""


class DataReference(Shape):
    """Where the data is, and the digest that its bytes must have."""

    uri: BlobAddress = Field(
        description="https://<account>.blob.core.windows.net/<container>/<blob>, in storage that the stack approves; "
        "no SAS."
    )
    sha256: Sha256 = Field(description="Of the blob's bytes, 64 hex.")


def _no_address(given: object) -> object:
    if isinstance(given, str) and "://" in given:
        raise ValueError("is an address: write {uri: …, sha256: …}, with the digest that the data must have")
    return given


def _plain_if_text(given: object) -> object:
    return plain_address(given) if isinstance(given, str) else given


ApprovedPrefix = Annotated[naming.DataSource, BeforeValidator(_plain_if_text)]
"""Of storage that an environment approves: before its form is looked at, so that no message shows a SAS."""

Dataset = Annotated[
    Annotated[Text, Tag("str")] | Annotated[DataReference, Tag("DataReference")],
    Discriminator(lambda given: "DataReference" if isinstance(given, dict | DataReference) else "str"),
    BeforeValidator(_no_address),
]
"""A path beside tune.yaml, or a reference."""


def is_within(address: str, prefix: str) -> bool:
    """Whether ``address`` lies under ``prefix``, ``https://host/container`` or with more of a path; both are plain.

    Host names have no case; paths have, and are compared decoded, part by part.
    """
    if _host(address) != _host(prefix):
        return False
    inner, outer = _parts(address), _parts(prefix)
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def is_approved(address: str, prefixes: Iterable[str]) -> bool:
    return any(is_within(address, prefix) for prefix in prefixes)


def may_see_token(address: str, blob_endpoint: str) -> bool:
    """Whether who runs may show themselves to the host of ``address``: Azure's storage, or where ``blob_endpoint``, the
    stack's own, stands."""
    host, port = _host(address)
    return (port == 443 and _AZURE.fullmatch(host) is not None) or (host, port) == _host(blob_endpoint)


def _host(address: str) -> tuple[str, int]:
    found = urlsplit(address)
    return (found.hostname or "", found.port or 443)


def _parts(address: str) -> list[str]:
    return [unquote(part) for part in urlsplit(address).path.strip("/").split("/") if part]
