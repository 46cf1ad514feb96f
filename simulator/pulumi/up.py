"""`python -m simulator up`: a stack on the local Azure, by the Pulumi CLI where there is one, else in this process."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from simulator.errors import Unusable
from simulator.paths import shown
from simulator.pulumi import in_process as without_cli
from simulator.pulumi import local_stack, with_cli
from simulator.pulumi.cli_state import CliState
from simulator.pulumi.judging import Judge
from simulator.pulumi.refusals import UNPROTECT
from simulator.pulumi.stack_file import Project, config_of, named, short_name
from simulator.pulumi.state import StackFolder
from simulator.pulumi.summary import Failed, How, Step, UpResult
from simulator.pulumi.ways_out import ways_out

ROOT = Path(__file__).resolve().parents[2]
"""This installation: where infra/ and its Pulumi.yaml are."""
RATE = 900.0
"""Simulated seconds per second of an Azure that only an up needs: what takes minutes passes in less than a second."""

_STACK_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
PROTECTED = re.compile(r"it is protected|marked for protection")
Verb = Literal["up", "preview", "destroy", "preview of destroy"]
DESTROYING = ("destroy", "preview of destroy")
Say = Callable[[str], None]


def up(  # noqa: PLR0917 - typer makes options of them.
    stack: Annotated[str, typer.Option("-s", "--stack", help="The stack, as Pulumi names it.")],
    project: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="The folder whose environments/ holds the stack's file.")
    ] = Path(),
    state: Annotated[
        Path, typer.Option(help="Where the local Azure's state is kept, unless one is running already.")
    ] = Path(".local/azure"),
    record: Annotated[Path | None, typer.Option(help="Append one JSON line per request to this file.")] = None,
    faults: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What goes wrong: a fault plan (docs/simulator.md).")
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what an up would do.")] = False,
    destroy: Annotated[
        bool,
        typer.Option("--destroy", help="Delete everything of the stack instead; with --preview, say what that is."),
    ] = False,
    replacing: Annotated[
        bool,
        typer.Option("--replace", help="In process: replace what holds data or traffic, where the change asks for it."),
    ] = False,
    imports: Annotated[
        list[str] | None,
        typer.Option(
            "--import", metavar="NAME=ID", help="In process: take over what stands in Azure as this resource."
        ),
    ] = None,
    in_process: Annotated[bool, typer.Option("--in-process", help="Don't use the Pulumi CLI.")] = False,
    new_subscription: Annotated[
        bool, typer.Option("--new-subscription", help="Refuse base deployments of models in deprecation.")
    ] = False,
) -> None:
    """Bring a stack up on the local Azure, and save its outputs for the jobs."""
    verb: Verb = ("preview of destroy" if preview else "destroy") if destroy else "preview" if preview else "up"
    adopted = _adopted(imports or [])
    folder = project.resolve()
    if not destroy and short_name(stack) != local_stack.LOCAL:
        _stack_file(folder, short_name(stack))
    try:
        with _azure(folder, state, record, faults, new_subscription) as environment:
            result = bring(
                verb,
                folder,
                stack,
                environment,
                in_process=in_process,
                replacing=replacing,
                adopted=adopted,
                say=typer.echo,
                warn=_warn,
            )
    except Failed as failed:
        typer.echo(f"error: {failed}", err=True)
        if PROTECTED.search(str(failed)) and UNPROTECT not in str(failed):
            typer.echo(f"To go on, {UNPROTECT}.", err=True)
        for way in ways_out(str(failed)):
            typer.echo(way, err=True)
        if failed.summary.changed and verb in ("up", "destroy"):
            typer.echo(
                f"Stopped after: {failed.summary}. What was done is recorded: mend the cause and run it again.",
                err=True,
            )
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, SystemExit):
        # Ctrl-C, or a signal that __main__ turned into an exit.
        typer.echo(f"Interrupted. What was done is recorded: run it again to go on with {stack}.", err=True)
        raise
    typer.echo(f"{verb} of {stack} {_means(result)}: {result.summary}.")


def bring(
    verb: Verb,
    project: Path,
    stack: str,
    environment: Mapping[str, str],
    *,
    in_process: bool = False,
    replacing: bool = False,
    adopted: Mapping[str, str] | None = None,
    say: Say = lambda _: None,
    warn: Say = lambda _: None,
    program: Callable[[], None] | None = None,
) -> UpResult:
    """Ups, previews or destroys a stack of `project` on the Azure that `environment` leads to.

    Saves the outputs as STACK.json (up), or removes them (destroy). In process: `program` takes the place of this
    installation's, which alone policy/ judges (`warn` hears what its advisory rules find); `replacing` lets an up
    replace what holds data or traffic, and by `adopted` (name → ID) it takes over what stands in Azure.
    Raises Failed and Unusable.
    """
    if short_name(stack) == local_stack.LOCAL and (written := local_stack.write(project / "environments")):
        say(f"Wrote {shown(written)}: the stack on the local Azure, yours to change.")
    home = home_of(project, environment)
    how, why = _way(stack, environment, home, in_process=in_process or program is not None)
    say(why)

    def report(step: Step) -> None:
        if step.did != "unchanged":
            say(str(step))

    if how == "cli":
        cli = with_cli.Cli(project, ROOT, stack, environment, home / "pulumi" / "projects", report, say)
        result = {
            "up": cli.up,
            "preview": cli.preview,
            "destroy": cli.destroy,
            "preview of destroy": cli.preview_destroy,
        }[verb]()
    else:
        described = Project.read(ROOT / "Pulumi.yaml")
        name = named(stack, described.name)
        config = {} if verb in DESTROYING else config_of(_stack_file(project, name), described)

        run = without_cli.Run(
            project=described.name,
            stack=name,
            config=config,
            environment=environment,
            states=home / "stacks",
            root=ROOT,
            report=report,
            say=say,
            replacing=replacing,
            adopted=adopted or {},
        )
        if program is None:
            judge = Judge(config, warn)
            run = replace(run, judge=judge.judge, admit=judge.admit)
        result = _without_cli(verb, run, program)
    if verb in ("up", "destroy"):
        _save_outputs(outputs_folder(project, environment) / f"{short_name(stack)}.json", result, verb)
    return result


def _way(stack: str, environment: Mapping[str, str], home: Path, *, in_process: bool) -> tuple[How, str]:
    """Which way, and why. A stack stays with the way that made it: each has a state of its own.

    Raises Unusable where that way can't be gone.
    """
    name = short_name(stack)
    found = with_cli.found(environment)
    if found and StackFolder(home / "stacks").holds(name):
        return "in process", f"Stack {name} was brought up in process, and stays so until it is destroyed."
    kept = CliState.of(environment, Project.read(ROOT / "Pulumi.yaml").name, name)
    by_cli = kept is not None and kept.holds()
    if by_cli and (in_process or not found):
        way = "leave out --in-process" if found else "put `pulumi` on PATH"
        raise Unusable(f"stack {name} was brought up by the Pulumi CLI here: {way}, or give another --state")
    if in_process:
        return "in process", "The program runs in process, as asked."
    if found:
        return "cli", "The Pulumi CLI is on PATH: it runs the program."
    return "in process", "There is no Pulumi CLI on PATH: the program runs in process."


def _without_cli(verb: Verb, run: without_cli.Run, program: Callable[[], None] | None) -> UpResult:
    if verb in DESTROYING:
        return without_cli.destroy(run, preview=verb != "destroy")
    declare = program or without_cli.program_of_this_installation()
    return without_cli.up(run, declare) if verb == "up" else without_cli.preview(run, declare)


def _adopted(told: list[str]) -> dict[str, str]:
    """NAME=ID, as --import has it."""
    pairs = [each.partition("=") for each in told]
    if wrong := next((each for each, pair in zip(told, pairs, strict=True) if not pair[0] or not pair[2]), None):
        raise typer.BadParameter(
            f"{wrong!r}: --import takes NAME=ID, the resource's name in Pulumi and its ID in Azure"
        )
    return {name: resource_id for name, _, resource_id in pairs}


def _warn(text: str) -> None:
    typer.echo(text, err=True)


def home_of(project: Path, environment: Mapping[str, str]) -> Path:
    """The folder of the local Azure that is reached: the states of stacks lie in it, beside the outputs."""
    return outputs_folder(project, environment).parent


def outputs_folder(project: Path, environment: Mapping[str, str]) -> Path:
    told = environment.get("JOBS_OUTPUTS")
    return Path(told) if told else project / ".local" / "outputs"


def _save_outputs(file: Path, result: UpResult, verb: Verb) -> None:
    if verb == "destroy":
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".json.new")
    fresh.write_text(json.dumps(result.outputs, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(file)


def _stack_file(project: Path, name: str) -> Path:
    file = project / "environments" / f"Pulumi.{name}.yaml"
    if not _STACK_NAME.fullmatch(name):
        raise Unusable(f"{name!r} is no name of a stack: those have letters, digits, '-', '_' and '.'")
    if not file.exists():
        stems = {each.name.split(".")[1] for each in file.parent.glob("Pulumi.*.yaml")}
        others = sorted(stems - {local_stack.LOCAL})
        known = f"there are {', '.join(others)}, and local" if others else "`-s local` writes one"
        raise Unusable(f"there is no stack file {shown(file)}: {known}")
    return file


@contextlib.contextmanager
def _azure(
    project: Path, state: Path, record: Path | None, faults: Path | None, new_subscription: bool
) -> Iterator[Mapping[str, str]]:
    """The environment of the local Azure: the running one that the ambient environment leads to, or one of our own."""
    if running(os.environ):
        if faults is not None:
            raise Unusable(
                "--faults is for a local Azure that begins with this up, and one is running already: "
                "give it to the `serve` or `exec` that started that one, or PUT the plan to /_simulator/faults"
            )
        yield dict(os.environ)
        return
    from simulator.environment import reaching
    from simulator.faults.plan import read
    from simulator.server import Simulator

    plan = read(faults) if faults is not None else None
    kept = state if state.is_absolute() else project / state
    with Simulator(
        rate=RATE,
        state_dir=kept,
        record=record,
        faults=plan,
        azurite=False,
        new_subscription=new_subscription,
    ) as simulator:
        yield reaching(simulator)


def running(environment: Mapping[str, str]) -> bool:
    """Whether a local Azure answers where the environment points. Raises Unusable where it points and none does."""
    import ssl

    import httpx2

    host = environment.get("ARM_METADATA_HOSTNAME", "")
    if not host.startswith(("127.0.0.1:", "localhost:")):
        return False
    try:
        trusted = ssl.create_default_context(cafile=environment.get("SSL_CERT_FILE"))
        with httpx2.Client(verify=trusted, trust_env=False, timeout=5.0) as client:
            answer = client.get(f"https://{host}/_simulator/clock")
        return bool(answer.status_code == 200)
    except (httpx2.HTTPError, OSError) as problem:
        raise Unusable(
            f"the environment points to a local Azure at {host} that does not answer ({problem}): "
            "open a new shell, or start it again"
        ) from problem


def _means(result: UpResult) -> str:
    return "by the Pulumi CLI" if result.how == "cli" else "in process"
