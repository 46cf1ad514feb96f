"""A change of a stack file as a patch that `git apply` takes, for a checkout that is not written to."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from contract.release import Releases
from jobs.stacks.git import top_of
from jobs.stacks.stack_file import changed, content_of

Change = Callable[[dict[str, Releases]], Mapping[str, Releases]]


class Patch:
    """What a command would record in one stack file, gathered until it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._changes: list[Change] = []
        self._before = self._after = b""

    def add(self, change: Change) -> None:
        """On top of what is gathered; on the file as it is by now. Raises as ``stack_file.changed`` and ``change``."""
        before = after = content_of(self.path)
        for each in (*self._changes, change):
            after = changed(after, self.path, each) or after
        self._changes.append(change)
        self._before, self._after = before, after

    def content(self) -> bytes:
        """The patch; nothing where nothing is to be recorded."""
        return unified(_named(self.path), self._before, self._after) if self._before != self._after else b""


def unified(name: str, before: bytes, after: bytes) -> bytes:
    """A unified diff, byte for byte; empty where nothing differs. ``name``: the file's in the repository."""
    # A name with blanks ends in a tab, by which git and patch tell it from a date.
    head = f"{name}\t" if " " in name else name
    lines = difflib.diff_bytes(
        difflib.unified_diff, _lines(before), _lines(after), f"a/{head}".encode(), f"b/{head}".encode()
    )
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


def _lines(content: bytes) -> list[bytes]:
    """As git and diff count them: a line ends in a line feed, and in nothing else."""
    *ended, last = content.split(b"\n")
    return [line + b"\n" for line in ended] + ([last] if last else [])


def _named(path: Path) -> str:
    """The name from the top of the repository; where there is none, from the folder where one is."""
    target = path.resolve()
    top = top_of(target.parent)
    return Path(os.path.relpath(target, (top or Path.cwd()).resolve())).as_posix()
