"""`jobs clean`: its options. As in ``app``."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.cli.asked import Asked, duration
from jobs.cli.options import Debug, Outputs, Project, StackName
from jobs.cli.outcomes import outcome

verbs_of_cleaning = typer.Typer()

OLDER_THAN = "90d"


@verbs_of_cleaning.command()
def clean(
    *,
    stack: StackName,
    older_than: Annotated[
        str, typer.Option("--older-than", metavar="TIME", help="Only what is older: 24h, 90d.")
    ] = OLDER_THAN,
    yes: Annotated[bool, typer.Option("--yes", help="Delete it. Without it: show what would go.")] = False,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Shows what the stack has kept and nothing refers to any more; deletes it with --yes."""
    asked = Asked(stack, project=project, outputs=outputs)
    flags = ["--older-than", older_than] if older_than != OLDER_THAN else []
    again = asked.command("clean", None, *flags, *(["--yes"] if yes else []))
    with outcome(debug=debug, asked=asked, again=again):
        from jobs.cli.releases.clean import clean_stack

        clean_stack(asked, duration(older_than), yes=yes, command=asked.command("clean", None, *flags, "--yes"))
