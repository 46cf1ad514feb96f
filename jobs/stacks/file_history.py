"""The versions of a stack file that git has, from commit to commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jobs.stacks.git import git, top_of

_FIELDS = "%x01%H%x1f%aI%x1f%an"


@dataclass(frozen=True)
class FileChange:
    """One commit's change of the file. Contents are told by their names in git; None where there was no file.

    commit   its whole ID
    at       when it was made, as ``2026-11-20T09:00:00Z``
    by       its author's name
    before   the content in each parent: several for a merge that is like none of its parents
    """

    commit: str
    at: str
    by: str
    before: Sequence[str | None]
    after: str | None


@dataclass(frozen=True)
class FileHistory:
    """``changes``: the oldest first. ``remarks``: why there may have been more."""

    changes: Sequence[FileChange]
    remarks: Sequence[str] = ()


def history_of(path: Path) -> FileHistory:
    """As far as the branch that is checked out leads back, over renames. Raises Refused where there is no git."""
    folder, name = path.parent, path.name
    if top_of(folder) is None:
        return FileHistory((), (f"{path} is in no git repository, so only what the records say is told",))
    answer = git(folder, "log", "--follow", "-c", "--raw", "--no-abbrev", "-M", f"--format={_FIELDS}", "--", name)
    if not answer.well:
        # A repository without any commit.
        return FileHistory((), (f"git has no history of {path}: {answer.words}",))
    found = list(_changes(answer.out))
    remarks = [] if found else [f"{path} was never committed, so only what the records say is told"]
    if git(folder, "rev-parse", "--is-shallow-repository").out.strip() == "true":
        remarks.append("this clone is shallow, what is older is not here: git fetch --unshallow brings it")
    return FileHistory(found[::-1], remarks)


def committed_content(path: Path) -> str | None:
    """The name in git of the file's content in the newest commit; None where it is in none."""
    answer = git(path.parent, "rev-parse", "--verify", "--quiet", f"HEAD:./{path.name}")
    return answer.out.strip() or None if answer.well else None


def _changes(log: str) -> Iterator[FileChange]:
    for entry in log.split("\x01")[1:]:
        head, *lines = entry.split("\n")
        commit, at, by = head.split("\x1f", 2)
        for line in lines:
            if line.startswith(":"):
                yield FileChange(commit, _in_utc(at), by, *_contents(line))


def _contents(line: str) -> tuple[tuple[str | None, ...], str | None]:
    """Of git's raw format: a colon per parent, the modes, the contents, and then what was done to which path."""
    parents = len(line) - len(line.lstrip(":"))
    words = line.lstrip(":").partition("\t")[0].split()
    *before, after = (name if name.strip("0") else None for name in words[parents + 1 : 2 * parents + 2])
    return tuple(before), after


def _in_utc(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
