"""git's merge of a stack file: its records by what they mean, everything else of it as git merges any text.

The contract of a driver is in gitattributes(5), "Defining a custom merge driver". The text merge is git's own
(git-merge-file(1)). So that it sees no difference in the records, each side is given it with the merged ones in it;
where a model's are for a person to decide, each side has its own, and its whole entry stands between the markers.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contract.release import Releases
from jobs.errors import Refused
from jobs.stacks.release_edit import Misrecorded, edited, recorded
from jobs.stacks.release_lines import KEY
from jobs.stacks.release_merge import OURS, THEIRS, Merged, merged
from jobs.stacks.yaml_span import Document, Unwritable

NAME = "tuned-models-releases"
"""Of the driver, as .gitattributes and git's config have it."""
_BASE = "base"


@dataclass(frozen=True)
class Outcome:
    """``content`` is the merged file; ``words`` say what a person has to look at, nothing where it is ``clean``."""

    content: bytes
    clean: bool
    words: tuple[str, ...] = ()


def merge(base: bytes, ours: bytes, theirs: bytes, marker_size: int = 7) -> Outcome:
    """The three versions of a stack file made one. Raises Refused where there is no git, or it can't merge them."""
    sides = (base, ours, theirs)
    try:
        documents = [_document(side, name) for side, name in zip(sides, (_BASE, OURS, THEIRS), strict=True)]
        releases = [_recorded(document, name) for document, name in zip(documents, (_BASE, OURS, THEIRS), strict=True)]
        found = merged(*releases)
        texts = [edited(document, each) for document, each in zip(documents, _shown(found, releases), strict=True)]
    except (Unwritable, _Unreadable) as error:
        content, clean = _text_merge(sides, marker_size, whole=False)
        why = f"merged as text, since its records can't be read: {error}"
        return Outcome(content, clean, (why,))
    content, clean = _text_merge(texts, marker_size, whole=bool(found.conflicts))
    words = [f"{model}: {each}" for model, reasons in found.conflicts.items() for each in reasons]
    if clean and (found.conflicts or not _holds(content, found.releases)):
        # Text that goes together, and yet isn't what was meant, is not passed on as if it were.
        why = "the merged file doesn't hold the merged records: take one side, and bring in what the other has"
        return Outcome(_both(ours, theirs, marker_size), clean=False, words=(*words, why))
    return Outcome(content, clean, tuple(words))


def _both(ours: bytes, theirs: bytes, marker_size: int) -> bytes:
    """The whole of each side, between markers."""
    begin, middle, end = (mark * marker_size for mark in (b"<", b"=", b">"))
    one, other = (side if side.endswith(b"\n") else side + b"\n" for side in (ours, theirs))
    return b"%s %s\n%s%s\n%s%s %s\n" % (begin, OURS.encode(), one, middle, other, end, THEIRS.encode())


class _Unreadable(Exception):
    pass


def _document(raw: bytes, name: str) -> Document:
    try:
        return Document.parse(raw, KEY)
    except Unwritable as error:
        where = f" (line {error.line})" if error.line is not None else ""
        raise _Unreadable(f"{name}{where}: {error.problem}") from None


def _recorded(document: Document, name: str) -> dict[str, Releases]:
    try:
        return recorded(document)
    except Unwritable as error:
        raise _Unreadable(f"{name}: {error.problem}") from None
    except Misrecorded as error:
        raise _Unreadable(f"{name}, {error.faults[0]}") from None


def _holds(content: bytes, releases: Mapping[str, Releases]) -> bool:
    try:
        return recorded(Document.parse(content, KEY)) == releases
    except (Unwritable, Misrecorded):
        return False


def _shown(found: Merged, releases: Sequence[Mapping[str, Releases]]) -> list[dict[str, Releases]]:
    """What each side shows to the text merge: of a model in conflict its own, so that the texts can't but differ."""
    base, ours, theirs = releases
    shown = []
    for side in releases:
        own = {model: side[model] for model in found.conflicts if model in side}
        if side is base:
            # Between two entries that were changed, none; where one side has none, the one that the other changed.
            own = {model: entry for model, entry in own.items() if model not in ours or model not in theirs}
        shown.append({**found.releases, **own})
    return shown


def _text_merge(sides: Sequence[bytes], marker_size: int, *, whole: bool) -> tuple[bytes, bool]:
    """git's merge of base, ours and theirs, and whether it is clean.

    whole    conflicts aren't cut where lines of both sides happen to be equal
    """
    with tempfile.TemporaryDirectory(prefix="jobs-merge-") as folder:
        paths = [Path(folder) / name for name in (_BASE, OURS, THEIRS)]
        for path, side in zip(paths, sides, strict=True):
            path.write_bytes(side)
        base, ours, theirs = map(str, paths)
        labels = [word for label in (OURS, _BASE, THEIRS) for word in ("-L", label)]
        words = ["git", "merge-file", "-p", f"--marker-size={marker_size}", *(["--diff3"] if whole else []), *labels]
        try:
            done = subprocess.run([*words, ours, base, theirs], capture_output=True, check=False)
        except OSError as error:
            raise Refused(f"git cannot be run: {error.strerror}") from None
    # The number of conflicts, up to 127; 255 is a failure.
    if done.returncode > 127 or done.returncode < 0:
        raise Refused(f"git merge-file failed: {done.stderr.decode(errors='replace').strip()}")
    empty_base = re.compile(rb"^\|{%d} base\r?\n(?=={%d}\r?$)" % (marker_size, marker_size), re.MULTILINE)
    return empty_base.sub(b"", done.stdout), done.returncode == 0
