"""The verbs that follow a model across stacks and over time. As in ``app``."""

from __future__ import annotations

import shlex
from typing import Annotated, Literal

import typer

from jobs.cli.asked import Asked
from jobs.cli.options import Commit, Debug, Model, Models, Output, Outputs, Project
from jobs.cli.outcomes import outcome
from jobs.cli.stacks.writing import Writing

verbs_of_lineage = typer.Typer()

Stacks = Annotated[
    list[str] | None,
    typer.Option("--stack", "-s", metavar="STACK", help="A stack; may be given more than once. All, unless given."),
]
Form = Annotated[Literal["text", "json"], typer.Option("--format", help="For people, or for programs.")]


@verbs_of_lineage.command()
def promote(
    model: Model,
    *,
    source: Annotated[str, typer.Option("--from", metavar="STACK", help="The stack that has the model.")],
    target: Annotated[str, typer.Option("--to", metavar="STACK", help="The stack whose candidate it becomes.")],
    candidate: Annotated[
        bool, typer.Option("--candidate", help="Take the candidate of --from, in place of its live model.")
    ] = False,
    model_id: Annotated[
        str | None, typer.Option("--model-id", metavar="ID", help="Take this model of --from, wherever it stands.")
    ] = None,
    pull_request: Annotated[
        bool, typer.Option("--pr", help="Print a title and, below it, a Markdown body for a pull request.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nothing of Azure.")] = False,
    rights_given: Annotated[
        bool,
        typer.Option(
            "--rights-given", help="The target's deployers may read the source account already, as by a group."
        ),
    ] = False,
    output: Output = "file",
    commit: Commit = False,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Makes a model of one stack the candidate of another, in that one's stack file: the same model, not retrained."""
    asked = Asked(target, project=project, outputs=outputs, writing=Writing(output, commit))
    flags = [
        *(["--candidate"] if candidate else []),
        *(["--model-id", model_id] if model_id is not None else []),
        *(["--rights-given"] if rights_given else []),
    ]
    again = asked.complete(shlex.join(["jobs", "promote", model, "--from", source, "--to", target, *flags]))
    with outcome(debug=debug, asked=asked, again=again), asked.writing:
        from jobs.cli.releases.promote import Wish, promote_model

        wish = Wish(candidate=candidate, model_id=model_id, pull_request=pull_request)
        promote_model(model, source, asked, wish, offline=offline, rights_given=rights_given)


@verbs_of_lineage.command()
def history(
    model: Model,
    *,
    stacks: Stacks = None,
    form: Form = "text",
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Shows what became of a model, by git and by the records: when, where, what, by whom. Changes nothing."""
    with outcome(debug=debug):
        from jobs.cli.releases.history import show_history

        show_history(model, stacks or (), project, as_json=form == "json")


@verbs_of_lineage.command()
def diff(
    model: Model,
    one: Annotated[
        str, typer.Argument(metavar="A", help="live, candidate, previous[0], prod:live, a model ID or key.")
    ],
    other: Annotated[str, typer.Argument(metavar="B", help="The same, of the other.")],
    *,
    stacks: Stacks = None,
    form: Form = "text",
    models: Models = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Shows in what two tuned models differ: data, parameters, scores, cost. Changes nothing."""
    with outcome(debug=debug):
        from jobs.cli.releases.diff import show_difference

        show_difference(model, (one, other), stacks or (), project, models, as_json=form == "json")
