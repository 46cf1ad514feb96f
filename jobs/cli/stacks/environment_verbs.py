"""The verbs about an environment as a whole. As in ``app``."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.cli.asked import Asked
from jobs.cli.options import Debug, Models, Outputs, Project, StackName
from jobs.cli.outcomes import outcome

verbs_of_environments = typer.Typer()


@verbs_of_environments.command()
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


@verbs_of_environments.command("new-environment")
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
