"""Files that the service fetches itself, from a blob by a signed address. No HTTP server here.

It fetches from the storage of this local Azure only, as a client of its blob listener: who may read what is decided
there. But for the network: the service comes from an address of its own, which no stack's rules name.
"""

from __future__ import annotations

import io
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2

from simulator.arm.models import find_storage_account
from simulator.blobs.models import parts
from simulator.errors import Refusal
from simulator.openai import errors, files
from simulator.openai.contents import PIECE, Contents, Received
from simulator.openai.learning.examples import holds_json_lines
from simulator.openai.models import StoredFile
from simulator.reach import SERVICE, barred

if TYPE_CHECKING:
    from simulator.cloud import Cloud

FAILED = "Import of file failed."
"""The specification's words for the code fileImportFailed; what follows them is memory."""
_SECONDS = 60.0


@dataclass(frozen=True)
class Source:
    """Where a file is to come from; `closed` where the network doesn't let the service in."""

    address: str
    closed: bool

    @classmethod
    def at(cls, cloud: Cloud, address: str) -> Source:
        """Raises the refusal of an address that is not of this local Azure's own blobs."""
        account = None
        if address.startswith(cloud.endpoints.blob + "/"):
            account = find_storage_account(cloud, parts(urlsplit(address).path)[0])
        if account is None:
            raise errors.import_not_simulated()
        return cls(address, barred(cloud, account, inside=False, address=SERVICE) is not None)


@dataclass(frozen=True)
class Fetched:
    """What came, or nothing and why."""

    received: Received
    fault: str | None = None


def fetch(contents: Contents, source: Source, ca_file: Path) -> Fetched:
    """Reads the content to its end, piece by piece. For any thread but the server's own, which answers it."""
    nothing = contents.receive(io.BytesIO())
    if source.closed:
        return Fetched(nothing, f"{FAILED} The storage does not let the service in from its network.")
    trusting = ssl.create_default_context(cafile=ca_file)
    try:
        with (
            httpx2.Client(verify=trusting, trust_env=False, timeout=_SECONDS) as client,
            client.stream("GET", source.address) as answer,
        ):
            if answer.status_code != 200:
                code = answer.headers.get("x-ms-error-code", "")
                return Fetched(nothing, f"{FAILED} The content answered {answer.status_code} {code}".rstrip() + ".")
            if int(answer.headers.get("content-length") or 0) > files.LARGEST:
                return Fetched(nothing, f"{FAILED} {errors.file_too_large().message}")
            received = contents.receive(_Stream(answer.iter_bytes(PIECE)))  # type: ignore[arg-type]  # It has read().
    except httpx2.HTTPError as problem:
        return Fetched(nothing, f"{FAILED} The content broke off: {type(problem).__name__}.")
    contents.refuse(nothing)
    with received.open() as whole:
        lines = holds_json_lines(whole)
    return Fetched(received, None if lines else files.NO_JSON)


def take(cloud: Cloud, account: str, given: files.Upload, found: Fetched) -> StoredFile:
    """The file, which ends in `error` where it could not be fetched or is one too many."""
    fault = found.fault
    try:
        files.check(cloud, account, replace(given, size=found.received.size))
    except Refusal as refusal:
        fault = fault or f"{FAILED} {refusal.message}"
    file = files.store(cloud, account, given, found.received, fault)
    file.imported = True
    return file


class _Stream:
    """Pieces as they come, read as a stream is."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, size: int = -1) -> bytes:
        return b"".join(self._pieces) if size < 0 else next(self._pieces, b"")
