"""The verb that measures: `jobs evaluate`. As in ``app``."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import Annotated, Literal

import typer

from jobs.cli.asked import Asked, duration
from jobs.cli.options import DEADLINE, Commit, Deadline, Debug, Model, Models, Output, Outputs, Project, StackName
from jobs.cli.outcomes import outcome
from jobs.cli.stacks.writing import Writing

verbs_of_evaluation = typer.Typer()


@verbs_of_evaluation.command()
def evaluate(
    model: Model,
    *,
    stack: StackName,
    baseline: Annotated[
        bool, typer.Option("--baseline", help="Measure what prompting alone reaches; needs no run.")
    ] = False,
    checkpoint: Annotated[
        int | None,
        typer.Option("--checkpoint", metavar="STEP", min=1, help="Make this checkpoint of the run the candidate."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Spend what the answers cost without being asked.")] = False,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="For people, or the whole scorecard.")
    ] = "text",
    deadline: Deadline = DEADLINE,
    output: Output = "file",
    commit: Commit = False,
    models: Models = None,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Asks the candidate and what it would replace the whole holdout, and holds the difference to the gate."""
    asked = Asked(stack, project=project, models=models, outputs=outputs, writing=Writing(output, commit))
    again = [*(["--baseline"] if baseline else []), *(["--format", form] if form != "text" else [])]
    again += ["--deadline", deadline] if deadline != DEADLINE else []
    with outcome(debug=debug, asked=asked, again=asked.command("evaluate", model, *again)), asked.writing:
        from jobs.errors import Usage

        if baseline and checkpoint is not None:
            raise Usage("--baseline measures no run, and --checkpoint names a step of one: give one of them")
        if form == "json" and output == "patch":
            raise Usage("--format json prints the scorecard, and --output patch the patch: give one of them")
        if checkpoint is not None:
            from jobs.cli.evaluation.checkpoint import choose_checkpoint

            # The document of --format json is all that is printed.
            with redirect_stdout(sys.stderr if form == "json" else sys.stdout):
                is_up = choose_checkpoint(model, asked, checkpoint, duration(deadline))
            if not is_up:
                return
        from jobs.cli.evaluation.evaluate import Wish, evaluate_model

        evaluate_model(model, asked, duration(deadline), Wish(yes, baseline, form == "json", tuple(again)))
