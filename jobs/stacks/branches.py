"""What every branch that can be seen has in certain files: local ones, remote-tracking ones, and the working tree."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jobs.errors import Refused
from jobs.stacks.git import contents, git, top_of

_STACK_FILE = re.compile(r"(?:.*/)?Pulumi\.([A-Za-z0-9_.-]+)\.yaml")
_TUNE_FILE = re.compile(r"(?:.*/)?tune\.yaml")
_REFS = ("refs/heads", "refs/remotes", "refs/tags")
_ALL_BRANCHES = re.compile(r"\+?refs/(heads/)?\*:.+")
"""Of a remote's ``fetch``: what brings every branch of it."""


@dataclass(frozen=True)
class Branches:
    """The content of every stack file and tune.yaml in any of them, each once, and the stacks that have a file.

    looked_at   so many branches, tags, stashes and other commits; None without git, where only the folder was seen
    """

    contents: tuple[bytes, ...]
    stacks: frozenset[str]
    looked_at: int | None


def branches(project: Path) -> Branches:
    """Raises Refused where git can't show what it has, or has a part only: nobody then knows what refers to what."""
    files = list(_on_disk(project))
    here, paths = tuple({path.read_bytes() for path in files}), {path.as_posix() for path in files}
    if top_of(project) is None:
        _refuse_silent_git(project)
        return Branches(here, _stacks(paths), None)
    _refuse_part(project)
    refs = _refs(project)
    listed = [each for ref in refs for each in _blobs(project, ref)]
    found = contents(project, (blob for _, blob in listed))
    for path, blob in listed:
        if blob not in found:
            raise Refused(f"git can't show {blob}, which is {path} of some branch: a partial clone lacks it")
    stacks = _stacks(paths | {path for path, _ in listed})
    return Branches((*here, *found.values()), stacks, len(refs))


def _stacks(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(match[1] for path in paths if (match := _STACK_FILE.fullmatch(path)))


def _on_disk(project: Path) -> Iterator[Path]:
    for folder, within, files in os.walk(project):
        within[:] = [name for name in within if not name.startswith(".") and name != "node_modules"]
        yield from (path for name in files if _wanted(name) and (path := Path(folder, name)).is_file())


def _refuse_silent_git(project: Path) -> None:
    """Where there is a repository that git does not show: another's, a broken one, or without a program git."""
    folder = project.resolve()
    if any((each / ".git").exists() for each in (folder, *folder.parents)):
        words = git(project, "rev-parse", "--show-toplevel").words
        raise Refused(f"git shows nothing of the repository of {folder}: {words}", next_command="git status")


def _refuse_part(project: Path) -> None:
    """A clone for a pipeline has one branch, and what the others refer to nobody sees."""
    remotes = git(project, "remote").out.split()
    if git(project, "rev-parse", "--is-shallow-repository").out.strip() == "true":
        origin = remotes[0] if remotes else "origin"
        details = ["In a pipeline: fetch-depth: 0 of actions/checkout, fetchDepth: 0 of Azure Pipelines."]
        raise Refused(
            "this is a shallow clone, which need not have every branch",
            details=details,
            next_command=f"git remote set-branches {origin} '*' && git fetch --unshallow {origin}",
        )
    for remote in remotes:
        fetched = git(project, "config", "--get-all", f"remote.{remote}.fetch").out.splitlines()
        if fetched and not any(_ALL_BRANCHES.fullmatch(each) for each in fetched):
            raise Refused(
                f"this clone has only some branches of {remote}",
                next_command=f"git remote set-branches {remote} '*' && git fetch {remote}",
            )


def _refs(project: Path) -> list[str]:
    """The tips of all branches and tags, every stash with what was not tracked, and what each working tree is at."""
    listed = git(project, "for-each-ref", "--format=%(objectname)", *_REFS)
    if not listed.well:
        raise Refused(f"git's branches cannot be listed: {listed.words}")
    stashed = git(project, "log", "--walk-reflogs", "--format=%H %P", "refs/stash", "--")
    trees = git(project, "worktree", "list", "--porcelain").out.splitlines()
    heads = [line.split()[1] for line in trees if line.startswith("HEAD ") and line.strip("HEAD 0\n")]
    return list(dict.fromkeys([*listed.out.split(), *(stashed.out.split() if stashed.well else ()), *heads]))


def _blobs(project: Path, ref: str) -> Iterator[tuple[str, str]]:
    """Path and blob."""
    listed = git(project, "ls-tree", "-r", "-z", "--full-tree", ref)
    if not listed.well:
        raise Refused(f"git can't show {ref}: {listed.words}", details=["A shallow clone lacks it: git fetch."])
    for entry in listed.out.split("\0"):
        about, _, path = entry.partition("\t")
        if path and _wanted(path):
            yield path, about.split()[2]


def _wanted(path: str) -> bool:
    return _STACK_FILE.fullmatch(path) is not None or _TUNE_FILE.fullmatch(path) is not None
