"""A command run against the local Azure: its signals, its exit code, and its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType

from simulator.errors import Unusable

PATIENCE = 5.0
"""Seconds a child gets to end by itself before it is killed."""


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Runs the command to its end and says its exit code: 128 and the signal's number where a signal ended it.

    SIGTERM, SIGHUP and SIGINT are passed on. Raises Unusable where the command can't be started.
    """
    try:
        child = subprocess.Popen(command, env=dict(environment))
    except OSError as problem:
        raise Unusable(f"can't start {command[0]}: {problem.strerror}") from problem
    try:
        with _passing_on(child):
            code = child.wait()
    finally:
        _end(child)
    return code if code >= 0 else 128 - code


@contextlib.contextmanager
def _passing_on(child: subprocess.Popen[bytes]) -> Iterator[None]:
    def passed_on(number: int, _: FrameType | None) -> None:
        # A Ctrl-C at the terminal reaches the whole foreground group: passed on as well, it would count twice.
        if number != signal.SIGINT or not _in_foreground():
            child.send_signal(number)

    before = {each: signal.signal(each, passed_on) for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
