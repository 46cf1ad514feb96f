"""Records in JSON: a line each, or all in one list. Both are read piece by piece."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO

from jobs.data.conversion.record import Record
from jobs.data.json_line import BadLine, parse_object

LONGEST = 32 * 1024 * 1024
"""Bytes of a line, characters of a record in a list: more is not held in memory."""
_PIECE = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_BLANK = " \t\r\n"


def is_list(source: BinaryIO) -> bool:
    """Whether the first character is a bracket; ``source`` stands at its beginning again."""
    start = source.read(_PIECE).removeprefix(_BOM).lstrip()
    source.seek(0)
    return start.startswith(b"[")


def records(source: BinaryIO) -> Iterator[Record]:
    """The records of JSONL or of a JSON list, those that cannot be read included."""
    return _of_list(source) if is_list(source) else _of_lines(source)


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


def _of_list(source: BinaryIO) -> Iterator[Record]:
    """Ends at the first place that is not JSON: what follows it cannot be told apart any more."""
    window = _Window(source)
    try:
        yield from _items(window)
    except UnicodeDecodeError:
        yield Record(f"line {window.line}", None, "is not UTF-8, here or further down")


def _items(window: _Window) -> Iterator[Record]:
    window.skip_blank()
    window.take(1)
    number = 0
    while True:
        if window.skip_blank() == "]":
            window.take(1)
            if window.skip_blank():
                yield Record(f"line {window.line}", None, "stands after the end of the list")
            return
        if number:
            if window.text[:1] != ",":
                yield Record(f"line {window.line}", None, "has no comma or bracket after a record: the list breaks off")
                return
            window.take(1)
            window.skip_blank()
        number += 1
        place = f"record {number} (line {window.line})"
        item = window.item()
        if item is None:
            yield Record(place, None, "is not JSON, or the list breaks off here")
            return
        yield _record(place, item.encode("utf-8", "surrogatepass"))


class _Window:
    """The part of the text that is looked at."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder()
        self._ended = False
        self.text = ""
        self.line = 1

    def more(self, size: int = _PIECE) -> bool:
        """Whether there was more to read."""
        if self._ended:
            return False
        data = self._source.read(size)
        self._ended = not data
        self.text += self._decoder.decode(data, final=self._ended)
        return not self._ended

    def take(self, count: int) -> None:
        self.line += self.text.count("\n", 0, count)
        self.text = self.text[count:]

    def skip_blank(self) -> str:
        """The next character that is none; "" at the end."""
        while True:
            self.take(len(self.text) - len(self.text.lstrip(_BLANK)))
            if self.text or not self.more():
                return self.text[:1]

    def item(self) -> str | None:
        """The text of the next value; None where there is none."""
        size = _PIECE
        while True:
            try:
                _, end = self._json.raw_decode(self.text)
            except (ValueError, RecursionError):
                # What is cut off looks like what is wrong. Each time as much again is read, so that it stays linear.
                if len(self.text) > LONGEST or not self.more(size):
                    return None
                size = len(self.text)
                continue
            found = self.text[:end]
            self.take(end)
            return found
