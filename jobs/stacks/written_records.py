"""Records out of many versions of a stack file, quickly: as ``release_lines`` writes them, a fact a line.

A YAML library takes 11 ms for a record, and a history has thousands. What is not written so is nobody's fault: None is
returned, and the library is asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from contract.release import ReleaseRecord, Releases
from jobs.stacks.release_lines import KEY

_HEAD = re.compile(rf"( *)(?:{re.escape(KEY)}|\"{re.escape(KEY)}\"|'{re.escape(KEY)}') *:(.*)")
_FIRST = re.compile(r"^( *)[^ #\n]", re.MULTILINE)
"""Of a line that says something."""
_LINE = re.compile(r'( *)(- )?(?:("(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_-]*):(?: (.*))?|(.+))')
_KEY = re.compile(r""" *["'\w][^\n]*:""")
_DEEPEST = 20


class _Otherwise(Exception):
    """It is not written as ``release_lines`` does."""


@dataclass(frozen=True)
class _Row:
    """A line. ``dash``: it begins an item, which is then indented by two more; no key: a value alone."""

    indent: int
    dash: bool
    key: str | None
    value: str


@dataclass
class WrittenRecords:
    """Of one model. What was read once is not read again: most of a version stands in the one before."""

    model: str
    _models: dict[str, Releases] = field(default_factory=dict, init=False, repr=False)
    _records: dict[str, ReleaseRecord] = field(default_factory=dict, init=False, repr=False)

    def of(self, content: bytes) -> Releases | None:
        """The model's records in the file's content; None where it is not written as jobs writes it."""
        try:
            block = _block(content.decode("utf-8-sig").replace("\r\n", "\n"), self.model)
            if block not in self._models:
                self._models[block] = self._releases(block)
            return self._models[block]
        except (_Otherwise, UnicodeDecodeError, ValidationError):
            return None

    def _releases(self, block: str) -> Releases:
        places: dict[str, Any] = {}
        for piece in _pieces(block):
            head, _, below = piece.partition("\n")
            key, colon, value = head.strip().partition(":")
            if not colon or key in places or (below.strip() and value.strip()):
                raise _Otherwise
            if not below.strip():
                places[key] = _scalar(value)
            elif key == "previous":
                places[key] = tuple(self._record(item) for item in _pieces(below))
            else:
                places[key] = self._record(below)
        return Releases.model_validate(places)

    def _record(self, text: str) -> ReleaseRecord:
        """Of its lines, or of an item of ``previous``, which begins with a dash."""
        if text not in self._records:
            rows = _rows(text)
            outer = rows[1:] if rows and rows[0].dash else rows
            self._records[text] = ReleaseRecord.model_validate(_mapping(outer, _DEEPEST))
        return self._records[text]


def _block(text: str, model: str) -> str:
    """The lines below the model's key; empty where it has none."""
    at = text.find(KEY)
    if at < 0:
        return ""
    head = _HEAD.match(text, text.rfind("\n", 0, at) + 1)
    if head is None or head[2].strip() or text.find(KEY, head.end()) >= 0:
        raise _Otherwise
    whole = _deeper(text, head.end() + 1, len(head[1]))
    first = _FIRST.search(whole)
    if first is None:
        return ""
    indent = len(first[1])
    heads = list(
        re.finditer(rf"^ {{{indent}}}(?:{re.escape(model)}|\"{re.escape(model)}\"):(.*)$", whole, re.MULTILINE)
    )
    if len(heads) > 1 or (heads and heads[0][1].strip()):
        raise _Otherwise
    return _deeper(whole, heads[0].end() + 1, indent) if heads else ""


def _deeper(text: str, start: int, indent: int) -> str:
    """The lines from ``start`` on, as far as they are indented deeper. What ends them is another key."""
    end = re.compile(rf"^ {{0,{indent}}}[^ #\n]", re.MULTILINE).search(text, start)
    if end is not None and _KEY.match(text, end.start()) is None:
        raise _Otherwise
    return text[start : end.start() if end else len(text)]


def _pieces(block: str) -> list[str]:
    """Each line of the outermost level, with those below it."""
    first = _FIRST.search(block)
    if first is None:
        return []
    outermost = re.compile(rf"^(?= {{{len(first[1])}}}[^ #\n])", re.MULTILINE)
    return [piece for piece in outermost.split(block) if _FIRST.search(piece)]


def _rows(block: str) -> list[_Row]:
    lines = (line.rstrip() for line in block.split("\n"))
    return [row for line in lines if line and line.lstrip()[0] != "#" for row in _of_line(line)]


def _of_line(line: str) -> Iterator[_Row]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _Otherwise
    indent = len(found[1])
    if found[2]:
        yield _Row(indent, dash=True, key=None, value="")
        indent += 2
    key = found[3]
    if key is None:
        yield _Row(indent, dash=False, key=None, value=found[5])
    else:
        yield _Row(indent, dash=False, key=_scalar(key) if key.startswith('"') else key, value=(found[4] or "").strip())


def _parts(rows: Sequence[_Row]) -> Iterator[tuple[_Row, Sequence[_Row]]]:
    """Each row of the outermost level with those below it."""
    at = 0
    while at < len(rows):
        end = at + 1
        while end < len(rows) and rows[end].indent > rows[at].indent:
            end += 1
        if rows[at].indent != rows[0].indent:
            raise _Otherwise
        yield rows[at], rows[at + 1 : end]
        at = end


def _items(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    for row, below in _parts(rows):
        if not row.dash or not below:
            raise _Otherwise
        yield below


def _mapping(rows: Sequence[_Row], deepest: int) -> Mapping[str, Any]:
    if deepest == 0:
        raise _Otherwise
    found: dict[str, Any] = {}
    for row, below in _parts(rows):
        if row.dash or row.key is None or row.key in found or (below and row.value):
            raise _Otherwise
        found[row.key] = _value(below, deepest - 1) if below else _scalar(row.value)
    return found


def _value(rows: Sequence[_Row], deepest: int) -> Any:
    if not rows[0].dash:
        return _mapping(rows, deepest)
    return [
        _scalar(item[0].value)
        if item[0].key is None and len(item) == 1 and not item[0].dash
        else _mapping(item, deepest)
        for item in _items(rows)
    ]


def _scalar(text: str) -> Any:
    """``null``, a number, a text in double quotes, ``[]`` or ``{}``: what YAML and JSON read alike."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _Otherwise from None
    if isinstance(found, (dict, list)) and found:
        raise _Otherwise
    return found
