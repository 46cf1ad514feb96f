"""A process that has imported everything `jobs` needs, and forks one for each command that is to be typed.

Told on standard input, a JSON line each (a `Command`); answers on standard output, a JSON line for each that has
ended: {"number": n, "ended": code}, where a signal's number is negative. The first one is typed in this process itself,
so that all that is imported and built for a run is there; every other one is a process of its own, killed as any is.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress

from tests.faults import typist
from tests.faults.command import Command


def main() -> None:
    """Serves until standard input ends."""
    asked, answered = os.dup(0), os.dup(1)
    heard, told = os.pipe()
    for end in (heard, told):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(told)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: dict[int, int] = {}
    pending, warm = b"", False
    while True:
        ready, _, _ = select.select([asked, heard], [], [])
        if heard in ready:
            with suppress(BlockingIOError):
                os.read(heard, 4096)
            for number, ended in _reaped(children):
                _tell(answered, number, ended)
        if asked in ready:
            read = os.read(asked, 1 << 20)
            if not read:
                return
            *lines, pending = (pending + read).split(b"\n")
            for line in lines:
                command = Command.parse(line)
                if not warm:
                    warm = True
                    _tell(answered, command.number, _warmed(command))
                    continue
                child = os.fork()
                if not child:
                    _child(command)
                children[child] = command.number


def _tell(answered: int, number: int, ended: int) -> None:
    os.write(answered, json.dumps({"number": number, "ended": ended}).encode() + b"\n")


def _reaped(children: dict[int, int]) -> Iterator[tuple[int, int]]:
    while children:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        yield children.pop(child), os.waitstatus_to_exitcode(status)


def _warmed(command: Command) -> int:
    """Types it here. Only a process with one thread can be forked."""
    ended = typist.type_it(command)
    sys.stdout.flush()
    sys.stderr.flush()
    assert threading.active_count() == 1
    gc.collect()
    # What is there is looked through no more: children share it for as long as nobody writes to it.
    gc.freeze()
    return ended


def _child(command: Command) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        code = typist.type_it(command)
    except BaseException:  # noqa: BLE001 - nothing of the process that was forked may go on
        import traceback

        traceback.print_exc()
        code = 99
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
