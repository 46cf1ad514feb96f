"""The stack file, ``Pulumi.<stack>.yaml``: its key ``tuned-models:releases`` read, and edited in place.

People own the file: every byte outside the key's own lines stays as it was, and nothing is written that was not proved
to read back. From the file only this key is read; all else comes from the stack outputs.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from contract import yaml_lines
from contract.bounded import PROJECT_YAML, TooLarge, read_at_most
from contract.faults import Faults
from contract.release import Releases
from jobs.errors import Unreadable, Usage
from jobs.stacks.exchange import is_being_written
from jobs.stacks.folder_lock import Held, Waiting, locked
from jobs.stacks.release_edit import Misrecorded, edited, filled, recorded
from jobs.stacks.release_lines import KEY
from jobs.stacks.replacement import left_beside, obstacle, replace_if_unchanged
from jobs.stacks.yaml_span import MAX_BYTES, Document, Unwritable

_STACK_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class StackFileRefused(Unreadable):
    """A stack file that cannot be found, read or edited. It is as it was."""

    def __init__(
        self,
        path: Path,
        problem: str,
        *,
        details: Sequence[str] = (),
        line: int | None = None,
        next_command: str | None = None,
    ) -> None:
        super().__init__(f"{path}: {problem}", details=details, line=line, next_command=next_command)
        self.path = path
        self.problem = problem


def stack_file(project: Path, stack: str) -> Path:
    """The file of ``stack`` (``prod``, or ``org/project/prod``); ``project`` holds Pulumi.yaml. It may not exist yet.

    Raises Usage for a name that is no stack's, and StackFileRefused where Pulumi.yaml is missing or leads elsewhere.
    """
    parts = stack.split("/")
    if len(parts) > 3 or not all(_STACK_NAME.fullmatch(part) and part.strip(".") for part in parts):
        rule = "1-100 letters, digits, '-', '_' and '.', as in prod or org/project/prod"
        raise Usage(f"{stack!r} is no name of a stack: {rule}")
    return _config_folder(project) / f"Pulumi.{parts[-1]}.yaml"


def stack_files(project: Path) -> list[Path]:
    """All of the project's, by name. Raises as ``stack_file``."""
    return sorted(_config_folder(project).glob("Pulumi.*.yaml"))


def read_releases(path: Path) -> dict[str, Releases]:
    """What the stack file records, by model; empty where it records nothing yet.

    Raises StackFileRefused where the file is missing or broken, or a record is not what it should be.
    """
    return _recorded(_document(content_of(path), path), path)


def parsed(path: Path) -> Document:
    """The whole file, with ``releases`` found in it. Raises as ``read_releases``."""
    return _document(content_of(path), path)


def write_releases(path: Path, releases: Mapping[str, Releases]) -> bool:
    """Records ``releases`` in place of what the file has. Whether it changed: equal content writes nothing.

    Raises as ``read_releases``; on any error the file is as it was.
    """
    return update_releases(path, lambda _: releases)


def update_releases(
    path: Path, change: Callable[[dict[str, Releases]], Mapping[str, Releases]], waiting: Waiting | None = None
) -> bool:
    """Records what ``change`` makes of what the file has by now; other writers of this project wait meanwhile.

    Where an editor saves in between, or a checkout brings another file, ``change`` is asked again about the newer
    content. A symbolic link stays one: the file that it leads to is edited.
    """
    waiting = waiting or Waiting()
    brief = replace(waiting, seconds=min(waiting.seconds, 0.5), say=lambda _: None)
    _await(path, brief)
    target = _target(path)
    try:
        with locked(target.parent, waiting):
            for _ in waiting.attempts(f"waiting for the program that is writing {path}"):
                _await(target, brief)
                raw = content_of(path)
                content = changed(raw, path, change)
                if content is None or _replaced(target, path, raw, content):
                    _clear_away(target, path, raw if content is None else content)
                    return content is not None
    except Held:
        problem = f"another process of jobs has been writing in its folder for {waiting.seconds:.0f} seconds"
        raise StackFileRefused(path, problem, details=[_AGAIN]) from None
    problem = f"another program has been writing it for {waiting.seconds:.0f} seconds"
    raise StackFileRefused(path, problem, details=[_AGAIN])


_AGAIN = "Type the same command again once that has ended: it finds what was done, and goes on from there."


def changed(raw: bytes, path: Path, change: Callable[[dict[str, Releases]], Mapping[str, Releases]]) -> bytes | None:
    """The content ``raw`` of the file ``path`` as ``change`` makes it; None where it records that already. Raises as
    ``read_releases``."""
    document = _document(raw, path)
    found = _recorded(document, path)
    wanted = filled(change(dict(found)))
    if wanted == found:
        return None
    try:
        return edited(document, wanted)
    except Unwritable as error:
        raise _refused(path, error) from None


def unwritable(path: Path) -> str | None:
    """Why nothing could be recorded in the file as things stand, in words; None where nothing is in the way."""
    try:
        read_releases(path)
        found = obstacle(_target(path))
    except StackFileRefused as refused:
        return refused.problem
    except OSError as error:
        return f"cannot be written: {error.strerror or error}"
    return found


def _await(path: Path, brief: Waiting) -> None:
    """Until nobody is in the middle of writing the file; a checkout takes it away for a moment. Or until time is up:
    some programs keep a file open."""
    for _ in brief.attempts(""):
        if path.is_symlink() or (path.exists() and not is_being_written(path)):
            return


def _replaced(target: Path, path: Path, expected: bytes, content: bytes) -> bool:
    try:
        problem = obstacle(target)
        if problem is not None:
            command = f"chmod u+w {shlex.quote(str(path))}" if problem == "is read-only" else None
            raise StackFileRefused(path, problem, next_command=command)
        return replace_if_unchanged(target, expected, content)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StackFileRefused(path, f"cannot be written: {error.strerror or error}") from None


def _clear_away(target: Path, path: Path, content: bytes) -> None:
    """Deletes what a process that was killed while it wrote ``target`` has left beside it. What differs from it in more
    than records stays: it may be what somebody saved in that moment."""
    for left in left_beside(target):
        with suppress(OSError, StackFileRefused):
            before = left.read_bytes()
            as_recorded = changed(before, path, lambda _: _recorded(_document(content, path), path))
            if (before if as_recorded is None else as_recorded) == content:
                left.unlink()


def _document(raw: bytes, path: Path) -> Document:
    try:
        return Document.parse(raw, KEY)
    except Unwritable as error:
        raise _refused(path, error) from None


def _refused(path: Path, error: Unwritable) -> StackFileRefused:
    return StackFileRefused(path, error.problem, details=error.mend(path), line=error.line)


def _recorded(document: Document, path: Path) -> dict[str, Releases]:
    try:
        return recorded(document)
    except Unwritable as error:
        raise _refused(path, error) from None
    except Misrecorded as error:
        count = len(error.faults)
        problem = f"its records have {count} fault{'' if count == 1 else 's'}"
        raise StackFileRefused(path, problem, details=error.faults) from None


def content_of(path: Path) -> bytes:
    """The file's bytes. Raises StackFileRefused where there are none to read."""
    target = _target(path)
    try:
        if not target.is_file():
            raise StackFileRefused(path, "is no file")
        return read_at_most(target, MAX_BYTES)
    except TooLarge as error:
        raise StackFileRefused(path, str(error)) from None
    except OSError as error:
        raise StackFileRefused(path, f"cannot be read: {error.strerror or error}") from None


def _target(path: Path) -> Path:
    """The file that ``path`` leads to."""
    try:
        return path.resolve(strict=True)
    except FileNotFoundError:
        raise _missing(path) from None
    except RuntimeError:  # A loop of links, before Python 3.13.
        raise StackFileRefused(path, "cannot be read: its symbolic links lead in a circle") from None
    except OSError as error:
        raise StackFileRefused(path, f"cannot be read: {error.strerror or error}") from None


def _missing(path: Path) -> StackFileRefused:
    stack = stack_of(path)
    others = sorted(stack_of(other) for other in path.parent.glob("Pulumi.*.yaml"))
    close = difflib.get_close_matches(stack, others, n=1, cutoff=0.6)
    if close:
        return StackFileRefused(path, f"is missing; did you mean the stack {close[0]!r}?")
    there = f"; there are {', '.join(others)}" if others else ""
    return StackFileRefused(path, f"is missing{there}", next_command=f"pulumi stack init {stack}")


def stack_of(path: Path) -> str:
    """``prod`` of ``Pulumi.prod.yaml``."""
    return path.name.removeprefix("Pulumi.").removesuffix(".yaml")


def _config_folder(project: Path) -> Path:
    """Where the project keeps its stack files: as Pulumi.yaml says, else beside it."""
    path = next((p for p in (project / "Pulumi.yaml", project / "Pulumi.yml") if p.is_file()), None)
    if path is None:
        raise StackFileRefused(
            project / "Pulumi.yaml",
            "is missing: this is not the project's folder",
            details=["Name the folder that has Pulumi.yaml with --project DIR, or go there."],
        )
    try:
        text = read_at_most(path, PROJECT_YAML).decode("utf-8-sig")
        settings, _ = yaml_lines.loaded(text, str(path), "name, runtime, main")
    except Faults as faults:
        raise StackFileRefused(path, "cannot be read", details=[str(fault) for fault in faults.faults]) from None
    except (ValueError, OSError) as error:
        raise StackFileRefused(path, f"cannot be read: {str(error).splitlines()[0]}") from None
    folder = settings.get("stackConfigDir")
    if folder is None:
        return project
    if not isinstance(folder, str) or not (project / folder).resolve().is_relative_to(project.resolve()):
        raise StackFileRefused(path, f"stackConfigDir leads out of the project: {folder!r}")
    return project / folder
