"""Preference pairs that say the opposite of each other: the same prompt and outputs, preferred the other way round."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Mapping
from typing import Any, Self

from jobs.data.findings import Remark
from jobs.data.formats import Parts
from jobs.data.leaks.fingerprints import FirstLines, fingerprint


class Inversions:
    """Observes pairs: by a digest that is the same whichever output is preferred, and one that is not."""

    def __init__(self) -> None:
        self._lines = array("I")
        self._pairs = array("Q")
        self._ways = array("Q")

    def add(self, parts: Parts, example: Mapping[str, Any], line: int) -> None:
        if parts.kind != "preference":
            return
        turned = Parts(parts.kind, parts.prompt, parts.answers[::-1], parts.tools)
        found = [print_.whole for side in (parts, turned) if (print_ := fingerprint(side, example)) is not None]
        if len(found) == 2:
            both = b"".join(digest.to_bytes(8) for digest in sorted(found))
            self._lines.append(line)
            self._pairs.append(int.from_bytes(hashlib.blake2b(both, digest_size=8).digest()))
            self._ways.append(found[0])

    def add_plain(self, plain: object) -> None:
        """They are no pairs."""

    def merge(self, later: Self) -> None:
        self._lines.extend(later._lines)
        self._pairs.extend(later._pairs)
        self._ways.extend(later._ways)

    def findings(self, training: Self | None) -> Iterator[Remark]:
        del training
        met = FirstLines()
        for line, pair, way in zip(self._lines, self._pairs, self._ways, strict=True):
            before = met.meet(pair, way, line)
            if before is not None and not before.example:
                yield "repeat-contradiction", line, f"prefers what the pair of line {before.prompt} does not"
