"""Two processes that scan the pieces of a large file.

They are one fresh interpreter that loads what is needed (the vocabulary above all) and then forks once: the two
share that memory, which `spawn` would not let them; this process, which `fork` would copy, may have threads by then;
and a `forkserver` would import this process's main module into each of them. They live as long as the pipe to them is
open: whatever ends this process, they end with the piece that they are at.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Self

import jobs
from jobs.data.expected import Encoding, Expected
from jobs.data.reading.lines import Piece
from jobs.data.scanning.observers import Beside
from jobs.data.scanning.scan import Scan
from jobs.errors import Refused

WORKERS = 2
_AHEAD = 8
"""So many scans are kept at most until those before them have come."""
_PATIENCE = 10.0
"""Seconds until a process that should have ended is killed."""


class Workers:
    """Two processes, from entering until leaving. Raises Refused where one of them ends by itself."""

    def __init__(self, encoding: Encoding | None) -> None:
        self._encoding = encoding
        self._connections: list[Connection] = []
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        pairs = [Pipe() for _ in range(WORKERS)]
        self._connections = [ours for ours, _ in pairs]
        theirs = [other.fileno() for _, other in pairs]
        path = [str(Path(jobs.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "jobs.data.scanning.worker", self._encoding or "", *map(str, theirs)],
            pass_fds=theirs,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # Ctrl-C is for this process, which lets go of them.
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
        )
        for _, other in pairs:
            other.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._connections:
            connection.close()
        if self._process is not None:
            try:
                self._process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def scans(self, pieces: Iterable[Piece], expected: Expected, known: Beside | None) -> Iterator[Scan]:
        """As ``Scans``: one piece at a time for each process, so that neither side waits for the other to read."""
        for connection in self._connections:
            self._send(connection, (expected, known))
        waiting = enumerate(pieces)
        following = next(waiting, None)
        idle, busy, come = list(self._connections), dict[Connection, int](), dict[int, Scan]()
        due = 0
        while following is not None or busy:
            # Before more is sent: where all were waiting for the piece that is due, none is busy.
            while due in come:
                yield come.pop(due)
                due += 1
            while idle and following is not None and following[0] < due + _AHEAD:
                connection = idle.pop()
                self._send(connection, following[1])
                busy[connection] = following[0]
                following = next(waiting, None)
            for connection in _readable(busy):
                come[busy.pop(connection)] = self._received(connection)
                idle.append(connection)
        while due in come:
            yield come.pop(due)
            due += 1

    def _send(self, connection: Connection, what: tuple[Expected, Beside | None] | Piece) -> None:
        try:
            connection.send(what)
        except OSError as error:
            raise self._ended() from error

    def _received(self, connection: Connection) -> Scan:
        try:
            come = connection.recv()
        except (EOFError, OSError) as error:
            raise self._ended() from error
        if isinstance(come, Scan):
            return come
        raise RuntimeError(f"a process that checks failed:\n{come}")

    def _ended(self) -> Refused:
        code = self._process.poll() if self._process is not None else None
        how = f" (by signal {-code})" if code is not None and code < 0 else ""
        return Refused(
            f"a process that checks the data ended{how} before it was done",
            details=["Its last words are above, if it had any. Was it killed, or is there too little memory?"],
        )


def _readable(busy: Iterable[Connection]) -> list[Connection]:
    return [ready for ready in wait(list(busy)) if isinstance(ready, Connection)]
