"""`jobs config merge` and `install-merge-driver`: git merges stack files by what their records mean."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import typer

from jobs.cli.outcomes import REFUSED
from jobs.errors import Refused, Unreadable
from jobs.stacks.git import git, top_of
from jobs.stacks.merge_driver import NAME, merge
from jobs.stacks.stack_file import stack_files


def merge_files(base: Path, ours: Path, theirs: Path, name: str | None, marker_size: int) -> None:
    """git's contract: the result in ``ours``, and exit 1 where a person has to look. ``name`` is the file's own."""
    try:
        before, one, other = (path.read_bytes() for path in (base, ours, theirs))
    except OSError as error:
        raise Unreadable(f"{error.filename}: {error.strerror}") from None
    outcome = merge(before, one, other, marker_size)
    ours.write_bytes(outcome.content)
    for words in outcome.words:
        typer.echo(f"{name or ours}: {words}", err=True)
    if not outcome.clean:
        raise typer.Exit(REFUSED)


def install(project: Path | None) -> None:
    """In the config of this repository alone. Twice is as once."""
    folder = project or Path()
    top = top_of(folder)
    if top is None:
        raise Refused(f"{folder.resolve()} is in no git repository")
    settings = {"name": "records of tuned models by their meaning, the rest as text", "driver": _driver()}
    for key, value in settings.items():
        answer = git(folder, "config", "--local", f"merge.{NAME}.{key}", value)
        if not answer.well:
            raise Refused(f"git config: {answer.words}")
    typer.echo(f"git of {top} merges stack files by `jobs config merge`")
    missing = [path for path in stack_files(folder) if not _attributed(path)]
    if missing:
        pattern = Path(*missing[0].resolve().relative_to(top.resolve()).parts[:-1], "Pulumi.*.yaml").as_posix()
        raise Refused(
            f"git doesn't use it for {', '.join(str(path) for path in missing)} yet",
            details=[f"Add this line to {top / '.gitattributes'}, and commit it:", f"{pattern} merge={NAME}"],
        )


def _driver() -> str:
    """What git has its shell run.

    To git an end like that of a program that isn't there any more is a conflict, in a file that has one side alone. So
    where this program has left no markers, git's own text merge is made, as if there were no driver.
    """
    # -P: not what lies in the working tree, which is what is being merged.
    program = shlex.join([sys.executable, "-P", "-m", "jobs", "config", "merge"])
    as_text = "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B"
    return f"{program} --marker-size %L %O %A %B %P || {{ grep -q '^<<<<<<<' %A && exit 1; {as_text}; }}"


def _attributed(path: Path) -> bool:
    return git(path.parent, "check-attr", "merge", "--", path.name).out.rstrip().endswith(f": merge: {NAME}")
