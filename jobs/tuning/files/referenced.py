"""Data by reference: a blob in approved storage, read piece by piece where it lies, and never written to a disk.

The content is the one that the blob had when it was looked at first: one that replaces it meanwhile is not read.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from contract.data_reference import DataReference, is_approved, may_see_token
from jobs.errors import CloudFailed, NetworkRefused, Refused, ServiceRefused
from jobs.tuning.patience import ANSWERING

if TYPE_CHECKING:
    # Not at run time: the check of data that lies here would wait for what it has no use for.
    from _typeshed import WriteableBuffer

    from contract.outputs import StackOutputs
    from jobs.ports import BlobVersion, RemoteBlob
    from jobs.tuning.patience import Patience

_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Referenced:
    """A dataset that ``key`` of tune.yaml (``data.train``) names by address; ``sha256`` is what its bytes must have.

    ``open`` may be called again and again, and gives the same bytes.
    """

    key: str
    address: str
    sha256: str
    blob: RemoteBlob
    version: BlobVersion
    patience: Patience

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.address.rpartition("/")[2]

    @property
    def size(self) -> int:
        return self.version.size

    def __str__(self) -> str:
        return self.address

    def open(self) -> BinaryIO:
        """The bytes, of which some 4 MiB are held at a time; it can be wound."""
        return cast("BinaryIO", io.BufferedReader(_Ranges(self), _PIECE))

    def piece(self, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes, at least one. Raises Refused where the blob has another content by now."""
        try:
            return self.patience.within(ANSWERING)(lambda: self.blob.read(offset, length, self.version.etag))
        except ServiceRefused as refused:
            if refused.status in (404, 412, 416):
                raise Refused(
                    f"{self.key}: {self.address} was changed or deleted while it was read",
                    details=[
                        "Nothing was submitted from it. Once it is what tune.yaml's digest says, type the same again."
                    ],
                ) from refused
            raise _with_advice(refused, self.key) from None


class _Ranges(io.RawIOBase):
    """A blob as a stream: each read is a request of its own, which may be asked again."""

    def __init__(self, source: Referenced) -> None:
        self._source = source
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._source.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readall(self) -> bytes:
        """In our pieces: the class above would ask for 8 KiB at a time."""
        return b"".join(iter(lambda: self.read(_PIECE) or b"", b""))

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        length = min(len(view), self._source.size - self._at)
        if length <= 0:
            return 0
        data = self._source.piece(self._at, length)[:length]
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


Source = Path | Referenced
"""Where the bytes of a dataset are."""


def size_of(source: Source) -> int:
    return source.stat().st_size if isinstance(source, Path) else source.size


def opened(source: Source) -> AbstractContextManager[BinaryIO]:
    """The bytes, as a stream that can be wound."""
    return cast("BinaryIO", source.open("rb")) if isinstance(source, Path) else source.open()


@dataclass(frozen=True)
class Storage:
    """The storage that a stack may read data from.

    blob    a reader of the blob at an address
    """

    stack: str
    outputs: StackOutputs
    blob: Callable[[str], RemoteBlob]
    patience: Patience

    def referenced(self, references: Mapping[str, DataReference]) -> dict[str, Referenced]:
        """What the ``references`` (by use) name. Raises Refused with all that may not be read, before a token is shown.

        Raises Refused where there is no blob, CloudFailed where the storage does not let us see it.
        """
        refused = [f"data.{use}: {why}" for use, each in references.items() if (why := self._barred(each.uri))]
        if refused:
            raise Refused(
                "tune.yaml names data in storage that this stack does not approve",
                details=[*refused, *self._approved_words()],
                stack=self.stack,
            )
        return {use: self._looked_at(f"data.{use}", each) for use, each in references.items()}

    def _barred(self, address: str) -> str | None:
        if not is_approved(address, [*self._own(), *self.outputs.environment.data_sources]):
            return f"{address} is in no approved storage"
        if not may_see_token(address, self.outputs.storage.blob_endpoint):
            return f"{address} is approved, but its host is not Azure's storage: no token is shown to it"
        return None

    def _own(self) -> list[str]:
        storage = self.outputs.storage
        return [f"{storage.blob_endpoint.rstrip('/')}/{container}" for container in storage.containers.values()]

    def _approved_words(self) -> list[str]:
        approved = ", ".join([*self._own(), *self.outputs.environment.data_sources])
        return [
            f"Approved are: {approved}",
            "The stack file approves more under tuned-models:environment.dataSources; bring the stack up after that.",
        ]

    def _looked_at(self, key: str, reference: DataReference) -> Referenced:
        blob = self.blob(reference.uri)
        try:
            version = self.patience.within(ANSWERING)(blob.version)
        except ServiceRefused as refused:
            if refused.status == 404:
                raise Refused(f"{key}: there is no blob at {reference.uri}", stack=self.stack) from refused
            raise _with_advice(refused, key) from None
        return Referenced(key, reference.uri, reference.sha256, blob, version, self.patience)


def _with_advice(refused: CloudFailed, key: str) -> CloudFailed:
    """The refusal of a storage that need not be the stack's own."""
    if refused.status in (401, 403) and not isinstance(refused, NetworkRefused):
        refused.details = (
            *refused.details[:1],
            "Who runs this needs the role Storage Blob Data Reader on that container.",
        )
    refused.what = f"{key}: {refused.what}"
    return refused


def digest_faults(sources: Iterable[tuple[Source, str]]) -> list[tuple[str, str]]:
    """What is wrong with the digests of sources, given with each the digest that its bytes have: tune.yaml's key that
    says another, and the words."""
    return [
        (f"{source.key}.sha256", f"{source.key}: the bytes at {source} have the SHA-256 {found}; {_otherwise(source)}")
        for source, found in sources
        if isinstance(source, Referenced) and found != source.sha256
    ]


def _otherwise(source: Referenced) -> str:
    return f"tune.yaml says {source.sha256}. If they are meant, write their digest there"
