"""The verbs and their options. A verb's work is in the module of its name, imported when it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from jobs.cli.asked import Asked, duration
from jobs.cli.data.told import Form, Told
from jobs.cli.evaluation.evaluation_verbs import verbs_of_evaluation
from jobs.cli.evaluation.report_verbs import verbs_of_reports
from jobs.cli.evaluation.review_verbs import verbs_of_reviews
from jobs.cli.options import DEADLINE as _DEADLINE
from jobs.cli.options import Commit, Deadline, Debug, Model, Models, Notify, Output, Outputs, Project, StackName
from jobs.cli.outcomes import outcome
from jobs.cli.releases.clean_verbs import verbs_of_cleaning
from jobs.cli.releases.lineage_verbs import verbs_of_lineage
from jobs.cli.releases.release_verbs import verbs_of_releases
from jobs.cli.releases.status_verbs import verbs_of_status
from jobs.cli.runs.run_verbs import verbs_of_runs
from jobs.cli.stacks.config_verbs import verbs_of_config
from jobs.cli.stacks.writing import Writing
from jobs.cli.training.notice import Telling
from jobs.data.expected import Use

app = typer.Typer(
    name="jobs",
    help="What happens to a tuned model: check, run, release. `pulumi up` deploys what is recorded.",
    epilog="Exit codes: 0 done, 1 refused, 2 usage, 3 the cloud failed, 70 a fault of jobs itself, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def check(
    model: Annotated[
        str | None, typer.Argument(metavar="MODEL", help="The model's name: its folder in models/.")
    ] = None,
    *,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="PATH", help="A file to check by itself, in place of MODEL.")
    ] = None,
    method: Annotated[
        Literal["supervised", "dpo", "reinforcement"] | None,
        typer.Option("--method", help="How --file is to train.", show_default="supervised"),
    ] = None,
    base: Annotated[
        str | None, typer.Option("--base", metavar="ID", help="The base model of --file, for what it takes.")
    ] = None,
    use: Annotated[Use | None, typer.Option("--use", help="What --file is for.", show_default="training")] = None,
    form: Annotated[Form, typer.Option("--format", help="How findings are told.")] = "text",
    everything: Annotated[bool, typer.Option("--all", help="Show every finding, not the first few of a rule.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Write a mended copy beside each file that needs one.")] = False,
    stack: Annotated[
        str | None,
        typer.Option("--stack", "-s", metavar="STACK", help="The stack that approves storage, and may demand answers."),
    ] = None,
    models: Models = None,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Checks tune.yaml and the datasets it names, or one file; reaches no network but for data by reference."""
    asked = Asked(stack, project=project, models=models, outputs=outputs) if stack is not None else None
    with outcome(debug=debug, asked=asked, again=asked.command("check", model) if asked is not None else None):
        from jobs.cli.data.check import check_model, check_one, check_with_stack
        from jobs.errors import Usage
        from jobs.tuning.expectations import expected_of

        told = Told(form, everything=everything, fix=fix)
        if model is not None and (file, method, base, use) == (None, None, None, None):
            if asked is None:
                check_model(model, models or (project or Path()) / "models", told)
            else:
                check_with_stack(model, asked, told)
        elif file is not None and model is None:
            check_one(file, expected_of(base, method or "supervised", use or "training"), told)
        else:
            raise Usage("check takes a MODEL, or --file PATH; --method, --base and --use go with --file")


@app.command()
def convert(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSONL, JSON or CSV in another form.")],
    *,
    output: Annotated[Path, typer.Option("--output", metavar="NEW.jsonl", help="Written anew, never over a file.")],
    system: Annotated[
        str | None, typer.Option("--system", metavar="TEXT", help="The system message of every example.")
    ] = None,
    system_file: Annotated[
        Path | None, typer.Option("--system-file", metavar="PATH", help="The same, from a file.")
    ] = None,
    form: Annotated[
        Literal["prompt-completion", "csv", "alpaca", "sharegpt", "examples"] | None,
        typer.Option("--from", help="The form of FILE.", show_default="told by its content"),
    ] = None,
    prompt: Annotated[
        str | None, typer.Option("--prompt", metavar="COLUMN", help="The column or key of what is asked.")
    ] = None,
    answer: Annotated[
        str | None, typer.Option("--answer", metavar="COLUMN", help="The column or key of what is answered.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", metavar="TEXT", help="Taken off the end of prompts.")
    ] = None,
    stop: Annotated[str | None, typer.Option("--stop", metavar="TEXT", help="Taken off the end of answers.")] = None,
    skip_faults: Annotated[
        bool, typer.Option("--skip-faults", help="Leave out what cannot become an example, and list it.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Turns prompts and completions, CSV, Alpaca or ShareGPT into chat JSONL, in a new file."""
    with outcome(debug=debug):
        from jobs.cli.data.convert import convert_file, system_message, unescaped
        from jobs.data.conversion import Wish

        message = system_message(system, system_file)
        wish = Wish(form, message, prompt, answer, unescaped(separator), unescaped(stop))
        convert_file(file, output, wish, skip_faults=skip_faults)


@app.command()
def run(
    model: Annotated[str | None, typer.Argument(metavar="MODEL", help="The model's name.")] = None,
    *,
    stack: StackName,
    everything: Annotated[
        bool, typer.Option("--all", help="Every model of the stack, side by side, in place of MODEL.")
    ] = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="End once the run is submitted.")] = False,
    deadline: Deadline = _DEADLINE,
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
    again += ["--deadline", deadline] if deadline != _DEADLINE else []
    typed = asked.command("run", model, *(["--all"] if everything else []), *again)
    telling = Telling(asked, model, typed)
    with telling, outcome(debug=debug, asked=asked, again=typed), asked.writing:
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


@app.command()
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


@app.command()
def sweep(
    model: Model,
    *,
    stack: StackName,
    yes: Annotated[bool, typer.Option("--yes", help="Spend what the whole grid costs without being asked.")] = False,
    pick: Annotated[
        str | None,
        typer.Option("--pick", metavar="RUN", help="Take this run: its number in the grid, suffix, job or model."),
    ] = None,
    deadline: Deadline = _DEADLINE,
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
    again += ["--deadline", deadline] if deadline != _DEADLINE else []
    typed = asked.command("sweep", model, *again)
    telling = Telling(asked, model, typed)
    with telling, outcome(debug=debug, asked=asked, again=typed), asked.writing:
        from jobs.cli.training.sweep import Wish, sweep_model

        wish = Wish(yes=yes, pick=pick, again=tuple(again))
        telling.by(notify)
        telling.of(lambda: sweep_model(model, asked, duration(deadline), wish))


@app.command()
def watch(
    model: Model,
    *,
    stack: StackName,
    deadline: Deadline = _DEADLINE,
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
    with telling, outcome(debug=debug, asked=asked, again=typed), asked.writing:
        from jobs.cli.training.run import watch_model

        telling.by(notify)
        telling.of(lambda: watch_model(model, asked, deadline=duration(deadline)))


@app.command()
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
    with outcome(debug=debug, asked=asked, again=again), asked.writing:
        from jobs.cli.training.record import record_runs

        record_runs(model, asked, everything=everything)


@app.command("new-environment")
def new_environment(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new environment: a stack of this name.")],
    *,
    like: Annotated[str, typer.Option("--like", metavar="STACK", help="The environment whose file it is made after.")],
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Writes the stack file of another environment, after one that exists; nothing is written over."""
    asked = Asked(name, project=project)
    with outcome(debug=debug, asked=asked):
        from jobs.cli.stacks.new_environment import new_environment_like

        new_environment_like(like, asked)


@app.command()
def doctor(
    *,
    stack: StackName,
    models: Models = None,
    outputs: Outputs = None,
    project: Project = None,
    debug: Debug = False,
) -> None:
    """Checks whether everything is there that a run needs: tools, sign-in, network, roles, quota. Changes nothing."""
    asked = Asked(stack, project=project, models=models, outputs=outputs)
    with outcome(debug=debug, asked=asked):
        from jobs.cli.doctor import examine

        examine(asked)


app.add_typer(verbs_of_releases)
app.add_typer(verbs_of_lineage)
app.add_typer(verbs_of_status)
app.add_typer(verbs_of_cleaning)
app.add_typer(verbs_of_runs)
app.add_typer(verbs_of_evaluation)
app.add_typer(verbs_of_reviews)
app.add_typer(verbs_of_reports)
app.add_typer(verbs_of_config)
