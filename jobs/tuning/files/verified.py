"""A dataset as a stream that is the one that was checked, or is refused before its last byte is given away."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO, Self, cast

from jobs.errors import Refused
from jobs.tuning.files.referenced import Source, opened, size_of


def verified(source: Source, digest: str, tell: Callable[[int, int], None] | None = None) -> BinaryIO:
    """The bytes of ``source``, which can be wound. Reading them to the end raises Refused where their SHA-256 is not
    ``digest``: whoever receives them then has less than was announced, and keeps nothing.

    tell    is told how many bytes of how many were read, as often as there are more
    """
    return cast("BinaryIO", _Verified(source, digest, tell))


class _Verified(io.BufferedIOBase):
    def __init__(self, source: Source, digest: str, tell: Callable[[int, int], None] | None) -> None:
        self._told = tell
        self._source = source
        self._wanted = digest
        self._size = size_of(source)
        self._stream = opened(source).__enter__()
        self._hash = hashlib.sha256()
        self._hashed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._stream.close()
        super().close()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int | None = -1) -> bytes:
        at = self._stream.tell()
        data = self._stream.read(-1 if size is None else size)
        if self._told is not None and data:
            self._told(at + len(data), self._size)
        if at == 0:
            self._hash, self._hashed = hashlib.sha256(), 0
        if at == self._hashed:
            self._hash.update(data)
            self._hashed += len(data)
            if (self._hashed >= self._size or (not data and size != 0)) and self._hash.hexdigest() != self._wanted:
                raise Refused(
                    f"{self._source} is not what was checked any more: it changed in between",
                    details=["Nothing was submitted from it. Type the same again to check and send what it is now."],
                )
        return data
