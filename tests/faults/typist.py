"""A command typed in this process, which nothing else will ever run in: with a clock of the test's, step by step."""

from __future__ import annotations

import os
import socket
import sys
from datetime import UTC, datetime

from jobs.clock import SystemClock
from jobs.tuning.journals import holder
from tests.faults import steps
from tests.faults.command import Command


class Time:
    """The test's time, at the other end of a socket (tests/faults/hand_time.py)."""

    def __init__(self, path: str, number: int) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._answers = self._socket.makefile("r")
        self._ask(f"here {number}")

    def now(self) -> datetime:
        return datetime.fromtimestamp(float(self._ask("now")), UTC)

    def sleep(self, seconds: float) -> None:
        self._ask(f"sleep {max(0.0, seconds)!r}")

    def _ask(self, words: str) -> str:
        self._socket.sendall(f"{words}\n".encode())
        return self._answers.readline()


def type_it(command: Command) -> int:
    """The exit code."""
    os.chdir(command.folder)
    os.environ.clear()
    os.environ.update(command.environment)
    _redirect(0, os.devnull, os.O_RDONLY)
    _redirect(1, f"{command.output}/out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    _redirect(2, f"{command.output}/err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    time = Time(command.time, command.number)
    # The class's own, so that whoever makes a clock has this one.
    SystemClock.now = time.now  # type: ignore[assignment,method-assign]
    SystemClock.sleep = time.sleep  # type: ignore[assignment,method-assign]
    if command.elsewhere:
        holder._place = lambda: "another machine"
    steps.announced_to(steps.Announcer(command, time.sleep))
    sys.argv = ["jobs", *command.words]
    from jobs.__main__ import main

    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return 0


def _redirect(descriptor: int, path: str, flags: int) -> None:
    opened = os.open(path, flags, 0o600)
    os.dup2(opened, descriptor)
    os.close(opened)
