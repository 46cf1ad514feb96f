"""The verb by which people judge: `jobs review`. As in ``app``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.asked import Asked
from jobs.cli.options import Commit, Debug, Model, Output, Outputs, Project, StackName
from jobs.cli.outcomes import outcome
from jobs.cli.stacks.writing import Writing

verbs_of_reviews = typer.Typer()


@verbs_of_reviews.command()
def review(
    model: Model,
    *,
    stack: StackName,
    reviewer: Annotated[
        str | None,
        typer.Option("--reviewer", metavar="NAME", help="Who judges.", show_default="git's user.name"),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option("--export", metavar="NEW.csv", help="Write the pairs as a sheet, for who has not this program."),
    ] = None,
    imported: Annotated[
        Path | None, typer.Option("--import", metavar="PATH", help="Take the preferences of a sheet that came back.")
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="At most so many pairs; they come by chance.")
    ] = None,
    output: Output = "file",
    commit: Commit = False,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Shows pairs of answers without saying whose they are, and adds what people prefer to the evaluation."""
    asked = Asked(stack, project=project, outputs=outputs, writing=Writing(output, commit))
    flags = {"--reviewer": reviewer, "--export": export, "--import": imported, "--count": count}
    again = [word for flag, given in flags.items() if given is not None for word in (flag, str(given))]
    with outcome(debug=debug, asked=asked, again=asked.command("review", model, *again)), asked.writing:
        from jobs.cli.evaluation.review import export_pairs, import_preferences, review_pairs
        from jobs.errors import Usage

        if imported is not None:
            if (export, reviewer, count) != (None, None, None):
                raise Usage("--import goes by itself: the sheet has the reviewers' names")
            import_preferences(model, asked, imported)
        elif export is not None:
            export_pairs(model, asked, export, reviewer, count)
        else:
            review_pairs(model, asked, reviewer, count)
