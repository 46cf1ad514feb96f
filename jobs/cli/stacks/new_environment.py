"""`jobs new-environment`: the stack file of another environment."""

from __future__ import annotations

import os
import shlex

import typer

from jobs.cli.asked import Asked
from jobs.cli.program import UP_VARIABLE, say_next
from jobs.stacks.another import write_another


def new_environment_like(like: str, asked: Asked) -> None:
    """Reads the one file and writes the other; nothing else is asked."""
    written = write_another(asked.project_folder, asked.stack, like)
    typer.echo(f"{written.path}: written after {like}")
    for key, old, new in written.changed:
        typer.echo(f"  {key}: {old} -> {new}")
    if written.review:
        typer.echo("Copied as they stand; look whether they are this environment's too:")
        for key, value in written.review:
            typer.echo(f"  {key}: {value}")
    typer.echo("Names that are unique in all of Azure may be taken: the first up says so.")
    say_next(asked.up if UP_VARIABLE in os.environ else shlex.join(["pulumi", "stack", "init", asked.stack]))
