"""The verbs that move a model's pointers, and the one that asks what is served. As in ``app``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from jobs.cli.asked import Asked, duration
from jobs.cli.options import Commit, Debug, Model, Models, Output, Outputs, Project, StackName
from jobs.cli.outcomes import outcome
from jobs.cli.stacks.writing import Writing

verbs_of_releases = typer.Typer()

_READY = "10m"
"""How long a deployment is waited for that an up has just made."""


@verbs_of_releases.command()
def release(
    model: Model,
    *,
    stack: StackName,
    override: Annotated[
        str | None,
        typer.Option("--override", metavar="REASON", help="Release it though it has not passed; who and why is kept."),
    ] = None,
    output: Output = "file",
    commit: Commit = False,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Makes the candidate, if it has passed, the live model, in the stack file; the former one goes to previous."""
    asked = Asked(stack, project=project, outputs=outputs, writing=Writing(output, commit))
    again = ["--override", override] if override is not None else []
    with outcome(debug=debug, asked=asked, again=asked.command("release", model, *again)), asked.writing:
        from jobs.cli.releases.release import release_model

        release_model(model, asked, override)


@verbs_of_releases.command()
def verify(
    model: Annotated[str | None, typer.Argument(metavar="MODEL", help="Only this model.")] = None,
    *,
    stack: StackName,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="For people, or for programs.")] = "text",
    deadline: Annotated[
        str, typer.Option("--deadline", metavar="TIME", help="How long to wait for deployments: 90s, 10m.")
    ] = _READY,
    models: Models = None,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Asks every live and candidate deployment something, and says what is served. Changes nothing."""
    asked = Asked(stack, project=project, models=models, outputs=outputs)
    again = [*(["--format", form] if form != "text" else []), *(["--deadline", deadline] if deadline != _READY else [])]
    with outcome(debug=debug, asked=asked, again=asked.command("verify", model, *again)):
        from jobs.cli.releases.verify import verify_stack

        verify_stack(model, asked, duration(deadline), as_json=form == "json")


@verbs_of_releases.command()
def rollback(
    model: Model,
    *,
    stack: StackName,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="MODELID", help="This one, in place of the newest that was live before."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is recorded.")] = "not as expected",
    output: Output = "file",
    commit: Commit = False,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Makes a model that was live before live again, in the stack file; the live one goes to previous, rolled back."""
    asked = Asked(stack, project=project, outputs=outputs, writing=Writing(output, commit))
    again = [*(["--to", to] if to is not None else []), "--reason", reason]
    with outcome(debug=debug, asked=asked, again=asked.command("rollback", model, *again)), asked.writing:
        from jobs.cli.releases.rollback import roll_back

        roll_back(model, to, reason, asked)


@verbs_of_releases.command()
def withdraw(
    model: Model,
    *,
    stack: StackName,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is recorded.")] = "not wanted",
    output: Output = "file",
    commit: Commit = False,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Puts the candidate aside, in the stack file; the next up removes its deployment."""
    asked = Asked(stack, project=project, writing=Writing(output, commit))
    with outcome(debug=debug, asked=asked), asked.writing:
        from jobs.cli.releases.withdraw import withdraw_model

        withdraw_model(model, reason, asked)
