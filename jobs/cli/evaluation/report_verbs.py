"""The verb that tells others: `jobs report`. As in ``app``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.asked import Asked
from jobs.cli.options import Debug, Model, Outputs, Project, StackName
from jobs.cli.outcomes import outcome

verbs_of_reports = typer.Typer()


@verbs_of_reports.command()
def report(
    model: Model,
    *,
    stack: StackName,
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help="The page to write; an older report is replaced.")],
    of: Annotated[
        str | None,
        typer.Option(
            "--of",
            metavar="RECORD",
            help="candidate, live, previous[0] or a model ID.",
            show_default="the candidate, or what is live where there is none",
        ),
    ] = None,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Writes one page of HTML about a model: scores, regressions, curve, lineage, cost. It needs no network."""
    asked = Asked(stack, project=project, outputs=outputs)
    with outcome(debug=debug, asked=asked, again=asked.command("report", model, "--out", str(out))):
        from jobs.cli.evaluation.report import write_report

        write_report(model, asked, out, of)
