"""Tools that are declared differently from example to example, under the same name."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Self

from jobs.data.findings import Remark
from jobs.data.formats import Parts
from jobs.data.reading.json_line import shortened

_MOST = 1000
"""So many definitions are told apart."""


class ToolDefinitions:
    """Observes the declarations: each name's different ones, and how many examples have each."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, bytes]] = Counter()
        self._first: dict[tuple[str, bytes], int] = {}
        self._last: tuple[list[Any] | None, list[tuple[str, bytes]]] = (None, [])

    def __getstate__(self) -> dict[str, Any]:
        """The last declaration is of no use to whoever takes in what was seen."""
        return self.__dict__ | {"_last": (None, [])}

    def add(self, parts: Parts, example: Mapping[str, Any], line: int) -> None:
        del example
        if not parts.tools:
            return
        if parts.tools != self._last[0]:
            # As a rule they are the same throughout.
            self._last = parts.tools, list(_definitions(parts.tools))
        for definition in self._last[1]:
            self._take(definition, 1, line)

    def add_plain(self, plain: object) -> None:
        """Plain examples declare no tools."""

    def merge(self, later: Self) -> None:
        for definition, count in later._counts.items():
            self._take(definition, count, later._first[definition])

    def findings(self, training: Self | None) -> Iterator[Remark]:
        mine = self._by_name()
        for name, definitions in mine.items():
            if len(definitions) > 1:
                counts = ", ".join(
                    f"{count} × as on line {self._first[name, digest]}" for digest, count in definitions[:3]
                )
                more = ", …" if len(definitions) > 3 else ""
                words = f"declares the tool {shortened(name)} in {len(definitions)} ways: {counts}{more}"
                yield "tools-differ", None, words
        if training is None:
            return
        trained = training._by_name()
        for name, definitions in mine.items():
            known = {digest for digest, _ in trained.get(name, [])}
            other = [digest for digest, _ in definitions if digest not in known]
            if known and other:
                words = f"declares the tool {shortened(name)} otherwise than any training example does"
                yield "tools-differ", self._first[name, other[0]], words

    def _take(self, definition: tuple[str, bytes], count: int, line: int) -> None:
        if definition in self._counts or len(self._counts) < _MOST:
            self._counts[definition] += count
            self._first.setdefault(definition, line)

    def _by_name(self) -> dict[str, list[tuple[bytes, int]]]:
        found: dict[str, list[tuple[bytes, int]]] = {}
        for (name, digest), count in self._counts.most_common():
            found.setdefault(name, []).append((digest, count))
        return found


def _definitions(tools: list[Any]) -> Iterator[tuple[str, bytes]]:
    for tool in tools:
        function = tool.get("function") if isinstance(tool, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        if isinstance(name, str):
            text = json.dumps(function, sort_keys=True).encode()
            yield name, hashlib.blake2b(text, digest_size=8).digest()
