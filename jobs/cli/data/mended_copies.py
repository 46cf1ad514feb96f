"""`jobs check --fix`: a mended copy beside each file that needs one, and a list of what was changed in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.data.mending.mend import Change, Mending, mend
from jobs.errors import Refused

SHOWN = 5
"""So many lines of a change are named, and so many lines that were left, unless all are asked for."""


@dataclass(frozen=True)
class MendedCopy:
    """``copy`` is None where there was nothing to mend in ``file``."""

    file: Path
    copy: Path | None
    mending: Mending


def write_mended(files: Sequence[Path]) -> list[MendedCopy]:
    """A copy for each file in which something can be mended. One that was made before is made no second time.

    Raises Refused where another file has the name of a copy, before any is written.
    """
    found = [(file, _looked_through(file)) for file in files]
    copies = [MendedCopy(file, beside(file) if mending.changes else None, mending) for file, mending in found]
    wanted = [(each.file, each.copy) for each in copies if each.copy is not None]
    there = [copy for file, copy in wanted if copy.exists() and not _is_copy(file, copy)]
    if there:
        what = "no mended copy is written over a file that exists: move it away first"
        raise Refused(what, details=[str(copy) for copy in there])
    for file, copy in wanted:
        if not copy.exists():
            _write(file, copy)
    return copies


def beside(file: Path) -> Path:
    """``training_set.mended.jsonl``"""
    return file.with_name(f"{file.stem}.mended{file.suffix}")


def lines(copies: Sequence[MendedCopy], *, everything: bool) -> Iterator[str]:
    """What was changed, and what was left."""
    for each in copies:
        if each.copy is None:
            yield f"{each.file}: there is nothing that could be mended with certainty"
        else:
            yield f"{each.file}: mended in {each.copy}"
        for change in each.mending.changes:
            yield f"  {change.what}: {_places(change, everything=everything)}"
        left = each.mending.left if everything else each.mending.left[:SHOWN]
        for one in left:
            yield f"  left: line {one.line} {one.why}"
        if each.mending.left_count > len(left):
            yield f"  left: {each.mending.left_count - len(left):,} more lines"


def _places(change: Change, *, everything: bool) -> str:
    shown = change.lines if everything else change.lines[:SHOWN]
    more = change.count - len(shown)
    named = ", ".join(str(line) for line in shown)
    return f"line{'s' if change.count > 1 else ''} {named}{f' and {more:,} more' if more else ''}"


def _looked_through(file: Path) -> Mending:
    with file.open("rb") as source:
        return mend(source, len)


def _is_copy(file: Path, copy: Path) -> bool:
    """Whether the copy is what mending the file gives now."""
    same = True
    with file.open("rb") as source, copy.open("rb") as there:

        def compare(piece: bytes) -> None:
            nonlocal same
            same = same and there.read(len(piece)) == piece

        mend(source, compare)
        return same and not there.read(1)


def _write(file: Path, copy: Path) -> None:
    with file.open("rb") as source, copy.open("xb") as target:
        try:
            mend(source, target.write)
        except BaseException:
            # A copy that was begun is none.
            copy.unlink(missing_ok=True)
            raise
