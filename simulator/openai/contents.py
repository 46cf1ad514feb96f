"""The bytes of files, each kept once under its SHA-256: in a folder of their own, or in memory where there is none.

A file is received beside the event loop (`receive`), and becomes visible on it (`keep`). What is dropped goes only once
the state that no longer names it is saved (`purge`): a simulator that is killed in between has lost nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from simulator.disk import Disk

PIECE = 1 << 20


@dataclass(frozen=True)
class Received:
    """Bytes that are here and not yet kept: in a file of the folder, or in memory."""

    digest: str
    size: int
    file: Path | None = None
    memory: bytes | None = None

    def open(self) -> IO[bytes]:
        return self.file.open("rb") if self.file is not None else io.BytesIO(self.memory or b"")


@dataclass
class Contents:
    """folder: where the bytes are, a file for each digest; None: in memory."""

    folder: Path | None = None
    disk: Disk = field(default_factory=Disk, compare=False)
    _memory: dict[str, bytes] = field(default_factory=dict)
    _dropped: set[str] = field(default_factory=set, compare=False)

    def receive(self, stream: IO[bytes]) -> Received:
        """Reads the stream to its end, in any thread. OSError, with nothing left of it, where the disk is full."""
        digest, size = hashlib.sha256(), 0
        if self.folder is None:
            whole = stream.read()
            return Received(hashlib.sha256(whole).hexdigest(), len(whole), memory=whole)
        self.folder.mkdir(exist_ok=True)
        file = self.folder / f"{uuid.uuid4().hex}.new"
        try:
            with self.disk.create(file, "xb") as fresh:
                while piece := stream.read(PIECE):
                    digest.update(piece)
                    size += self.disk.write(fresh, piece)
                fresh.flush()
                os.fsync(fresh.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                file.unlink()
            raise
        return Received(digest.hexdigest(), size, file=file)

    def keep(self, received: Received) -> str:
        """Takes it in, and gives its digest."""
        if received.memory is not None:
            self._memory[received.digest] = received.memory
        elif received.file is not None and self.folder is not None:
            received.file.replace(self.folder / received.digest)
        self._dropped.discard(received.digest)
        return received.digest

    def refuse(self, received: Received) -> None:
        """Throws away what was not taken."""
        if received.file is not None:
            received.file.unlink(missing_ok=True)

    def open(self, digest: str) -> IO[bytes]:
        return io.BytesIO(self._memory[digest]) if self.folder is None else (self.folder / digest).open("rb")

    def digests(self) -> set[str]:
        """What is kept, without what is dropped."""
        kept = set(self._memory) if self.folder is None else {file.name for file in self._files() if not file.suffix}
        return kept - self._dropped

    def drop(self, digest: str) -> None:
        self._dropped.add(digest)

    def agree(self, named: Collection[str]) -> None:
        """Whatever was dropped or taken in since: these are kept, and no others."""
        self._dropped.clear()
        self._dropped |= self.digests() - set(named)

    def purge(self) -> None:
        """Removes what was dropped; the state that is saved does not name it any more."""
        for digest in self._dropped:
            self._memory.pop(digest, None)
            if self.folder is not None:
                (self.folder / digest).unlink(missing_ok=True)
        self._dropped.clear()

    def retain(self, digests: Iterable[str]) -> set[str]:
        """Gives what is missing of these; where nothing is, what a killed simulator left besides them is removed."""
        wanted, there = set(digests), self._files()
        missing = wanted - {file.name for file in there}
        for file in there:
            if not missing and file.name not in wanted:
                file.unlink()
        return missing

    def _files(self) -> list[Path]:
        return list(self.folder.iterdir()) if self.folder is not None and self.folder.is_dir() else []


@dataclass(frozen=True)
class Content:
    """The bytes of one digest, read when they are needed: a key for what is computed from them."""

    digest: str
    contents: Contents = field(compare=False, repr=False)

    def open(self) -> IO[bytes]:
        return self.contents.open(self.digest)

    def read(self) -> bytes:
        with self.open() as stream:
            return stream.read()
