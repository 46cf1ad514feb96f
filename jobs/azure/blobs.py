"""Blobs, in the stack's storage and in storage that it may read from: the only import of ``azure.storage``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO, cast

from azure.core import MatchConditions
from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.storage.blob import (
    BlobClient,
    BlobSasPermissions,
    BlobServiceClient,
    ContentSettings,
    generate_blob_sas,
)

from jobs.azure.core_errors import translated
from jobs.azure.credentials import Credential
from jobs.errors import ServiceRefused, Unreadable
from jobs.ports import BlobVersion, ListedBlob, Secret, StoredBlob

_PIECE = 4 * 1024 * 1024
"""Bytes that are held at a time, of a blob that comes or goes."""
_EARLIER = timedelta(minutes=1)
"""By how much a signed address begins before the storage's now: who reads by it may be asked by another clock there."""
LONGEST_LIST = 1_000_000
"""Names that are read of a container: two for each run."""
LARGEST_DOCUMENT = _PIECE
"""Bytes of a blob that is read whole, a journal or a plan, unless somebody expects more. Datasets are read piece by
piece."""
_OPTIONS: dict[str, Any] = {
    # jobs.tuning.patience asks again, by our clock.
    "retry_total": 0,
    "connection_timeout": 10,
    "read_timeout": 60,
    # A token is shown to the host that was asked, and to no other.
    "permit_redirects": False,
    # Nothing is read ahead, and nothing is sent in one piece that doesn't fit into memory.
    "max_single_get_size": _PIECE,
    "max_chunk_get_size": _PIECE,
    "max_single_put_size": _PIECE,
    "max_block_size": _PIECE,
}


class BlobContainer:
    """The container ``container`` under ``endpoint``, ``https://<account>.blob.core.windows.net/``. A ``Blobs``."""

    def __init__(self, endpoint: str, container: str, credential: Credential) -> None:
        _over_tls(endpoint)
        with translated(f"{endpoint} cannot be used as a blob endpoint"):
            service = BlobServiceClient(
                endpoint.rstrip("/"),
                credential=cast("Any", credential),  # A credential by its methods, not by its type.
                **_OPTIONS,
            )
            self._service = service
            self._container = service.get_container_client(container)

    def close(self) -> None:
        self._service.close()

    def signed_address(self, name: str, lifetime: timedelta) -> Secret:
        what = f"no address of blob {name} can be signed"
        try:
            with translated(what):
                return self._signed(name, lifetime)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # Of the library, which takes any answer for a key.
            raise ServiceRefused(what, details=["the answer makes no sense"]) from error

    def _signed(self, name: str, lifetime: timedelta) -> Secret:
        blob, answered = self._container.get_blob_client(name), list[datetime]()
        # Not for what it says, but for the storage's own clock, by which the address begins and ends.
        blob.get_blob_properties(raw_response_hook=lambda each: answered.append(_date(each)))
        begins, ends = answered[0] - _EARLIER, answered[0] + lifetime
        signed = generate_blob_sas(
            str(self._service.account_name),
            blob.container_name,
            blob.blob_name,
            user_delegation_key=self._service.get_user_delegation_key(begins, ends),
            permission=BlobSasPermissions(read=True),
            start=begins,
            expiry=ends,
            protocol="https",
        )
        return Secret(f"{blob.url}?{signed}")

    def look(self) -> None:
        with translated("the blobs of the storage cannot be listed"):
            next(self._container.list_blobs(results_per_page=1), None)

    def put_once(self, name: str, stream: BinaryIO, size: int) -> bool:
        with translated(f"blob {name} cannot be stored"):
            blob = self._container.get_blob_client(name)
            if blob.exists():
                return False
            try:
                blob.upload_blob(
                    stream,
                    length=size,
                    # overwrite=False asks with If-None-Match: *
                    overwrite=False,
                    content_settings=ContentSettings(content_type="application/jsonl"),
                )
            except ResourceExistsError:
                return False
            return True

    def read(self, name: str) -> StoredBlob | None:
        with translated(f"blob {name} cannot be read"):
            answered: list[datetime] = []
            try:
                found = self._container.download_blob(name, raw_response_hook=lambda each: answered.append(_date(each)))
            except ResourceNotFoundError:
                return None
            properties = found.properties
            age = answered[0] - properties.last_modified if answered else timedelta(0)
            return StoredBlob(_content(found, name), str(properties.etag), max(age, timedelta(0)))

    def create(self, name: str, content: bytes) -> str | None:
        # overwrite=False asks with If-None-Match: *
        return self._written(name, content, overwrite=False)

    def replace(self, name: str, content: bytes, etag: str) -> str | None:
        condition = {"etag": etag, "match_condition": MatchConditions.IfNotModified}
        return self._written(name, content, overwrite=True, gone=ResourceNotFoundError, **condition)

    def _written(
        self, name: str, content: bytes, *, gone: type[Exception] = ResourceExistsError, **condition: Any
    ) -> str | None:
        """The ETag; None where the condition doesn't hold. ``gone``: what else says that it doesn't."""
        with translated(f"blob {name} cannot be stored"):
            try:
                answer = self._container.get_blob_client(name).upload_blob(
                    content, content_settings=ContentSettings(content_type="application/json"), **condition
                )
            except (ResourceExistsError, ResourceModifiedError, gone):
                return None
            return str(answer["etag"])

    def names(self, prefix: str = "") -> Iterator[str]:
        with translated("the blobs of the storage cannot be listed"):
            found = self._container.list_blob_names(name_starts_with=prefix or None)
            for count, name in enumerate(found):
                if count >= LONGEST_LIST:
                    raise ServiceRefused(f"there are more than {LONGEST_LIST:,} blobs: no stack has so many runs")
                yield name

    def listed(self) -> Iterator[ListedBlob]:
        with translated("the blobs of the storage cannot be listed"):
            for count, each in enumerate(self._container.list_blobs()):
                if count >= LONGEST_LIST:
                    raise ServiceRefused(f"there are more than {LONGEST_LIST:,} blobs: no stack has so many runs")
                # Listed without the quotes that it has everywhere else.
                etag = f'"{str(each.etag).strip(chr(34))}"'
                yield ListedBlob(str(each.name), etag, int(each.size or 0), each.last_modified)

    def delete(self, name: str, etag: str) -> bool:
        with translated(f"blob {name} cannot be deleted"):
            try:
                self._container.delete_blob(name, etag=etag, match_condition=MatchConditions.IfNotModified)
            except (ResourceNotFoundError, ResourceModifiedError):
                return False
            return True

    def put(self, name: str, content: bytes) -> None:
        with translated(f"blob {name} cannot be stored"):
            self._container.upload_blob(
                name, content, overwrite=True, content_settings=ContentSettings(content_type="application/json")
            )

    def get(self, name: str, *, largest: int = LARGEST_DOCUMENT) -> bytes | None:
        with translated(f"blob {name} cannot be read"):
            try:
                return _content(self._container.download_blob(name), name, largest)
            except ResourceNotFoundError:
                return None


class BlobReader:
    """The blob at ``address``. A ``RemoteBlob``. Whoever makes one has seen to it that the host may see a token."""

    def __init__(self, address: str, credential: Credential) -> None:
        _over_tls(address)
        self._address = address
        with translated(f"{address} cannot be used as a blob's address"):
            self._blob = BlobClient.from_blob_url(address, credential=cast("Any", credential), **_OPTIONS)

    def close(self) -> None:
        self._blob.close()

    def version(self) -> BlobVersion:
        with translated(f"{self._address} cannot be read"):
            found = self._blob.get_blob_properties()
            return BlobVersion(str(found.etag), int(found.size))

    def read(self, offset: int, length: int, etag: str) -> bytes:
        with translated(f"{self._address} cannot be read"):
            found = self._blob.download_blob(
                offset,
                min(length, _PIECE),
                etag=etag,
                match_condition=MatchConditions.IfNotModified,
            )
            return bytes(found.readall())


def _content(found: Any, name: str, largest: int = LARGEST_DOCUMENT) -> bytes:
    """Of a blob that is a document, and has been opened."""
    if found.size > largest:
        raise Unreadable(f"blob {name} has {found.size:,} bytes: nothing of the kind is so large")
    return bytes(found.readall())


def _over_tls(address: str) -> None:
    """A token is shown to nobody without it."""
    if not address.lower().startswith("https://"):
        raise ServiceRefused(f"{address} is no https address: no token is sent there")


def _date(answer: Any) -> datetime:
    """When the storage answered, by its own clock."""
    return parsedate_to_datetime(answer.http_response.headers["date"]).astimezone(UTC)
