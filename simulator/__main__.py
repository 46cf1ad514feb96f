"""`python -m simulator serve|exec|up|demo`.

Exit codes: 0 done, 1 refused (one line says why), 2 usage; `exec` passes on its command's.
"""

from __future__ import annotations

import gc
import importlib
import os
import shlex
import signal
import sys
import threading
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from simulator.errors import Unusable
from simulator.limits import TUNED_DEPLOYMENTS

if TYPE_CHECKING:
    from simulator.faults.plan import Plan

RATE = 60.0
"""Simulated seconds per second unless told otherwise: a run of an hour passes in a minute."""

app = typer.Typer(
    name="simulator",
    help="A local Azure: Entra, ARM, Azure OpenAI and blobs on 127.0.0.1.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class From(StrEnum):
    """Where the command stands."""

    PUBLIC = "public"
    PRIVATE = "private"


class As(StrEnum):
    """The seeded principals."""

    TRAINER = "trainer"
    CALLER = "caller"
    DEPLOYER = "deployer"
    STRANGER = "stranger"


def _moment(text: str | datetime) -> datetime:
    if isinstance(text, datetime):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise typer.BadParameter("a date or a time in ISO form, such as 2026-11-20 or 2026-11-20T09:00Z") from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _plan(file: Path | None) -> Plan | None:
    if file is None:
        return None
    from simulator.faults.plan import read

    return read(file)


State = Annotated[Path | None, typer.Option(help="Keep the state in this folder; without, it goes with the process.")]
RecordFile = Annotated[Path | None, typer.Option(help="Append one JSON line per request to this file.")]
FaultFile = Annotated[
    Path | None, typer.Option("--faults", metavar="FILE", help="What goes wrong: a fault plan (docs/simulator.md).")
]
Rate = Annotated[float, typer.Option(min=0.0, help="Simulated seconds per second; 0: the clock is moved by hand.")]
AsOf = Annotated[
    datetime | None,
    typer.Option(parser=_moment, metavar="TIME", help="Where simulated time starts, unless the state has its own."),
]
NewSubscription = Annotated[
    bool, typer.Option("--new-subscription", help="Refuse base deployments of models in deprecation.")
]
TunedDeployments = Annotated[
    int, typer.Option(min=1, help="How many tuned models an account may deploy, as if support had raised it.")
]
Network = Annotated[
    From,
    typer.Option(help="Where the command stands: outside, or inside a virtual network, where private endpoints are."),
]
Who = Annotated[As, typer.Option("--as", help="Whose credentials AZURE_* are; ARM_* are the deployer's.")]


@app.command()
def serve(  # noqa: PLR0917 - typer makes options of them.
    state: State = None,
    record: RecordFile = None,
    faults: FaultFile = None,
    rate: Rate = RATE,
    as_of: AsOf = None,
    new_subscription: NewSubscription = False,
    tuned_deployments: TunedDeployments = TUNED_DEPLOYMENTS,
    who: Who = As.TRAINER,
    network: Network = From.PUBLIC,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The main listener's port.")] = None,
) -> None:
    """Run the local Azure until Ctrl-C, and print what to export to reach it."""
    from simulator.clock import AS_OF
    from simulator.environment import path_entries, pulumi, without_cli
    from simulator.server import Simulator

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    with Simulator(
        as_of=as_of or AS_OF,
        rate=rate,
        state_dir=state,
        record=record,
        faults=_plan(faults),
        new_subscription=new_subscription,
        tuned_deployments=tuned_deployments,
        port=port,
    ) as running:
        beyond_azure = pulumi(running) | without_cli(running, os.environ.get("PATH", os.defpath))
        for name, value in (running.environment(who, network.value) | beyond_azure).items():
            typer.echo(f"export {name}={shlex.quote(value)}")
        typer.echo(f'export PATH={shlex.quote(":".join(path_entries(running)))}:"$PATH"')
        typer.echo("unset PULUMI_IGNORE_AMBIENT_PLUGINS")
        typer.echo(f"# The local Azure answers at {running.url} until Ctrl-C.")
        sys.stdout.flush()
        stop.wait()


@app.command("exec", context_settings={"allow_interspersed_args": False})
def execute(  # noqa: PLR0917 - typer makes options of them.
    command: Annotated[list[str], typer.Argument(metavar="-- CMD...", help="The command and its arguments.")],
    state: State = None,
    record: RecordFile = None,
    faults: FaultFile = None,
    rate: Rate = RATE,
    as_of: AsOf = None,
    new_subscription: NewSubscription = False,
    tuned_deployments: TunedDeployments = TUNED_DEPLOYMENTS,
    who: Who = As.TRAINER,
    network: Network = From.PUBLIC,
) -> None:
    """Run a command against a local Azure that lives as long as it does."""
    from simulator.child import run
    from simulator.clock import AS_OF
    from simulator.environment import reaching
    from simulator.pulumi.with_cli import leave_outputs_to_cli, make_stack
    from simulator.server import Simulator

    with Simulator(
        as_of=as_of or AS_OF,
        rate=rate,
        state_dir=state,
        record=record,
        faults=_plan(faults),
        new_subscription=new_subscription,
        tuned_deployments=tuned_deployments,
    ) as running:
        environment = reaching(running, who, network=network.value)
        # What was long ago is so by this Azure's clock.
        environment["JOBS_AS_OF"] = running.clock.now().isoformat()
        leave_outputs_to_cli(environment)
        make_stack(command, environment)
        code = run(command, environment)
    raise typer.Exit(code)


# What the two below need is imported when they are called, and their options are read by their own modules: serve
# and exec start without it.
_HANDED_OVER = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command(add_help_option=False, context_settings=_HANDED_OVER)
def up(context: typer.Context) -> None:
    """Bring a stack up on the local Azure."""
    _hand_over("simulator.pulumi.up", "up", context.args)


@app.command(add_help_option=False, context_settings=_HANDED_OVER)
def demo(context: typer.Context) -> None:
    """The whole loop on the local Azure, start to end."""
    _hand_over("simulator.demo", "demo", context.args)


def _hand_over(module: str, name: str, arguments: list[str]) -> None:
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(getattr(importlib.import_module(module), name))
    alone(args=arguments, prog_name=f"python -m simulator {name}")


def main() -> None:
    """The command line."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        # Ended from outside, everything that was started is still stopped, and temporary folders go.
        signal.signal(number, _leave)
    # What is imported stays: to look through it again and again for garbage takes a fourth of an up's time.
    gc.set_threshold(100_000, 20, 50)
    try:
        app(prog_name="python -m simulator")
    except Unusable as refused:
        typer.echo(f"error: {refused}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        # While modules were still being imported: nothing had begun.
        sys.exit(128 + signal.SIGINT)


def _leave(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
