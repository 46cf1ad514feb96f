"""Records in CSV: the first row names the columns, texts may hold line breaks, and memory is that of one row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from jobs.data.conversion.record import Record
from jobs.data.reading.json_line import shortened

_DELIMITERS = ",;\t|"
_LONGEST = 32 * 1024 * 1024


def records(source: BinaryIO) -> Iterator[Record]:
    """A record for each row below the head. The delimiter is the one that parts the head into most columns.

    A row with more or fewer fields than the head is a fault. After a quote that is never closed, or bytes that are no
    UTF-8, nothing more can be read.
    """
    # A field may be as long as an example; Python's own limit is 128 KiB.
    csv.field_size_limit(_LONGEST)
    lines = _Lines(source)
    begun = 1
    try:
        delimiter = _delimiter(lines)
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        begun = lines.number + 1
        head = [name.strip() for name in next(rows, [])]
        if (fault := _head_fault(head)) is not None:
            yield Record(f"line {begun}", None, fault)
            return
        begun = lines.number + 1
        for row in rows:
            yield _record(f"line {begun}", head, row)
            begun = lines.number + 1
    except csv.Error as error:
        yield Record(f"line {begun}", None, f"is no CSV, and nothing after it is read: {error}")
    except UnicodeDecodeError:
        yield Record(f"line {lines.number}", None, "is not UTF-8, and nothing after it is read: save the file as UTF-8")


class _Lines:
    """The lines of a file as text, counted as they are read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._kept: str | None = None
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._next():
            yield line

    def peek(self) -> str:
        """The next line, which is given again."""
        self._kept = self._next()
        self.number -= 1
        return self._kept

    def _next(self) -> str:
        self.number += 1
        if self._kept is not None:
            kept, self._kept = self._kept, None
            return kept
        data = self._source.readline(_LONGEST)
        if len(data) == _LONGEST:
            raise csv.Error(f"the line is longer than {_LONGEST // 2**20} MiB")
        return data.decode("utf-8-sig" if self.number == 1 else "utf-8")


def _record(place: str, head: list[str], row: list[str]) -> Record:
    if not any(cell.strip() for cell in row):
        return Record(place, None)
    if len(row) != len(head):
        return Record(
            place, None, f"has {len(row)} field{'' if len(row) == 1 else 's'}, where the head has {len(head)}"
        )
    return Record(place, dict(zip(head, row, strict=True)))


def _delimiter(lines: _Lines) -> str:
    """What Excel may say above the head (``sep=;``), which is read over; else what the head shows."""
    first = lines.peek()
    if first.lower().startswith("sep=") and len(first.strip("\r\n")) == len("sep=;"):
        next(iter(lines))
        return first[4]

    def columns(delimiter: str) -> int:
        return len(next(csv.reader([first], delimiter=delimiter), []))

    return max(_DELIMITERS, key=columns)


def _head_fault(head: list[str]) -> str | None:
    if not head:
        return "is empty: the first row names the columns"
    twice = sorted({name for name in head if head.count(name) > 1})
    return f"has the column {shortened(twice[0])} twice" if twice else None
