"""The disk that the simulator keeps its own state on: as it is, or full or read-only because a fault plan says so."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

DiskFault = Literal["full", "readOnly"]


@dataclass(frozen=True)
class Disk:
    """`fault` is asked at every write. A full disk takes half of what is written, as one that fills up does."""

    fault: Callable[[], DiskFault | None] = lambda: None

    def create(self, path: Path, mode: Literal["xb", "wb"]) -> IO[bytes]:
        """An open file, for its owner alone: the state has secrets of its directory. OSError where none can be made."""
        if self.fault() == "readOnly":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        exclusive = os.O_EXCL if mode == "xb" else os.O_TRUNC
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | exclusive, 0o600), "wb")

    def write(self, file: IO[bytes], content: bytes) -> int:
        """Writes all of it, or raises OSError."""
        if self.fault() == "full":
            file.write(content[: len(content) // 2])
            file.flush()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), file.name)
        return file.write(content)
