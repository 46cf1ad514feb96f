"""What the processes do that scan: `python -m jobs.data.scanning.worker ENCODING DESCRIPTOR…`, one per descriptor.

Each takes what to expect, and then pieces, and answers each piece with its scan; until the other side lets go.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from multiprocessing.connection import Connection

from jobs.data.expected import Expected
from jobs.data.reading.lines import Piece
from jobs.data.scanning.scan import Scanner

_BETWEEN_COLLECTIONS = 16
"""Pieces."""


def main() -> None:
    """Loads what all need, then forks."""
    encoding, *descriptors = sys.argv[1:]
    mine, *others = map(int, descriptors)
    Scanner(Expected(encoding="cl100k_base" if encoding == "cl100k_base" else "o200k_base"))
    # What is loaded by now is shared, as long as no collection touches it. A scan leaves no cycles behind but where
    # errors are raised, and makes as many objects at a time as set off a collection again and again.
    gc.freeze()
    gc.disable()
    children = []
    for other in others:
        if child := os.fork():
            os.close(other)
            children.append(child)
        else:
            os.close(mine)
            mine, children = other, []
            break
    serve(Connection(mine))
    for child in children:
        os.waitpid(child, 0)


def serve(connection: Connection) -> None:
    """Answers until the connection ends."""
    scanner: Scanner | None = None
    scanned = 0
    with connection:
        while True:
            try:
                asked = connection.recv()
            except (EOFError, OSError):
                return
            if isinstance(asked, tuple):
                scanner = Scanner(*asked)
            elif isinstance(asked, Piece) and scanner is not None:
                answer = _answer(scanner, asked)
                scanned += 1
                if not scanned % _BETWEEN_COLLECTIONS:
                    gc.collect()
                try:
                    connection.send(answer)
                except OSError:
                    return


def _answer(scanner: Scanner, piece: Piece) -> object:
    try:
        return scanner.scan(piece)
    except Exception:  # noqa: BLE001  # Whatever it is: the other side tells.
        return traceback.format_exc()


if __name__ == "__main__":
    main()
