"""The verbs about stack files: `jobs config …`. As in ``app``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from jobs.cli.options import Debug, Models, Project
from jobs.cli.outcomes import outcome

verbs_of_config = typer.Typer(
    name="config", help="Looks at stack files, and merges them. Reaches no network.", no_args_is_help=True
)


@verbs_of_config.command()
def check(
    *,
    stacks: Annotated[
        list[str] | None,
        typer.Option("--stack", "-s", metavar="STACK", help="A stack; may be given more than once. All, unless given."),
    ] = None,
    form: Annotated[Literal["text", "json", "github"], typer.Option("--format", help="How it is told.")] = "text",
    models: Models = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Finds what is wrong with stack files, with file, line and key; what a merge may have broken, too."""
    with outcome(debug=debug):
        from jobs.cli.stacks.config_check import check_config

        check_config(stacks or (), project, models, form)


@verbs_of_config.command()
def merge(
    base: Annotated[Path, typer.Argument(metavar="BASE", help="What both sides began with (%O of git).")],
    ours: Annotated[Path, typer.Argument(metavar="OURS", help="One side, which gets the result (%A).")],
    theirs: Annotated[Path, typer.Argument(metavar="THEIRS", help="The other side (%B).")],
    name: Annotated[str | None, typer.Argument(metavar="PATH", help="The file's path, for messages (%P).")] = None,
    *,
    marker_size: Annotated[
        int, typer.Option("--marker-size", metavar="N", min=1, help="Length of conflict markers (%L).")
    ] = 7,
    debug: Debug = False,
) -> None:
    """Merges a stack file as git's merge driver: exit 1 where a person has to decide."""
    with outcome(debug=debug):
        from jobs.cli.stacks.config_merge import merge_files

        merge_files(base, ours, theirs, name, marker_size)


@verbs_of_config.command("install-merge-driver")
def install_merge_driver(*, project: Project = None, debug: Debug = False) -> None:
    """Has git merge this repository's stack files by `jobs config merge`, on this machine."""
    with outcome(debug=debug):
        from jobs.cli.stacks.config_merge import install

        install(project)
