"""The releases of a document: read from it, and put into it. Bytes to bytes; no file is touched here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from contract.faults import joined, of_validation
from contract.naming import ModelName
from contract.release import Releases
from contract.shape import Shape
from contract.stack_config import NAMESPACE
from jobs.stacks.release_lines import KEY, comments, lines, orders_of, with_comments
from jobs.stacks.yaml_span import BOM, Document, Span, Unwritable, line_of


class _Recorded(Shape):
    """What the key holds, under the name it has within the namespace."""

    releases: dict[ModelName, Releases] = Field(default_factory=dict)


class Misrecorded(Exception):
    """The key holds what no release record is. ``faults``: one line each, with key and line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults)
        self.faults = tuple(faults)


def recorded(document: Document) -> dict[str, Releases]:
    """What the document records, by model; models without any record are left out. Raises Unwritable, Misrecorded."""
    try:
        releases = _Recorded.model_validate({"releases": _constructed(document.value)}).releases
    except ValidationError as error:
        known = dict(_lines(document.value, ("releases",)))
        raise Misrecorded(
            [f"line {_line(document, known, f.key)}: {NAMESPACE}:{f}" for f in of_validation(error, _Recorded)]
        ) from None
    return filled(releases)


def filled(releases: Mapping[str, Releases]) -> dict[str, Releases]:
    """``releases`` without the models that have no record."""
    return {model: entry for model, entry in releases.items() if entry.records()}


def edited(document: Document, releases: Mapping[str, Releases]) -> bytes:
    """The file's bytes with ``releases`` in it, and without the key where there are none. Raises Unwritable.

    Proved before it is returned: the key reads back equal, and everything else says what it said.
    """
    wanted = filled(releases)
    span = document.span() or document.insertion()
    before, after = document.text[: span.start], document.text[span.end :]
    text = _placed(document, span, _block(document, span, wanted))
    result = ((BOM if document.bom else "") + before + text + after).encode()
    _prove(document, result, wanted)
    return result


def _placed(document: Document, span: Span, block: list[str]) -> str:
    """The block with line breaks; a file without a last line break gets none, save to part two lines of its own."""
    newline = document.newline()
    text = "".join(line + newline for line in block)
    if span.end < len(document.text):
        return text
    last_of_rest = document.text[: span.start]
    if span.start == span.end and last_of_rest and not last_of_rest.endswith(("\n", "\r")):
        return newline + text.removesuffix(newline)
    if span.start < span.end and not document.text.endswith(("\n", "\r")):
        return text.removesuffix(newline)
    return text


def _block(document: Document, span: Span, releases: Mapping[str, Releases]) -> list[str]:
    """The lines that stand in the span."""
    indent = document.indent()
    step = max(indent - document.outer_indent(), 1)
    kept = []
    if document.key is not None and document.value is not None:
        kept = comments(document.text, document.key, document.value, span)
    if not releases:
        return [" " * indent + comment.text for comment in kept]
    orders = orders_of(document.value) if document.value is not None else {}
    written = [text for line in with_comments(lines(releases, indent, step, orders), kept) for text in line.written()]
    if document.config_key is None:
        return [" " * document.outer_indent() + "config:", *written]
    return written


def _prove(document: Document, result: bytes, releases: Mapping[str, Releases]) -> None:
    again = Document.parse(result, KEY)
    try:
        found = recorded(again)
    except Misrecorded as error:
        raise Unwritable(f"the records would not read back: {error.faults[0]}") from None
    if found != releases:
        raise Unwritable("the records would not read back as they are")
    if again.rest(KEY) != document.rest(KEY):
        raise Unwritable(
            f"to add {KEY} would change what the lines around it say: end the file with a line break, and write the "
            "values around it on one line"
        )


def _constructed(value: Node | None) -> Any:
    """The value as Python has it; nothing there is an empty mapping."""
    if value is None:
        return {}
    try:
        found = YAML(typ="safe", pure=True).constructor.construct_document(value)
    except YAMLError as error:
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise Unwritable(f"{KEY} cannot be read: {problem}", line_of(value)) from None
    except (ValueError, RecursionError, TypeError) as error:
        raise Unwritable(f"{KEY} cannot be read: {error}", line_of(value)) from None
    return {} if found is None else found


def _lines(node: Node | None, path: tuple[str | int, ...]) -> Iterator[tuple[str, int]]:
    """Each key below ``node`` as faults name it, and its line."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            yield joined(here), line_of(key)
            yield from _lines(value, here)
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            here = (*path, number)
            yield joined(here), line_of(item)
            yield from _lines(item, here)


def _line(document: Document, known: Mapping[str, int], key: str) -> int:
    """The line of ``key``, or of the nearest key above it."""
    while key and key not in known:
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return known.get(key) or (line_of(document.key) if document.key is not None else 1)
