"""YAML that people write: its mapping, and the line of each key, for what is said about it later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from contract.faults import Fault, Faults


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
    try:
        mapping = YAML(typ="safe", pure=True).load(text)
        lines = lines_of(text)
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
    """Of YAML that can be loaded."""
    return Lines(_lines(YAML(typ="safe", pure=True).compose(text)))


def _lines(node: Node | None, prefix: str = "") -> dict[str, int]:
    found: dict[str, int] = {}
    if isinstance(node, MappingNode):
        for key_node, value in node.value:
            key = f"{prefix}.{key_node.value}" if prefix else str(key_node.value)
            found[key] = key_node.start_mark.line + 1
            found |= _lines(value, key)
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            key = f"{prefix}[{index}]"
            found[key] = value.start_mark.line + 1
            found |= _lines(value, key)
    return found
