"""The verbs about data: are they fit to train on, and how they become so. As in ``app``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from jobs.cli.asked import Asked
from jobs.cli.data.told import Form, Told
from jobs.cli.options import Debug, Models, Outputs, Project
from jobs.cli.outcomes import outcome
from jobs.data.expected import Use

verbs_of_data = typer.Typer()


@verbs_of_data.command()
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


@verbs_of_data.command()
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
