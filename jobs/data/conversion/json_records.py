"""Records in JSON: a line each, all in one list, or one after the other, indented. All are read piece by piece."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from jobs.data.conversion.record import Record
from jobs.data.reading.json_line import BadLine, parse_object

LONGEST = 32 * 1024 * 1024
"""Bytes of a line, characters of a record in a list: more is not held in memory."""
_PIECE = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_BLANK = re.compile(r"[ \t\r\n]*")


def is_list(source: BinaryIO) -> bool:
    """Whether the first character is a bracket; ``source`` stands at its beginning again."""
    start = source.read(_PIECE).removeprefix(_BOM).lstrip()
    source.seek(0)
    return start.startswith(b"[")


def is_lines(source: BinaryIO) -> bool:
    """Whether it is JSONL, by its first line: that neither goes on nor has more than one value."""
    if is_list(source):
        return False
    data = source.readline(LONGEST).removeprefix(_BOM)
    source.seek(0)
    try:
        line = data.decode()
        json.loads(line)
    except json.JSONDecodeError as error:
        goes_on = error.msg == "Extra data" or not line[error.pos :].strip()
        return not (goes_on and line.lstrip().startswith("{"))
    except (ValueError, RecursionError):
        pass
    return True


def records(source: BinaryIO) -> Iterator[Record]:
    """The records of JSONL, of a JSON list, or of objects one after the other; those that can't be read included."""
    return _of_lines(source) if is_lines(source) else _of_text(source)


def _of_lines(source: BinaryIO) -> Iterator[Record]:
    number = 0
    while raw := source.readline(LONGEST):
        number += 1
        place = f"line {number}"
        if not raw.endswith(b"\n") and len(raw) == LONGEST:
            while raw and not raw.endswith(b"\n"):
                raw = source.readline(_PIECE)
            yield Record(place, None, f"is longer than {LONGEST // 2**20} MiB")
            continue
        data = raw.removeprefix(_BOM) if number == 1 else raw
        yield _record(place, data.rstrip(b"\r\n"), last=not raw.endswith(b"\n"))


def _record(place: str, data: bytes, *, last: bool = False) -> Record:
    if not data.strip():
        return Record(place, None)
    try:
        return Record(place, parse_object(data, last=last))
    except BadLine as bad:
        return Record(place, None, bad.message)


def _of_text(source: BinaryIO) -> Iterator[Record]:
    """Ends at the first place that is not JSON: what follows it cannot be told apart any more."""
    read = _items if is_list(source) else _values
    window = _Window(source)
    try:
        yield from read(window)
    except UnicodeDecodeError:
        yield Record(f"line {window.line}", None, "is not UTF-8, here or further down")


def _items(window: _Window) -> Iterator[Record]:
    window.skip_blank()
    window.take()
    number = 0
    while True:
        following = window.skip_blank()
        if following == "]":
            window.take()
            if window.skip_blank():
                yield Record(f"line {window.line}", None, "stands after the end of the list")
            return
        if number:
            if following != ",":
                yield Record(f"line {window.line}", None, "has no comma or bracket after a record: the list breaks off")
                return
            window.take()
            window.skip_blank()
        number += 1
        place = f"record {number} (line {window.line})"
        item = window.item()
        if item is None:
            yield Record(place, None, "is not JSON, or the list breaks off here")
            return
        yield _record(place, item.encode("utf-8", "surrogatepass"))


def _values(window: _Window) -> Iterator[Record]:
    """Without a list around them; a comma may stand between."""
    number = 0
    while following := window.skip_blank():
        if number and following == ",":
            window.take()
            if not window.skip_blank():
                return
        number += 1
        place = f"record {number} (line {window.line})"
        item = window.item()
        if item is None:
            yield Record(place, None, "is not JSON, or the file breaks off here")
            return
        yield _record(place, item.encode("utf-8", "surrogatepass"))


class _Window:
    """The part of the text that is looked at, and the place in it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder()
        self._ended = False
        self._text = ""
        self._at = 0
        self.line = 1

    def take(self) -> None:
        """Steps over one character."""
        self._go(self._at + 1)

    def skip_blank(self) -> str:
        """The next character that is none; "" at the end."""
        while True:
            self._go(_BLANK.match(self._text, self._at).end())  # type: ignore[union-attr]  # It matches nothing, too.
            if self._at < len(self._text) or not self._more(_PIECE):
                return self._text[self._at : self._at + 1]

    def item(self) -> str | None:
        """The text of the next value; None where there is none."""
        while True:
            begun = self._at
            try:
                _, end = self._json.raw_decode(self._text, begun)
            except (ValueError, RecursionError):
                # What is cut off looks like what is wrong. As much again is read each time, so that it stays linear.
                seen = len(self._text) - begun
                if seen > LONGEST or not self._more(max(seen, _PIECE)):
                    return None
                continue
            found = self._text[begun:end]
            self._go(end)
            return found

    def _go(self, place: int) -> None:
        self.line += self._text.count("\n", self._at, place)
        self._at = place

    def _more(self, size: int) -> bool:
        """Whether there was more to read. What lies behind is forgotten."""
        if self._ended:
            return False
        data = self._source.read(size)
        self._ended = not data
        self._text = self._text[self._at :] + self._decoder.decode(data, final=self._ended)
        self._at = 0
        return not self._ended
