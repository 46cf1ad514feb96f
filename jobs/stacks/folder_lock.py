"""One process of this project at a time writes in a folder. Others wait for it, not for ever, and say so."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from jobs.clock import SystemClock
from jobs.ports import Clock


@dataclass(frozen=True)
class Waiting:
    """How many seconds others are waited for, and who is told that they are."""

    clock: Clock = field(default_factory=SystemClock)
    seconds: float = 60
    say: Callable[[str], None] = lambda _: None
    between: float = 0.02
    """Seconds from one attempt to the next."""

    def attempts(self, words: str) -> Iterator[None]:
        """One for each attempt, until time is up. ``words`` are said once, where it takes longer than a second."""
        began, told = self.clock.now(), False
        while True:
            yield
            waited = (self.clock.now() - began).total_seconds()
            if waited >= self.seconds:
                return
            if waited >= 1 and not told:
                told = True
                self.say(words)
            self.clock.sleep(self.between)


class Held(Exception):
    """Somebody else has held the lock for all the time that was waited."""


@contextmanager
def locked(folder: Path, waiting: Waiting) -> Iterator[None]:
    """Within, no other process of this project writes in the folder. Raises Held, OSError.

    The lock is on the folder itself, so that no lock file is left in a checkout; it goes with the process that has it.
    NFS locks no folders (flock(2): it wants a descriptor that may write): there a file beside is locked, and removed
    again. A file system that locks nothing at all gives no lock: the replacement still looks at what it replaces.
    """
    lock = _awaited(folder, waiting)
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True)
class _Lock:
    descriptor: int
    file: Path | None = None
    """Made to be locked."""

    def release(self) -> None:
        if self.file is not None:
            # While it is locked still: whoever waits for it sees then that it is no longer the one of that name.
            self.file.unlink(missing_ok=True)
        os.close(self.descriptor)


def _awaited(folder: Path, waiting: Waiting) -> _Lock:
    for _ in waiting.attempts(f"waiting for another process of jobs, which is writing in {folder}"):
        with suppress(BlockingIOError):
            return _taken(folder)
    raise Held


def _taken(folder: Path) -> _Lock:
    """Raises BlockingIOError where somebody else has it."""
    try:
        return _Lock(_flocked(folder, os.O_RDONLY))
    except BlockingIOError:
        raise
    except OSError:
        beside = folder / ".stack-files.lock"
    try:
        lock = _Lock(_flocked(beside, os.O_RDWR | os.O_CREAT), beside)
    except BlockingIOError:
        raise
    except OSError:
        return _Lock(os.open(folder, os.O_RDONLY))
    if not _is_still(beside, lock.descriptor):
        os.close(lock.descriptor)
        raise BlockingIOError
    return lock


def _flocked(path: Path, flags: int) -> int:
    descriptor = os.open(path, flags, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False
