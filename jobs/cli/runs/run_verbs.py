"""The verbs about runs that there are, each for a model or a run. As in ``app``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from jobs.cli.asked import Asked, duration
from jobs.cli.options import DEADLINE, Deadline, Debug, Outputs, Project, StackName
from jobs.cli.outcomes import outcome

verbs_of_runs = typer.Typer()

Run = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A model (its newest run), a run key or 8 hex of it, a job, a suffix, or a tuned model's ID.",
    ),
]


Yes = Annotated[bool, typer.Option("--yes", help="Do it without being asked.")]
Wait = Annotated[bool, typer.Option("--wait", help="End once the service has done it.")]


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
    with outcome(debug=debug, asked=asked, again=asked.command("list", model), trains=True):
        from jobs.cli.runs.list_runs import list_runs

        list_runs(model, asked, everything=everything, as_json=form == "json")


@verbs_of_runs.command()
def show(
    run: Run,
    *,
    stack: StackName,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="For people, or for programs.")] = "text",
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Shows everything that is known of a run: what was meant, how far it is, what it has cost. Changes nothing."""
    asked = Asked(stack, project=project, outputs=outputs)
    with outcome(debug=debug, asked=asked, again=asked.command("show", run), trains=True):
        from jobs.cli.runs.show_run import show_run

        show_run(run, asked, as_json=form == "json")


@verbs_of_runs.command()
def logs(
    run: Run,
    *,
    stack: StackName,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the run has ended.")] = False,
    form: Annotated[
        Literal["lines", "json"], typer.Option("--format", help="A line for each event, or a JSON object.")
    ] = "lines",
    deadline: Deadline = DEADLINE,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Shows what a run's job has said, oldest first, with its times. Changes nothing."""
    asked = Asked(stack, project=project, outputs=outputs)
    flags = [*(["--follow"] if follow else []), *(["--format", form] if form != "lines" else [])]
    flags += ["--deadline", deadline] if deadline != DEADLINE else []
    again = asked.command("logs", run, *flags)
    with outcome(debug=debug, asked=asked, again=again, trains=True):
        from jobs.cli.runs.logs import show_logs

        show_logs(run, asked, duration(deadline), follow=follow, as_json=form == "json", again=again)


@verbs_of_runs.command()
def curve(
    run: Run,
    *,
    stack: StackName,
    form: Annotated[
        Literal["text", "csv", "json"], typer.Option("--format", help="A chart, or the figures of each step.")
    ] = "text",
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Draws a run's losses, or rewards, step by step, with its checkpoints and its best step. Changes nothing."""
    asked = Asked(stack, project=project, outputs=outputs)
    with outcome(debug=debug, asked=asked, again=asked.command("curve", run), trains=True):
        from jobs.cli.runs.curve import show_curve

        show_curve(run, asked, form)


@verbs_of_runs.command()
def pause(
    run: Run,
    *,
    stack: StackName,
    yes: Yes = False,
    wait: Wait = False,
    deadline: Deadline = DEADLINE,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Pauses a run of this stack, with a checkpoint that can be deployed; asks first."""
    _change("pause", run, Asked(stack, project=project, outputs=outputs), deadline, yes=yes, wait=wait, debug=debug)


@verbs_of_runs.command()
def resume(
    run: Run,
    *,
    stack: StackName,
    yes: Yes = False,
    without_limit: Annotated[
        bool,
        typer.Option(
            "--without-limit", help="Agree that the run goes on without its spending limit, whatever it costs."
        ),
    ] = False,
    wait: Wait = False,
    deadline: Deadline = DEADLINE,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Lets a paused run of this stack go on; says what that means for its spending limit, and asks first."""
    asked = Asked(stack, project=project, outputs=outputs)
    _change("resume", run, asked, deadline, yes=yes, wait=wait, without_limit=without_limit, debug=debug)


@verbs_of_runs.command()
def cancel(
    run: Run,
    *,
    stack: StackName,
    yes: Yes = False,
    wait: Wait = False,
    deadline: Deadline = DEADLINE,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Ends a run of this stack for good; what was trained until then stays charged. Asks first."""
    _change("cancel", run, Asked(stack, project=project, outputs=outputs), deadline, yes=yes, wait=wait, debug=debug)


def _change(
    verb: Literal["pause", "resume", "cancel"],
    run: str,
    asked: Asked,
    deadline: str,
    *,
    yes: bool,
    wait: bool,
    debug: bool,
    without_limit: bool = False,
) -> None:
    again = [*(["--without-limit"] if without_limit else []), *(["--wait"] if wait else [])]
    again += ["--deadline", deadline] if deadline != DEADLINE else []
    with outcome(debug=debug, asked=asked, again=asked.command(verb, run, *again), trains=True):
        from jobs.cli.runs.change_run import Wish, change_run
        from jobs.tuning.known.change import Change

        wish = Wish(yes=yes, wait=wait, without_limit=without_limit, again=tuple(again))
        change_run(Change(verb), run, asked, duration(deadline), wish)
