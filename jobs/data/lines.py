"""The lines of a file, in binary and one at a time: memory does not grow with the file, nor with its longest line."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from jobs.data.rules import MAX_LINE_BYTES
from jobs.errors import Unreadable

_PIECE = 1024 * 1024


@dataclass(frozen=True)
class RawLine:
    """``data`` is without its line break; empty where the line was ``too_long`` to be kept. ``ended``: by a line break.

    number   from 1
    size     in bytes, with the line break
    """

    number: int
    data: bytes
    size: int
    ended: bool
    crlf: bool = False
    too_long: bool = False


class LineReader:
    """Reads a regular file once, and knows its digest when it has been read to the end.

    Raises Unreadable where the path is no file that can be read: a folder, a pipe, nothing at all.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest = hashlib.sha256()
        self._stream: BufferedReader | None = None
        self._opened: os.stat_result | None = None
        self.size = 0
        """Bytes read so far."""

    def __enter__(self) -> Self:
        self._stream, self._opened = _opened(self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    @property
    def sha256(self) -> str:
        """Of the bytes read so far; hex."""
        return self._digest.hexdigest()

    @property
    def changed(self) -> bool:
        """Whether the file became another one while it was read."""
        if self._stream is None or self._opened is None:
            return False
        now = os.fstat(self._stream.fileno())
        same = (now.st_size, now.st_mtime_ns) == (self._opened.st_size, self._opened.st_mtime_ns)
        return not same or self.size != now.st_size

    def __iter__(self) -> Iterator[RawLine]:
        number = 0
        while data := self._piece(MAX_LINE_BYTES + 2):
            number += 1
            size, ended, crlf = len(data), data.endswith(b"\n"), data.endswith(b"\r\n")
            if not ended and size > MAX_LINE_BYTES:
                while not ended and (more := self._piece(_PIECE)):
                    size, ended = size + len(more), more.endswith(b"\n")
                yield RawLine(number, b"", size, ended, too_long=True)
                continue
            kept = data[:-2] if crlf else data[:-1] if ended else data
            yield RawLine(number, kept, size, ended, crlf)

    def _piece(self, limit: int) -> bytes:
        """Up to ``limit`` bytes of one line."""
        if self._stream is None:
            raise ValueError("the reader is not open: use it in a with statement")
        try:
            data = self._stream.readline(limit)
        except OSError as error:
            raise Unreadable(f"{self._path} cannot be read: {error.strerror or error}") from error
        self._digest.update(data)
        self.size += len(data)
        return data


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes; hex. Raises Unreadable."""
    stream, _ = _opened(path)
    with stream:
        try:
            return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise Unreadable(f"{path} cannot be read: {error.strerror or error}") from error


def _opened(path: Path) -> tuple[BufferedReader, os.stat_result]:
    """The regular file, open. A pipe is refused without waiting for whoever writes to it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path.
        raise Unreadable(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe" if stat.S_ISFIFO(status.st_mode) else "a device"
        raise Unreadable(f"{path} is {kind}: a JSONL file is expected")
    return BufferedReader(FileIO(descriptor, "rb"), _PIECE), status
