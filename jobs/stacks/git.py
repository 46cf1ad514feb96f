"""git, as far as stack files need it: asked as a program, in the folder of the file."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jobs.errors import Refused


@dataclass(frozen=True)
class Answer:
    """How git ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def well(self) -> bool:
        return self.code == 0

    @property
    def words(self) -> str:
        """Its complaint, in one line."""
        return " ".join((self.err.strip() or self.out.strip() or f"it ended with {self.code}").split())


def git(folder: Path, *words: str, stdin: str | None = None) -> Answer:
    """Raises Refused where there is no git."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=folder, input=stdin, capture_output=True, text=True, errors="replace", check=False
        )
    except OSError as error:
        raise Refused(f"git cannot be run: {error.strerror or error}") from None
    return Answer(done.returncode, done.stdout, done.stderr)


def contents(folder: Path, names: Iterable[str]) -> Mapping[str, bytes]:
    """Of files, by their names in git, such as ``ls-tree`` tells them; without those that git has not.

    One process for all. Raises Refused where it ends badly, or there is none.
    """
    wanted = list(dict.fromkeys(names))
    said = _batch(folder, "".join(f"{name}\n" for name in wanted).encode()) if wanted else b""
    found: dict[str, bytes] = {}
    at = 0
    for name in wanted:
        # `<name> blob <size>`, the content, a line feed; `<name> missing` of what a partial clone doesn't have.
        end = said.index(b"\n", at)
        head = said[at:end].split()
        at = end + 1
        if len(head) == 3:
            size = int(head[2])
            if head[1] == b"blob":
                found[name] = said[at : at + size]
            at += size + 1
    return found


def _batch(folder: Path, stdin: bytes) -> bytes:
    try:
        done = subprocess.run(["git", "cat-file", "--batch"], cwd=folder, input=stdin, capture_output=True, check=False)
    except OSError as error:
        raise Refused(f"git cannot be run: {error.strerror or error}") from None
    if done.returncode != 0:
        words = Answer(done.returncode, "", done.stderr.decode(errors="replace")).words
        raise Refused(f"git cannot show what files held: {words}")
    return done.stdout


def top_of(folder: Path) -> Path | None:
    """The top of the working tree that the folder is in; None where it is in none, or there is no git."""
    try:
        answer = git(folder, "rev-parse", "--show-toplevel")
    except Refused:
        return None
    return Path(answer.out.removesuffix("\n")) if answer.well and answer.out.strip() else None
