"""The verbs about runs that there are, each for a model or a run. As in ``app``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from jobs.cli.asked import Asked
from jobs.cli.options import Debug, Outputs, Project, StackName
from jobs.cli.outcomes import outcome

verbs_of_runs = typer.Typer()

Run = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A model (its newest run), a run key or 8 hex of it, a job, a suffix, or a tuned model's ID.",
    ),
]


@verbs_of_runs.command("list")
def list_(
    model: Annotated[str | None, typer.Argument(metavar="MODEL", help="Only the runs of this model.")] = None,
    *,
    stack: StackName,
    everything: Annotated[
        bool, typer.Option("--all", help="Earlier attempts too, and jobs of others that have ended.")
    ] = False,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="For people, or for programs.")] = "text",
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Lists the runs of the stack, and jobs of others in its accounts. Changes nothing."""
    asked = Asked(stack, project=project, outputs=outputs)
    with outcome(debug=debug, asked=asked, again=asked.command("list", model)):
        from jobs.cli.list_runs import list_runs

        list_runs(model, asked, everything=everything, as_json=form == "json")
