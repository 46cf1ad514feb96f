"""A terminal's screen, as far as what is written to it by `jobs` moves about on one."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

import pytest

_PIECE = re.compile(r"\x1b\[(?P<private>\?)?(?P<number>[\d;]*)(?P<what>[A-Za-z])|(?P<plain>[^\x1b])", re.DOTALL)


class Screen:
    """Takes what is written; ``rows`` is what stands there. A window of ``columns``; nothing ever leaves it above."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.cursor_shown = True
        self._rows: list[str] = [""]
        self._row = 0
        self._column = 0

    @property
    def rows(self) -> list[str]:
        """Without blanks at their ends, and without empty ones at the end."""
        return "\n".join(row.rstrip() for row in self._rows).rstrip("\n").split("\n")

    def write(self, text: str) -> None:
        for piece in _PIECE.finditer(text):
            if piece["plain"] is not None:
                self._put(piece["plain"])
                continue
            match piece["what"], piece["number"]:
                case "A", number:
                    self._row = max(0, self._row - int(number or 1))
                case "K", "2":
                    self._rows[self._row] = ""
                case "J", _:
                    self._rows = [*self._rows[: self._row], self._rows[self._row][: self._column]]
                case ("h" | "l") as shown, "25":
                    self.cursor_shown = shown == "h"
                case "m", _:
                    pass
                case other:
                    raise AssertionError(f"the screen knows no {other}")

    def _put(self, character: str) -> None:
        if character == "\r":
            self._column = 0
        elif character == "\n":
            self._line_feed()
            # As a terminal's driver does with what a program writes.
            self._column = 0
        else:
            if self._column >= self.columns:
                self._line_feed()
                self._column = 0
            row = self._rows[self._row].ljust(self._column)
            self._rows[self._row] = row[: self._column] + character + row[self._column + 1 :]
            self._column += 1

    def _line_feed(self) -> None:
        self._row += 1
        if self._row == len(self._rows):
            self._rows.append("")


class Window(io.StringIO):
    """A terminal in this process; ``columns`` may change at any time."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.columns = columns
        self.shown = Screen(columns)

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.shown.columns = self.columns
        self.shown.write(text)
        return len(text)


@contextmanager
def window(columns: int = 80) -> Iterator[Window]:
    """Standard output is one."""
    made = Window(columns)
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(made):
        patched.setattr("os.get_terminal_size", lambda _=0: os.terminal_size((made.columns, 24)))
        patched.setenv("TERM", "xterm")
        for name in ("COLUMNS", "LINES"):
            patched.delenv(name, raising=False)
        yield made
