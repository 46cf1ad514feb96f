"""Mending a JSONL file where the meaning is certain: how it is written changes, never what it says.

What is mended: a byte order mark, CR LF, blank lines, UTF-16 and UTF-32, bytes of Windows-1252 that are no UTF-8, curly
quotes in the place of JSON's own, commas before a closing bracket or after the example, True, False and None, single
quotes as Python prints them, control characters within a text, and the deprecated functions, which become tools. A
line that was JSON stays byte for byte, functions aside. Where two meanings are possible the line stays as it is, and
is told.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO

from jobs.data.mending.loose_json import repaired
from jobs.data.mending.modern_tools import as_tools
from jobs.data.mending.windows_text import certain_text
from jobs.data.reading.json_line import BadLine, parse_object

LONGEST = 8 * 1024 * 1024
"""A longer line (in bytes) is copied as it is."""
KEPT = 1000
"""So many lines are kept of each kind of change, and of what was left; the others are counted."""
RULES = frozenset(
    {"syntax-bom", "syntax-blank-line", "syntax-crlf", "syntax-encoding", "syntax-json", "schema-functions"}
)
"""What breaks these can be mended, mostly."""
_BOM = "\ufeff"


@dataclass(frozen=True)
class Change:
    """One kind of change. ``lines``: where, from 1 in the original; ``count``: how many, kept or not."""

    what: str
    lines: tuple[int, ...]
    count: int


@dataclass(frozen=True)
class Left:
    """A line that no certain mending was found for, and what is wrong with it."""

    line: int
    why: str


@dataclass(frozen=True)
class Mending:
    """What was done to a file, and what was not."""

    changes: tuple[Change, ...]
    left: tuple[Left, ...]
    left_count: int


def mend(source: BinaryIO, write: Callable[[bytes], object]) -> Mending:
    """Reads ``source``, which can be sought, from its beginning, and writes the mended file.

    Memory is that of one line, at most LONGEST. Without changes nothing else was written than was read; UTF-16 that is
    broken is no change, and the copy is incomplete then. Raises what ``source`` and ``write`` raise.
    """
    mender = _Mender(write)
    encoding = _wide(source.read(4))
    source.seek(0)
    if encoding is None:
        for piece in iter(lambda: source.readline(LONGEST), b""):
            mender.line(piece)
        return mender.mending()
    mender.note(f"{encoding[:6].upper()} became UTF-8", 1)
    text = TextIOWrapper(source, encoding=encoding, errors="surrogatepass", newline="\n")
    try:
        for line in iter(lambda: text.readline(LONGEST), ""):
            mender.line(line.encode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        why = f"begins as {encoding[:6].upper()} does, and breaks off in the middle of a character"
        return Mending((), (Left(1, why),), 1)
    finally:
        text.detach()
    return mender.mending()


def _wide(start: bytes) -> str | None:
    """By its mark; or by the first brace, which JSONL begins with (RFC 4627, section 3)."""
    for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        # That of UTF-16 is the beginning of that of UTF-32.
        if start.startswith(("\ufeff".encode(encoding), "{".encode(encoding))):
            return encoding
    return None


class _Mender:
    """One file, a line at a time."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._number = 1
        self._changed: dict[str, list[int]] = {}
        self._counts: Counter[str] = Counter()
        self._left: list[Left] = []
        self._left_count = 0
        self._within = False

    def note(self, what: str, line: int) -> None:
        self._counts[what] += 1
        lines = self._changed.setdefault(what, [])
        if len(lines) < KEPT:
            lines.append(line)

    def line(self, raw: bytes) -> None:
        """A line with its end; or a piece of one that is too long to be looked at."""
        ended = raw.endswith(b"\n")
        if self._within or (not ended and len(raw) >= LONGEST):
            if not self._within:
                self._leave("is too long to be mended")
            self._write(raw)
        else:
            self._write(self._mended(raw, last=not ended))
        self._within = not ended
        self._number += ended

    def mending(self) -> Mending:
        changes = tuple(Change(what, tuple(lines), self._counts[what]) for what, lines in self._changed.items())
        return Mending(changes, tuple(self._left), self._left_count)

    def _leave(self, why: str) -> None:
        self._left_count += 1
        if len(self._left) < KEPT:
            self._left.append(Left(self._number, why))

    def _mended(self, raw: bytes, *, last: bool) -> bytes:
        notes: list[str] = []
        content, end = (raw, b"") if last else (raw[:-1], b"\n")
        if content.endswith(b"\r"):
            notes.append("CR LF became LF")
            content = content.removesuffix(b"\r")
        text = _decoded(content, notes)
        if text is None:
            self._leave("is not UTF-8, and its encoding is not certain")
            return raw
        if text.startswith(_BOM):
            notes.append("the byte order mark was removed")
            text = text.removeprefix(_BOM)
        if not text.strip(" \t\r"):
            notes = ["blank lines were removed"]
            text, end = "", b""
        else:
            text = self._mended_text(text, notes, last=last)
        for what in notes:
            self.note(what, self._number)
        return text.encode("utf-8", "surrogatepass") + end

    def _mended_text(self, text: str, notes: list[str], *, last: bool) -> str:
        try:
            example = parse_object(text.encode("utf-8", "surrogatepass"), last=last)
        except BadLine as bad:
            found = repaired(text)
            if found is None:
                self._leave(bad.message)
                return text
            notes += found.notes
            text, example = found.text, found.value
        modern = as_tools(example) if "functions" in example else None
        if modern is None:
            return text
        notes.append("functions became tools")
        return json.dumps(modern, ensure_ascii=False)


def _decoded(content: bytes, notes: list[str]) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        text = certain_text(content)
        if text is not None:
            notes.append("Windows-1252 became UTF-8")
        return text
