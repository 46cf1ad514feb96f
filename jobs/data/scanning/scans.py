"""Who scans the pieces of a file: this process, or for a large file two others, with the same result."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from jobs.data.expected import Encoding, Expected
from jobs.data.reading.lines import Piece
from jobs.data.scanning.observers import Beside
from jobs.data.scanning.scan import Scan, Scanner

LARGE = 4 * 1024 * 1024
"""Bytes from which on two processes are faster, their start included."""

Scans = Callable[[Iterable[Piece], Expected, Beside | None], Iterator[Scan]]
"""Scans the pieces of one file, and gives what it finds in their order."""


@contextmanager
def scanning(size: int, encoding: Encoding | None) -> Iterator[Scans]:
    """The way to scan files of ``size`` bytes in all; it is open until the last of them has been scanned."""
    if size < LARGE or _processors() < 2:
        yield _scans_here
        return
    from jobs.data.scanning.workers import Workers

    with Workers(encoding) as workers:
        yield workers.scans


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _scans_here(pieces: Iterable[Piece], expected: Expected, known: Beside | None) -> Iterator[Scan]:
    scanner = Scanner(expected, known)
    return map(scanner.scan, pieces)
