"""A file replaced at one stroke: a reader sees the old bytes or the new ones, after a crash too.

What others save meanwhile is not lost. Where the system exchanges two files' names, what comes out in exchange is
looked at: is it not what was read, or is somebody still writing into it, it gets its name back, and nothing was done.
Elsewhere the file is compared right before the rename, and a save in the microseconds between is lost.
"""

from __future__ import annotations

import glob
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from jobs.stacks.exchange import exchange, is_being_written

_PREFIX, _ENDING = ".{}.", ".tmp"


def obstacle(path: Path) -> str | None:
    """Why the file can't be replaced as things stand, in words; None where nothing is known to be in the way.

    What is read-only is meant so, even where a superuser could write.
    """
    for what, each in (("", path), (f"the folder {path.parent} ", path.parent)):
        if not each.stat().st_mode & 0o222 or not os.access(each, os.W_OK):
            return f"{what}is read-only"
    return None


def replace_if_unchanged(path: Path, expected: bytes, content: bytes) -> bool:
    """Puts ``content`` in the place of the file, keeping its mode, attributes and, where that is allowed, its owner.

    False, and nothing done, where the file no longer holds ``expected``, or is being written. Raises OSError; the file
    is then as it was.
    """
    aside = _written_aside(path, content)
    try:
        if _content(path) != expected or not _put_in_place(aside, path, expected, content):
            return False
    except FileNotFoundError:
        return False  # A checkout takes a file away before it makes the other one.
    finally:
        aside.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def left_beside(path: Path) -> list[Path]:
    """Files that were to take the place of ``path``, or came out of it: of processes that were killed, where nobody
    else writes it now."""
    return sorted(path.parent.glob(f"{glob.escape(_PREFIX.format(path.name))}*{_ENDING}"))


def _put_in_place(aside: Path, path: Path, expected: bytes, content: bytes) -> bool:
    ours = aside.lstat().st_ino
    if not exchange(aside, path):
        aside.replace(path)
        return True
    done = False
    try:
        # Where names are exchanged, the system tells who writes, too.
        done = _holds(aside, expected)
    finally:
        if not done:
            _give_back(aside, path, ours, content)
    return done


def _give_back(aside: Path, path: Path, inode: int, content: bytes) -> None:
    """The name goes back to what came out for ``content``, in ``inode``; to something newer that was saved since."""
    while True:
        following = aside.lstat().st_ino, _content(aside)
        try:
            exchange(aside, path)
        except FileNotFoundError:
            return  # Somebody has taken the file away, whatever was in it.
        if aside.lstat().st_ino == inode and _holds(aside, content):
            return
        inode, content = following


def _holds(path: Path, content: bytes) -> bool:
    return not path.is_symlink() and not is_being_written(path) and _content(path) == content


def _content(path: Path) -> bytes:
    """Nothing, of what is no file."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else b""


def _written_aside(path: Path, content: bytes) -> Path:
    """``content`` beside the file, safe on its disk, with all that the file has beside its bytes."""
    descriptor, name = tempfile.mkstemp(prefix=_PREFIX.format(path.name), suffix=_ENDING, dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            _likened(file.fileno(), path)
            os.fsync(file.fileno())
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return aside


def _likened(descriptor: int, path: Path) -> None:
    """The open file gets the owner, the attributes (access lists among them) and the mode that ``path`` has."""
    like = path.stat()
    for owner, group in ((like.st_uid, like.st_gid), (-1, like.st_gid)):
        with suppress(OSError):  # Only a superuser gives files away; a group that one is in, everybody.
            os.fchown(descriptor, owner, group)
            break
    if hasattr(os, "listxattr"):
        with suppress(OSError):  # Not every file system has them.
            for name in os.listxattr(path):
                with suppress(OSError):  # Some are the system's to set.
                    os.setxattr(descriptor, name, os.getxattr(path, name))
    # Last: a change of owner takes bits away.
    os.fchmod(descriptor, like.st_mode & 0o7777)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # Some file systems cannot; the rename itself has happened.
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
