"""A change of a stack file, committed: that file and nothing else, on a tree that has nothing else to commit."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from jobs.errors import Refused
from jobs.stacks.folder_lock import Held, Waiting, locked
from jobs.stacks.git import git, top_of
from jobs.stacks.patch import Change
from jobs.stacks.stack_file import update_releases

_IN_THE_MIDDLE = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}

_MOMENT = 10
"""Seconds that another git is waited for."""


def refuse_unready(path: Path) -> None:
    """Raises Refused where a commit of the stack file alone couldn't be made as things stand."""
    _refuse_unfit(path)
    _refuse_changes(path.resolve())


def _refuse_unfit(path: Path) -> None:
    path = path.resolve()
    folder, name = path.parent, path.name
    if top_of(folder) is None:
        raise Refused(f"{folder} is in no git repository, so nothing can be committed there")
    if not git(folder, "ls-files", "--error-unmatch", "--", name).well:
        if git(folder, "check-ignore", "-q", "--", name).well:
            raise Refused(f"git ignores {path}, so it can't be committed")
        raise Refused(f"{path} was never committed", next_command=f"git add -- {shlex.quote(str(path))}")
    states = git(folder, "rev-parse", *(word for state in _IN_THE_MIDDLE for word in ("--git-path", state)))
    for state, found in zip(_IN_THE_MIDDLE.values(), states.out.splitlines(), strict=False):
        if (folder / found).exists():
            raise Refused(f"git is in the middle of {state}: end it first", next_command="git status")
    identity = git(folder, "var", "GIT_COMMITTER_IDENT")
    if not identity.well:
        raise Refused(f"git doesn't know who commits: {identity.words}", next_command="git config user.email YOU")


def _refuse_changes(path: Path) -> None:
    listed = git(path.parent, "status", "--porcelain", "--untracked-files=no", "-z").out.split("\0")
    changes = [entry for entry in listed if entry]
    if not changes:
        return
    own = len(changes) == 1 and git(path.parent, "status", "--porcelain", "--", path.name).out.strip() != ""
    shown = [f"{entry[:2]} {entry[3:]}" for entry in changes[:5]]
    more = [f"and {len(changes) - 5} more"] if len(changes) > 5 else []
    raise Refused(
        "the working tree has changes that are not committed, and a commit of the record is to have nothing else in it",
        details=[*shown, *more],
        next_command=f"git commit -- {shlex.quote(str(path))}" if own else "git stash",
    )


def commit(path: Path, change: Change, message: Callable[[], str], waiting: Waiting | None = None) -> str | None:
    """Writes what ``change`` makes of the file, and commits that; the commit's ID, None where nothing changed.

    ``message`` is asked for once the file has changed. Raises Refused, before anything is written; or where git did not
    commit what was: the file has the record then.
    """
    _refuse_unfit(path)
    waiting = waiting or Waiting()
    folder = path.resolve().parent
    metadata = folder / git(folder, "rev-parse", "--git-common-dir").out.strip()
    try:
        # What another process of jobs has written and not yet committed is no change of a person's.
        with locked(metadata, waiting):
            _refuse_changes(path.resolve())
            if not update_releases(path, change, waiting):
                return None
            return _committed(path.resolve(), message(), waiting)
    except Held:
        raise Refused(
            f"another process of jobs has been committing in {folder} for {waiting.seconds:.0f} seconds"
        ) from None


def _committed(path: Path, message: str, waiting: Waiting) -> str:
    words = ["commit", "--quiet", "--only", "--cleanup=whitespace", "--file=-", "--", path.name]
    for _ in replace(waiting, seconds=min(waiting.seconds, _MOMENT)).attempts("waiting for another git"):
        done = git(path.parent, *words, stdin=message)
        # An editor's git looks at the tree now and then, and holds the index meanwhile.
        if done.well or "index.lock" not in done.err:
            break
    if not done.well:
        subject = shlex.quote(message.partition("\n")[0])
        raise Refused(
            f"{path} has the record, and git did not commit it: {done.words}",
            next_command=f"git commit -m {subject} -- {shlex.quote(str(path))}",
        )
    return git(path.parent, "rev-parse", "--short", "HEAD").out.strip()
