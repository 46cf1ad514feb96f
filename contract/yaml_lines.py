"""YAML that people write: its mapping, and the line of each key, for what is said about it later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from contract.faults import Fault, Faults

_MOST_VALUES = 100_000
_MISREAD = (ValueError, KeyError, IndexError, TypeError, OverflowError)
"""What the library lets through of a value that its tag, or its look, promises to be something else."""


@dataclass(frozen=True)
class Lines:
    """The line, from 1, of each key that is written."""

    by_key: Mapping[str, int]

    def of(self, key: str) -> int:
        """The line of ``key``, or of the nearest key above it where it is not written."""
        at = key
        while at and at not in self.by_key:
            at = at.rpartition(".")[0]
        return self.by_key.get(at, 1)

    def named(self, fault: Fault) -> Fault:
        """``line 4: data.train`` instead of ``data.train``."""
        return Fault(f"line {self.of(fault.key)}: {fault.key}", fault.message)


def loaded(text: str, subject: str, expected: str) -> tuple[dict[str, Any], Lines]:
    """The mapping in ``text``. Raises Faults naming ``subject``; ``expected`` are keys that a mapping would have."""
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
        if _size(node) > _MOST_VALUES:
            raise Faults(subject, [Fault("", f"has more than {_MOST_VALUES:,} values, its aliases followed")])
        try:
            mapping = yaml.constructor.construct_document(node) if node is not None else None
        except _MISREAD:
            raise Faults(subject, _misread(node)) from None
        lines = Lines(_lines(node))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        where = f"line {mark.line + 1}" if mark is not None else ""
        raise Faults(subject, [Fault(where, f"is no YAML: {problem}")]) from None
    except RecursionError:
        raise Faults(subject, [Fault("", "is nested too deeply, or within itself")]) from None
    if not isinstance(mapping, dict):
        raise Faults(subject, [Fault("line 1", f"a mapping of keys is expected: {expected}, …")])
    return mapping, lines


def lines_of(text: str) -> Lines:
    """Of YAML that has been loaded."""
    return Lines(_lines(YAML(typ="safe", pure=True).compose(text)))


def _size(node: Node | None) -> int:
    """How many values there are with all aliases followed, each counted once by itself: a few lines can mean billions.

    Raises RecursionError for a value that stands within itself.
    """
    sizes: dict[int, int] = {}

    def of(part: Node | None) -> int:
        if id(part) not in sizes:
            sizes[id(part)] = 1 + sum(of(below) for _, below in _below(part, ""))
        return sizes[id(part)]

    return of(node)


def _below(node: Node | None, key: str) -> Iterator[tuple[tuple[str, Node], Node]]:
    """The values right below the one at ``key``: each with its key, and with the node that marks its line."""
    if isinstance(node, MappingNode):
        for key_node, value in node.value:
            yield (f"{key}.{key_node.value}" if key else str(key_node.value), key_node), value
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            yield (f"{key}[{index}]", value), value


def _lines(node: Node | None, at: str = "") -> dict[str, int]:
    found: dict[str, int] = {}
    for (key, mark), value in _below(node, at):
        found[key] = mark.start_mark.line + 1
        found |= _lines(value, key)
    return found


def _misread(node: Node | None, at: str = "") -> list[Fault]:
    """The values that are not what they look like: ``2026-13-45`` is taken for a day."""
    faults = []
    for (key, _), value in _below(node, at):
        faults += _misread(value, key)
        if isinstance(value, ScalarNode):
            try:
                YAML(typ="safe", pure=True).constructor.construct_object(value)
            except _MISREAD:
                written = value.value if len(value.value) <= 60 else f"{value.value[:57]}…"
                where = f"line {value.start_mark.line + 1}: {key}"
                faults.append(Fault(where, f"{written!r} looks like something that it is not: write it in quotes"))
    return faults if faults or at else [Fault("", "has a key that looks like something that it is not")]
