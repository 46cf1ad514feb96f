"""How this program is typed, and the next command to type.

``jobs`` alone is a builtin of bash, dash, zsh and fish (it lists the shell's own jobs), which wins over any program of
that name on PATH. So the commands that people are told to type begin with what they typed this time. A team that brings
its stacks up by another command than ``pulumi up`` names it in JOBS_UP: what follows it then is ``-s STACK``.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import typer

NAME = "jobs"
UP = "pulumi up"
UP_VARIABLE = "JOBS_UP"


def typed(command: str, program: str | None = None, folder: Path | None = None) -> str:
    """``command`` as it can be typed: ``.venv/bin/jobs …`` or ``python -m jobs …``, and a stack's up by JOBS_UP.

    program, folder   what this process was started as, and where; its own unless given
    """
    if command.startswith(f"{UP} "):
        return f"{os.environ.get(UP_VARIABLE) or UP}{command.removeprefix(UP)}"
    first, _, rest = command.partition(" ")
    if first != NAME:
        return command
    return f"{_as_typed(program or sys.argv[0], folder or Path.cwd())} {rest}"


def say_next(command: str, *, err: bool = False) -> None:
    """On a line of its own, so that it can be found and copied."""
    typer.echo(f"Next: {typed(command)}", err=err)


def _as_typed(program: str, folder: Path) -> str:
    path = Path(program)
    if path.name == "__main__.py":
        return f"python -m {NAME}"
    if path.name != NAME:
        return NAME
    if path.is_absolute() and path.is_relative_to(folder):
        path = path.relative_to(folder)
    # Without a folder in it the shell would take it for its builtin.
    return shlex.quote(str(path) if len(path.parts) > 1 else f"./{path}")
