"""A command with a progress display, and the shell that started it, for tests that stop the one and fetch it back.

Started with the fds of two pipes, and a terminal as standard input and output: the command shows a look for each byte
of the first pipe; the shell says on the second that it has stopped, and then takes a byte as fg (f) or bg (b).
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import termios
from collections.abc import Iterator
from contextlib import suppress


def _command(looks: int) -> None:
    from rich.text import Text

    from jobs.cli.redrawn import follow

    def asked() -> Iterator[int]:
        number = 0
        while os.read(looks, 1):
            number += 1
            yield number

    follow(asked(), line=lambda _: [], drawn=lambda number, width: Text(f"look {number} in {width} columns"))


def _shell(command: int, said: int) -> None:
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.tcsetpgrp(0, command)
    while True:
        _, status = os.waitpid(command, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            os.write(said, b"e")
            return
        os.tcsetpgrp(0, os.getpgrp())
        os.write(said, b"s")
        if os.read(said, 1) == b"f":
            os.tcsetpgrp(0, command)
        os.kill(command, signal.SIGCONT)


def main() -> None:
    looks, said = (int(word) for word in sys.argv[1:])
    # The session is this process's own: so is the terminal from now on.
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    command = os.fork()
    if command == 0:
        with suppress(PermissionError):
            os.setpgid(0, 0)
        while os.tcgetpgrp(0) != os.getpgrp():
            pass
        _command(looks)
        return
    with suppress(PermissionError):
        os.setpgid(command, command)
    _shell(command, said)


if __name__ == "__main__":
    main()
