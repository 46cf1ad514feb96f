"""The key ``tuned-models:releases`` as lines of YAML: one fact a line, models sorted, every text in double quotes.

So written, a value reads the same in YAML 1.1 and 1.2, and on Pulumi's way through Go: a digest of digits stays a
text, a day stays a text. Comments that people put between the lines are carried over, each to the line it stood at;
where that line is gone, to the nearest one around it.

Two branches' changes are often merged as text. So a record begins with its model ID, and each fact that may be changed
later stands between two that no other record has: who changes it, while another branch has put another record in the
place, changes a line beside one that the other has changed, and git calls that a conflict. Else it would put the fact,
or the very role, to the wrong record, without a word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from contract.release import Releases
from jobs.stacks.yaml_span import Span, Unwritable, line_end, line_start, walk

KEY = "tuned-models:releases"

Path = tuple[str, ...]
"""Where a line stands: model, then role or, within a record, its model ID, then keys. A record keeps its path as it
moves from candidate to live to previous."""

Order = tuple[str, ...]
_FIRST = ("modelId", "override", "jobId", "evaluation", "runKey", "servedWith", "trainedAt", "withdrawal")
"""The facts that a record begins with; the others follow in the order of its shape."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_OTHER_THAN_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
_LARGEST_EXACT = 2**53
"""Beyond it, Go's JSON numbers lose digits."""


@dataclass
class Line:
    """One line without its line break, and the comments that go with it."""

    path: Path
    indent: int
    text: str
    above: list[str] = field(default_factory=list)
    beside: str | None = None

    def written(self) -> list[str]:
        pad = " " * self.indent
        own = f"{pad}{self.text}" + (f"  {self.beside}" if self.beside else "")
        return [*(f"{pad}{comment}" for comment in self.above), own]


@dataclass(frozen=True)
class Comment:
    """A comment with its ``#``, and the line it belongs to; ``beside``: behind a fact, not on a line of its own."""

    path: Path
    text: str
    beside: bool


def lines(
    releases: Mapping[str, Releases], indent: int, step: int, orders: Mapping[Path, Order] | None = None
) -> list[Line]:
    """The lines of the whole key. Raises Unwritable for a number that would not arrive as it is.

    ``orders`` are those of records that stand in the file already, as ``orders_of`` has them: they are kept.
    """
    written = [Line((), indent, f"{KEY}:")]
    for model in sorted(releases):
        written.append(Line((model,), indent + step, f"{_key(model)}:"))
        written += _model_lines((model,), releases[model], indent + 2 * step, step, orders or {})
    return written


def _model_lines(
    path: Path, releases: Releases, indent: int, step: int, orders: Mapping[Path, Order]
) -> Iterator[Line]:
    dumped = releases.model_dump(mode="json", by_alias=True)
    for role in ("candidate", "live"):
        if dumped[role] is not None:
            record = (*path, str(dumped[role]["modelId"]))
            yield Line(record, indent, f"{role}:")
            yield from _mapping_lines(record, _ordered(path, role, dumped[role], orders), indent + step, step)
    if dumped["previous"]:
        yield Line((*path, "previous"), indent, "previous:")
        for item in dumped["previous"]:
            ordered = _ordered(path, "previous", item, orders)
            yield from _item_lines((*path, str(item["modelId"])), ordered, indent + step, step)


def _ordered(path: Path, role: str, record: Mapping[str, Any], orders: Mapping[Path, Order]) -> dict[str, Any]:
    """As it stands in the file, where it stands in that role already; what is new in it last."""
    order = orders.get((*path, role, str(record["modelId"])), _FIRST)
    return {key: record[key] for key in (*order, *record) if key in record}


def orders_of(value: Node) -> dict[Path, Order]:
    """In which order the facts of each record stand below the key, by model, role and model ID."""
    found: dict[Path, Order] = {}
    for model, releases in _pairs(value):
        for role, below in _pairs(releases):
            for record in below.value if isinstance(below, SequenceNode) else [below]:
                facts = dict(_pairs(record))
                model_id = facts.get("modelId")
                if isinstance(model_id, ScalarNode):
                    found[(model, role, model_id.value)] = tuple(facts)
    return found


def _pairs(node: Node) -> Iterator[tuple[str, Node]]:
    for key, value in node.value if isinstance(node, MappingNode) else ():
        yield str(key.value), value


def _mapping_lines(path: Path, value: Mapping[str, Any], indent: int, step: int) -> Iterator[Line]:
    for key, item in value.items():
        here = (*path, key)
        if item and isinstance(item, dict):
            yield Line(here, indent, f"{_key(key)}:")
            yield from _mapping_lines(here, item, indent + step, step)
        elif item and isinstance(item, list):
            yield Line(here, indent, f"{_key(key)}:")
            for number, entry in enumerate(item):
                yield from _item_lines((*here, str(number)), entry, indent + step, step)
        else:
            yield Line(here, indent, f"{_key(key)}: {_scalar(item)}")


def _item_lines(path: Path, value: Any, indent: int, step: int) -> Iterator[Line]:
    if not (value and isinstance(value, dict)):
        yield Line(path, indent, f"- {_scalar(value)}")
        return
    first, *others = _mapping_lines(path, value, indent + 2, step)
    yield Line(path, indent, f"- {first.text}")
    yield from others


def _key(key: str) -> str:
    plain = _PLAIN.fullmatch(key) and key.lower() not in _OTHER_THAN_TEXT
    return key if plain else _quoted(key)


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) > _LARGEST_EXACT:
            raise Unwritable(f"{value} has more digits than Pulumi keeps")
        return str(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, str):
        return _quoted(value)
    if value in ({}, []):
        return "{}" if value == {} else "[]"
    raise Unwritable(f"{type(value).__name__} is nothing a stack file holds")


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise Unwritable(f"{value} is nothing Pulumi can hold")
    mantissa, exponent, power = repr(value).partition("e")
    # YAML 1.1 knows 1.0e-05 for a number, but 1e-05 for a text.
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}{exponent}{power}"


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise Unwritable("a text holds half a character (a lone surrogate), which UTF-8 cannot hold")
    plain = 0x20 <= code <= 0x7E or 0xA0 <= code <= 0xFFFD or code >= 0x10000
    if plain and code not in (0x2028, 0x2029, 0xFEFF):
        return character
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"


def comments(text: str, key: ScalarNode, value: Node, span: Span) -> list[Comment]:
    """The comments between the lines of ``key: value``."""
    places = [(key.start_mark.index, ()), *_places(value, ())]
    covered = [(key.start_mark.index, key.end_mark.index)]
    covered += [(n.start_mark.index, n.end_mark.index) for n in walk(value) if isinstance(n, ScalarNode)]
    found: list[Comment] = []
    for begin, end in _gaps(covered, span):
        here = begin
        while (mark := text.find("#", here, end)) >= 0:
            stop = line_end(text, mark)
            comment = text[mark:stop].rstrip("\r\n \t")
            beside = bool(text[line_start(text, mark) : mark].strip())
            found.append(Comment(_place(places, mark, beside), comment, beside))
            here = stop
    return found


def with_comments(written: list[Line], kept: list[Comment]) -> list[Line]:
    """The lines, each with the comments that belong to it. None is lost."""
    by_path: dict[Path, Line] = {}
    for line in written:
        by_path.setdefault(line.path, line)
    for comment in kept:
        path = comment.path
        while path not in by_path:
            path = path[:-1]
        line = by_path[path]
        if comment.beside and path == comment.path and line.beside is None:
            line.beside = comment.text
        else:
            line.above.append(comment.text)
    return written


def _places(node: Node, path: Path) -> Iterator[tuple[int, Path]]:
    """Offset and path of every key and item below ``node``, in order of the text."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            if len(here) == 2 and here[1] in ("candidate", "live"):
                here = _record_path(path, value, here)
            yield key.start_mark.index, here
            yield from _places(value, here)
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            here = (*path, str(number))
            if len(here) == 3 and path[1] == "previous":
                here = _record_path(path[:1], item, here)
            yield item.start_mark.index, here
            yield from _places(item, here)


def _record_path(model: Path, record: Node, otherwise: Path) -> Path:
    if isinstance(record, MappingNode):
        for key, value in record.value:
            if key.value == "modelId" and isinstance(value, ScalarNode):
                return (*model, value.value)
    return otherwise


def _place(places: list[tuple[int, Path]], mark: int, beside: bool) -> Path:
    """The path of the line that a comment at ``mark`` is about: its own, or else the next one."""
    if beside:
        return [path for offset, path in places if offset < mark][-1]
    return next((path for offset, path in places if offset > mark), ())


def _gaps(covered: list[tuple[int, int]], span: Span) -> Iterator[tuple[int, int]]:
    """The stretches of the span without a value. An empty value is marked where the next one begins: maybe past it."""
    here = span.start
    for begin, end in [*sorted(covered), (span.end, span.end)]:
        if here < min(begin, span.end):
            yield here, min(begin, span.end)
        here = max(here, end)
