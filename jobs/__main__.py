"""Entry point of ``jobs`` and ``python -m jobs``."""

from __future__ import annotations

import gc
import io
import logging
import os
import resource
import signal
import sys
from types import FrameType
from typing import NoReturn

_INTERRUPTED = 130


def main() -> None:
    """Runs the command line, and exits with one of the codes of ``jobs.cli.outcomes``."""
    # Who is stopped by a scheduler or a CI system is told how to go on, as with Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupt)
    # Tokens are in memory, and what a crash leaves of that lies about for anybody.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    # What the libraries warn of comes back in their errors, which are said once: not twice.
    logging.getLogger().addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        # What a terminal's encoding lacks is written another way, rather than being a fault.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # What is imported stays: a command that takes half a second need not look through it for garbage.
    gc.set_threshold(100_000, 20, 50)
    try:
        from jobs.cli.app import app

        app(prog_name="jobs")
    except KeyboardInterrupt:
        # Before a verb began.
        sys.exit(_INTERRUPTED)
    finally:
        _flush()


def _flush() -> None:
    """What is written to a reader that has gone away (``jobs … | head``) is dropped without a word."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more at its end, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
