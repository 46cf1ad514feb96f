"""A file replaced at one stroke: a reader sees the old bytes or the new ones, after a crash too."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Waits until no other process of this project writes in ``folder``.

    The lock is on the folder itself, so that no lock file is left in a checkout. A file system without locks gives
    none: ``replace_if_unchanged`` still compares.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_readonly(path: Path) -> bool:
    """Whether the file's mode forbids writing, even to a superuser who could."""
    return not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK)


def replace_if_unchanged(path: Path, expected: bytes, content: bytes) -> bool:
    """Puts ``content`` in the place of the file, keeping its mode; False, and nothing done, where the file no longer
    holds ``expected``. Raises OSError; the file is then as it was."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o7777)
        if path.read_bytes() != expected:
            return False
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # Some file systems cannot; the rename itself has happened.
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
