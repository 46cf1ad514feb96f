"""`jobs status`: its options. As in ``app``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from jobs.cli.asked import Asked
from jobs.cli.options import Debug, Outputs, Project
from jobs.cli.outcomes import outcome

verbs_of_status = typer.Typer()

AS_OF_VARIABLE = "JOBS_AS_OF"


@verbs_of_status.command()
def status(
    *,
    stacks: Annotated[
        list[str] | None,
        typer.Option(
            "--stack", "-s", metavar="STACK", help="Only this stack; may be given again. Else all that have a file."
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Exit 1 if anything needs a person.")] = False,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="For people, or for programs.")] = "text",
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody in Azure: file and outputs alone.")] = False,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="WHEN",
            envvar=AS_OF_VARIABLE,
            help="What will bite by then: a day, or a moment in ISO 8601.",
            show_default="now",
        ),
    ] = None,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Shows what each environment serves, since when and at what price, and what will bite. Changes nothing."""
    named = tuple(dict.fromkeys(stacks or ()))
    # Of several stacks each next command names its own.
    asked = Asked(named[0], project=project, outputs=outputs) if len(named) == 1 else None
    with outcome(debug=debug, asked=asked, again=asked.command("status", None) if asked is not None else None):
        from jobs.cli.releases.status import Wish, show_status

        wish = Wish(named, check=check, as_json=form == "json", offline=offline, as_of=as_of)
        show_status(wish, project, outputs)
