"""The verbs that train: what it would cost, the run, its record. As in ``app``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from jobs.cli.asked import Asked, duration
from jobs.cli.options import (
    DEADLINE,
    Commit,
    Deadline,
    Debug,
    Model,
    Models,
    Notify,
    Output,
    Outputs,
    Project,
    StackName,
)
from jobs.cli.outcomes import outcome
from jobs.cli.stacks.writing import Writing
from jobs.cli.training.notice import Telling

verbs_of_training = typer.Typer()


@verbs_of_training.command()
def plan(
    model: Model,
    *,
    stack: StackName,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="For people, or as it is stored with a run.")
    ] = "text",
    offline: Annotated[bool, typer.Option("--offline", help="Ask neither the subscription nor the account.")] = False,
    sources: Annotated[bool, typer.Option("--sources", help="Say what each figure rests on.")] = False,
    models: Models = None,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Says what a run would cost and whether it can work, before anything is spent. Changes nothing."""
    asked = Asked(stack, project=project, models=models, outputs=outputs)
    with outcome(debug=debug, asked=asked):
        from jobs.cli.training.plan import plan_model

        plan_model(model, asked, as_json=form == "json", offline=offline, sources=sources)


@verbs_of_training.command()
def run(
    model: Annotated[str | None, typer.Argument(metavar="MODEL", help="The model's name.")] = None,
    *,
    stack: StackName,
    everything: Annotated[
        bool, typer.Option("--all", help="Every model of the stack, side by side, in place of MODEL.")
    ] = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="End once the run is submitted.")] = False,
    deadline: Deadline = DEADLINE,
    new: Annotated[
        bool, typer.Option("--new", help="Train again, though the same run exists. It costs again.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Spend what the plan says without being asked.")] = False,
    output: Output = "file",
    commit: Commit = False,
    notify: Notify = None,
    models: Models = None,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Shows the plan, trains the model once that is agreed to, or takes up the run that exists; records the result."""
    asked = Asked(
        stack, project=project, models=models, outputs=outputs, notify=notify, writing=Writing(output, commit)
    )
    again = [flag for flag, given in {"--no-wait": no_wait, "--new": new}.items() if given]
    again += ["--deadline", deadline] if deadline != DEADLINE else []
    typed = asked.command("run", model, *(["--all"] if everything else []), *again)
    telling = Telling(asked, model, typed)
    with telling, outcome(debug=debug, asked=asked, again=typed, trains=True), asked.writing:
        from jobs.cli.training import run as one
        from jobs.cli.training import run_all as all_of_them
        from jobs.errors import Usage

        telling.by(notify)
        if model is not None and not everything:
            wish = one.Wish(wait=not no_wait, new=new, yes=yes, again=tuple(again))
            telling.of(lambda: one.run_model(model, asked, duration(deadline), wish))
        elif everything and model is None and not new:
            wishes = all_of_them.Wish(wait=not no_wait, yes=yes, again=tuple(again), tell=telling.now)
            telling.of(lambda: all_of_them.run_all(asked, duration(deadline), wishes))
        else:
            raise Usage("run takes a MODEL, or --all; --new goes with a MODEL: it costs again")


@verbs_of_training.command()
def sweep(
    model: Model,
    *,
    stack: StackName,
    yes: Annotated[bool, typer.Option("--yes", help="Spend what the whole grid costs without being asked.")] = False,
    pick: Annotated[
        str | None,
        typer.Option("--pick", metavar="RUN", help="Take this run: its number in the grid, suffix, job or model."),
    ] = None,
    deadline: Deadline = DEADLINE,
    output: Output = "file",
    commit: Commit = False,
    notify: Notify = None,
    models: Models = None,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Trains the grid that tune.yaml declares, as far as it isn't yet, and records the best run as candidate."""
    asked = Asked(
        stack, project=project, models=models, outputs=outputs, notify=notify, writing=Writing(output, commit)
    )
    again = ["--pick", pick] if pick is not None else []
    again += ["--deadline", deadline] if deadline != DEADLINE else []
    typed = asked.command("sweep", model, *again)
    telling = Telling(asked, model, typed)
    with telling, outcome(debug=debug, asked=asked, again=typed, trains=True), asked.writing:
        from jobs.cli.training.sweep import Wish, sweep_model

        wish = Wish(yes=yes, pick=pick, again=tuple(again))
        telling.by(notify)
        telling.of(lambda: sweep_model(model, asked, duration(deadline), wish))


@verbs_of_training.command()
def watch(
    model: Model,
    *,
    stack: StackName,
    deadline: Deadline = DEADLINE,
    output: Output = "file",
    commit: Commit = False,
    notify: Notify = None,
    models: Models = None,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Takes up the run that exists, without ever submitting one, and records the result as candidate."""
    asked = Asked(
        stack, project=project, models=models, outputs=outputs, notify=notify, writing=Writing(output, commit)
    )
    typed = asked.command("watch", model)
    telling = Telling(asked, model, typed)
    with telling, outcome(debug=debug, asked=asked, again=typed, trains=True), asked.writing:
        from jobs.cli.training.run import watch_model

        telling.by(notify)
        telling.of(lambda: watch_model(model, asked, deadline=duration(deadline)))


@verbs_of_training.command()
def record(
    model: Annotated[str | None, typer.Argument(metavar="MODEL", help="The model's name.")] = None,
    *,
    stack: StackName,
    everything: Annotated[bool, typer.Option("--all", help="Every run of the stack, in place of MODEL.")] = False,
    output: Output = "file",
    commit: Commit = False,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Records what runs have made, by the stack's journals and accounts; needs neither models/ nor data."""
    asked = Asked(stack, project=project, outputs=outputs, writing=Writing(output, commit))
    again = asked.command("record", model, *(["--all"] if everything else []))
    with outcome(debug=debug, asked=asked, again=again, trains=True), asked.writing:
        from jobs.cli.training.record import record_runs

        record_runs(model, asked, everything=everything)
