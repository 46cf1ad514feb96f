"""What goes on is redrawn in place, whatever becomes of the terminal meanwhile."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import ioctl
from select import select

import pytest
import typer
from rich.text import Text

from jobs.cli.redrawn import follow
from tests.checkout import ROOT
from tests.jobs.cli.screen import Screen, Window, window


def show(looks: Iterable[str]) -> None:
    follow(looks, line=lambda look: [f"line: {look}"], drawn=lambda look, _: Text(look))


def test_one_look_is_drawn_over_the_other_and_the_last_stays() -> None:
    with window() as terminal:
        show(["pending", "running · step 1", "succeeded"])

    assert terminal.shown.rows == ["succeeded"]
    assert terminal.shown.cursor_shown


def test_in_a_narrow_window_it_takes_several_rows_and_all_are_drawn_over() -> None:
    long = "clippy: running · step 12 of 60 · train loss 1.234 · valid loss 1.310 · 0:04:10"
    seen: list[list[str]] = []

    def looks(terminal: Window) -> Iterator[str]:
        for look in (long, long.replace("12", "13"), "done"):
            yield look
            seen.append(terminal.shown.rows)

    with window(20) as terminal:
        show(looks(terminal))

    assert " ".join(seen[0]) == long
    assert " ".join(seen[1]) == long.replace("12", "13")
    assert max(len(row) for row in seen[1]) <= 20
    assert terminal.shown.rows == ["done"]


def test_a_window_that_changes_its_size_is_drawn_on_at_once() -> None:
    """Nobody waits for the next look, which may be a minute away."""
    seen: list[list[str]] = []

    def looks(terminal: Window) -> Iterator[str]:
        yield "one two three four five"
        terminal.columns = 12
        os.kill(os.getpid(), signal.SIGWINCH)
        seen.append(terminal.shown.rows)

    with window() as terminal:
        show(looks(terminal))

    assert seen == [["one two", "three four", "five"]]


def test_what_is_said_meanwhile_stands_above_it() -> None:
    def looks() -> Iterator[str]:
        yield "running"
        typer.echo("clippy: submitted as ftjob-1")
        yield "succeeded"

    with window() as terminal:
        show(looks())

    assert terminal.shown.rows == ["clippy: submitted as ftjob-1", "succeeded"]


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_go_back_gets_lines(term: str) -> None:
    with window() as terminal, pytest.MonkeyPatch.context() as patched:
        patched.setenv("TERM", term)
        show(["pending", "succeeded"])

    assert terminal.shown.rows == ["line: pending", "line: succeeded"]


def test_no_terminal_gets_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show(["pending", "succeeded"])

    assert capsys.readouterr().out == "line: pending\nline: succeeded\n"


def test_signals_are_handled_as_before_once_it_ends() -> None:
    numbers = (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH)
    before = [signal.getsignal(number) for number in numbers]
    with window() as terminal, pytest.raises(KeyboardInterrupt):
        show(interrupted())

    assert [signal.getsignal(number) for number in numbers] == before
    assert terminal.shown.rows == ["running"]
    assert terminal.shown.cursor_shown


def interrupted() -> Iterator[str]:
    yield "running"
    raise KeyboardInterrupt


CTRL_Z = b"\x1a"
CUT = re.compile(r"(\x1b(\[\??[\d;]*)?)?\Z")


@dataclass
class Terminal:
    """A real one, with a shell and a command in it (see ``stopping``)."""

    master: int
    looks: int
    said: socket.socket
    screen: Screen = field(default_factory=lambda: Screen(40))
    _cut: str = ""

    def look(self) -> None:
        os.write(self.looks, b".")

    def press(self, key: bytes) -> None:
        os.write(self.master, key)

    def shows(self, rows: list[str]) -> None:
        """Waits until it does."""
        while self.screen.rows != rows:
            assert self._read(10), f"nothing more is drawn: {self.screen.rows}"

    def reads_on(self) -> None:
        """Until nothing more comes."""
        while self._read(0.1):
            pass

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select([self.master], [], [], seconds)
        if ready:
            text = self._cut + os.read(self.master, 4096).decode().replace("\r\n", "\n")
            # An order that comes in two pieces.
            self._cut = CUT.search(text)[0]  # type: ignore[index]  # It matches everything.
            self.screen.write(text.removesuffix(self._cut))
        return bool(ready)


@contextmanager
def terminal() -> Iterator[Terminal]:
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    reading, writing = os.pipe()
    ours, theirs = socket.socketpair()
    ours.settimeout(10)
    environment = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
    shell = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.cli.stopping", str(reading), str(theirs.fileno())],
        cwd=ROOT,
        env=environment | {"TERM": "xterm"},
        stdin=slave,
        stdout=slave,
        stderr=subprocess.DEVNULL,
        pass_fds=(reading, theirs.fileno()),
        start_new_session=True,
    )
    for each in (slave, reading):
        os.close(each)
    theirs.close()
    try:
        yield Terminal(master, writing, ours)
    finally:
        shell.kill()
        shell.wait()
        ours.close()
        for each in (master, writing):
            os.close(each)


def test_stopped_and_fetched_back_it_is_drawn_again() -> None:
    """Ctrl-Z, then fg; a window that is made smaller; then bg, where nothing is drawn."""
    with terminal() as open_:
        open_.look()
        open_.shows(["look 1 in 40 columns"])
        assert not open_.screen.cursor_shown

        open_.press(CTRL_Z)
        assert open_.said.recv(1) == b"s"
        open_.reads_on()
        assert open_.screen.cursor_shown
        open_.said.send(b"f")
        # The shell's own words would stand between the two.
        open_.shows(["look 1 in 40 columns", "look 1 in 40 columns"])
        open_.look()
        open_.shows(["look 1 in 40 columns", "look 2 in 40 columns"])

        ioctl(open_.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 30, 0, 0))
        open_.shows(["look 1 in 40 columns", "look 2 in 30 columns"])

        open_.press(CTRL_Z)
        assert open_.said.recv(1) == b"s"
        open_.reads_on()
        drawn = open_.screen.rows
        open_.said.send(b"b")
        open_.look()
        open_.reads_on()
        assert open_.screen.rows == drawn
