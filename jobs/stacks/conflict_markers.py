"""What git leaves in a file where two branches changed the same lines, found and told in words.

The markers are those of git-merge(1), "How conflicts are presented": seven of ``<``, ``=`` and ``>``, or more where
the attribute conflict-marker-size says so; ``|`` before the common ancestor, in the styles diff3 and zdiff3.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BEGIN = re.compile(r"<{7,}(?: |$)")
_MIDDLE = re.compile(r"={7,}$|\|{7,}(?: |$)")
_END = re.compile(r">{7,}(?: |$)")


@dataclass(frozen=True)
class Conflicts:
    """``lines``: the first and last of each, from 1. One whose other end is missing has one line, its marker's."""

    lines: tuple[tuple[int, int], ...]

    @property
    def words(self) -> str:
        """``has a merge conflict, lines 12-20``"""
        spans = [f"{first}-{last}" if last > first else f"{first}" for first, last in self.lines]
        listed = " and ".join([", ".join(spans[:-1]), spans[-1]] if len(spans) > 1 else spans)
        one_line = len(spans) == 1 and self.lines[0][0] == self.lines[0][1]
        what = "has a merge conflict" if len(spans) == 1 else f"has {len(spans)} merge conflicts"
        return f"{what}, {'line' if one_line else 'lines'} {listed}"

    @property
    def mend(self) -> tuple[str, ...]:
        by_hand = (
            "Between the markers <<<<<<< and >>>>>>> stand both sides, parted by =======. Keep what is to stay, remove "
            "the lines of the markers, then `git add` the file."
        )
        by_git = (
            "Where it is in the records of models, git can do most of it: `jobs config install-merge-driver`, then "
            "`git checkout -m -- FILE` merges the file anew."
        )
        return by_hand, by_git


def conflicts(lines: Sequence[str]) -> Conflicts | None:
    """Those that stand in ``lines``, without their line breaks; None where there are none."""
    found: list[tuple[int, int]] = []
    begun: int | None = None
    for number, line in enumerate(lines, start=1):
        if line[:1] not in ("<", "=", ">", "|"):
            continue
        if _BEGIN.match(line):
            found += [(begun, begun)] if begun is not None else []
            begun = number
        elif _END.match(line):
            found.append((begun or number, number))
            begun = None
        elif _MIDDLE.match(line) and begun is None:
            found.append((number, number))
    found += [(begun, begun)] if begun is not None else []
    return Conflicts(tuple(found)) if found else None
