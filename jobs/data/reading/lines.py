"""The lines of a dataset, in binary: memory does not grow with the file, nor with its longest line."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from jobs.data.rules import MAX_LINE_BYTES
from jobs.errors import Unreadable

PIECE = 256 * 1024
"""Bytes that are read at a time."""


class Stream(Protocol):
    """Bytes that are read once, from their beginning."""

    def read(self, size: int, /) -> bytes:
        """Some of the next bytes, ``size`` at most; none at the end."""
        ...

    def close(self) -> None: ...


class Source(Protocol):
    """A dataset that is no file here. ``str()`` of it is what messages call it."""

    @property
    def size(self) -> int:
        """In bytes."""
        ...

    def open(self) -> Stream:
        """The same bytes each time. Raises JobsError."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """Some whole lines of a file, with their line breaks, which only its last line may lack.

    first      the number of the first of them, from 1
    too_long   the bytes of its one line, where that was too long to be kept; else 0
    """

    first: int
    data: bytes
    too_long: int = 0


@dataclass(frozen=True, slots=True)
class RawLine:
    """``data`` is without its line break; empty where the line was ``too_long`` to be kept. ``ended``: by a line break.

    number   from 1
    """

    number: int
    data: bytes
    ended: bool
    crlf: bool = False
    too_long: int = 0


class PieceReader:
    """Reads a file, or another source, once, and knows its digest when it has been read to the end.

    Raises Unreadable where a path is no file that can be read: a folder, a pipe, nothing at all.
    """

    def __init__(self, source: Path | Source, block: int = PIECE) -> None:
        self._source = source
        self._block = block
        self._digest = hashlib.sha256()
        self._stream: Stream | None = None
        self._opened: os.stat_result | None = None
        self._held: list[bytes] = []
        self._line = 1
        self.size = 0
        """Bytes read so far."""

    def __enter__(self) -> Self:
        if isinstance(self._source, Path):
            self._stream = opened = _opened(self._source)
            self._opened = os.fstat(opened.fileno())
        else:
            self._stream = self._source.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    @property
    def expected_size(self) -> int:
        """In bytes, as told before it is read."""
        return self._source.size if not isinstance(self._source, Path) else self._opened.st_size if self._opened else 0

    @property
    def sha256(self) -> str:
        """Of the bytes read so far; hex."""
        return self._digest.hexdigest()

    @property
    def changed(self) -> bool:
        """Whether the file became another one while it was read."""
        if isinstance(self._stream, FileIO) and self._opened is not None:
            now = os.fstat(self._stream.fileno())
            if (now.st_size, now.st_mtime_ns) != (self._opened.st_size, self._opened.st_mtime_ns):
                return True
        return self.size != self.expected_size

    def __iter__(self) -> Iterator[Piece]:
        dropped = 0
        while block := self._read():
            if dropped:
                # The rest of a line that was too long to be kept.
                end = block.find(b"\n") + 1
                dropped += end or len(block)
                if not end:
                    continue
                yield self._next(Piece(self._line, b"", dropped), 1)
                dropped, block = 0, block[end:]
            end = block.rfind(b"\n") + 1
            if end:
                yield self._piece(block[:end])
            if end < len(block):
                self._held.append(block[end:])
            # One more, since a line may end in CRLF.
            if (held := sum(map(len, self._held))) > MAX_LINE_BYTES + 1:
                dropped = held
                self._held.clear()
        if dropped:
            yield self._next(Piece(self._line, b"", dropped), 1)
        elif self._held:
            yield self._piece(b"")

    def _piece(self, end: bytes) -> Piece:
        data = b"".join((*self._held, end)) if self._held else end
        self._held.clear()
        return self._next(Piece(self._line, data), data.count(b"\n"))

    def _next(self, piece: Piece, lines: int) -> Piece:
        self._line += lines
        return piece

    def _read(self) -> bytes:
        if self._stream is None:
            raise ValueError("the reader is not open: use it in a with statement")
        try:
            data = self._stream.read(self._block)
        except OSError as error:
            raise Unreadable(f"{self._source} cannot be read: {error.strerror or error}") from error
        self._digest.update(data)
        self.size += len(data)
        return data


def clean_lines(piece: Piece) -> list[bytes] | None:
    """The lines of a piece in which there is nothing to say about lines: no CR, none too long. None where there is."""
    if piece.too_long or b"\r" in piece.data:
        return None
    lines = piece.data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines if max(map(len, lines), default=0) <= MAX_LINE_BYTES else None


def lines_of(piece: Piece) -> Iterator[RawLine]:
    """The lines of a piece, in their order."""
    if piece.too_long:
        yield RawLine(piece.first, b"", ended=False, too_long=piece.too_long)
        return
    lines = piece.data.split(b"\n")
    # What follows the last line break: the file's last line, or nothing.
    rest = lines.pop()
    for number, data in enumerate(lines, piece.first):
        yield _line(number, data, ended=True)
    if rest:
        yield _line(piece.first + len(lines), rest, ended=False)


def _line(number: int, data: bytes, *, ended: bool) -> RawLine:
    crlf = ended and data.endswith(b"\r")
    kept = data[:-1] if crlf else data
    if len(kept) > MAX_LINE_BYTES:
        return RawLine(number, b"", ended, too_long=len(data) + ended)
    return RawLine(number, kept, ended, crlf)


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes; hex. Raises Unreadable."""
    with _opened(path) as stream:
        sha256 = hashlib.sha256()
        try:
            while block := stream.read(PIECE):
                sha256.update(block)
        except OSError as error:
            raise Unreadable(f"{path} cannot be read: {error.strerror or error}") from error
        return sha256.hexdigest()


def _opened(path: Path) -> FileIO:
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
    return FileIO(descriptor, "rb")
