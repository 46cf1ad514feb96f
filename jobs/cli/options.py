"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from jobs.cli.asked import OUTPUTS_VARIABLE

Model = Annotated[str, typer.Argument(metavar="MODEL", help="The model's name: its folder in models/.")]
StackName = Annotated[
    str, typer.Option("--stack", "-s", metavar="STACK", help="The stack, as Pulumi names it: dev or org/project/dev.")
]
Models = Annotated[
    Path | None,
    typer.Option("--models", metavar="DIR", help="The folder of models.", show_default="models/ of the project"),
]
Outputs = Annotated[
    Path | None,
    typer.Option(
        "--outputs",
        metavar="PATH",
        envvar=OUTPUTS_VARIABLE,
        help="The stack's outputs: a file, or a folder with STACK.json. Pulumi is asked where it is not given.",
    ),
]
Project = Annotated[
    Path | None,
    typer.Option("--project", metavar="DIR", help="The folder with Pulumi.yaml.", show_default="this one"),
]
Deadline = Annotated[
    str,
    typer.Option("--deadline", metavar="TIME", help="How long to wait for the run, or for answers: 90s, 30m, 24h, 2d."),
]
DEADLINE = "24h"
Debug = Annotated[bool, typer.Option("--debug", help="Show where in the program an error arose.")]
Output = Annotated[
    Literal["file", "patch"],
    typer.Option("--output", help="Write the stack file, or print a patch of it and leave it as it is."),
]
Commit = Annotated[
    bool, typer.Option("--commit", help="Commit the stack file, and nothing else, with a message that says what for.")
]
Notify = Annotated[
    str | None,
    typer.Option("--notify", metavar="CMD", help="Run this once it has ended; what happened is in its environment."),
]
