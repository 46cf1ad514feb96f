"""The stack program run in this process, without the Pulumi CLI: the SDK under a monitor of ours.

Each run has an event loop, a thread pool and a context of its own, so that nothing of one is left to the next; there is
one at a time. Up, preview and destroy all end in an UpResult or in Failed, whose text is fit to be shown.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from simulator.errors import Unusable
from simulator.pulumi import refusals
from simulator.pulumi.arm_client import ArmClient
from simulator.pulumi.connection import Connection
from simulator.pulumi.engine import Engine
from simulator.pulumi.provider import FAULTS, PACKAGE, Provider
from simulator.pulumi.stack_file import ORGANIZATION
from simulator.pulumi.state import Held, StackFolder
from simulator.pulumi.summary import Failed, Step, UpResult
from simulator.pulumi.surplus import left_out
from simulator.pulumi.values import has_unknown, shown

Program = Callable[[], None]
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Run:
    """What a run is about.

    config       full key → text, as the program's config has it
    environment  how Azure is reached: ARM_*, AZURE_AUTHORITY_HOST, SSL_CERT_FILE
    states       the folder of the stacks' states
    report, say  hear of each step, and of what the program logs
    replacing    whether what holds data or traffic may be replaced
    adopted      name → ID: resources to take over as they stand in Azure
    judge        is shown everything declared, before anything is done, and may refuse it (raises Failed)
    admit        is shown each resource once more, just before it is made, with what was not known ahead
    """

    project: str
    stack: str
    config: Mapping[str, str]
    environment: Mapping[str, str]
    states: Path
    root: Path
    report: Callable[[Step], None] = lambda _: None
    say: Callable[[str], None] = lambda _: None
    replacing: bool = False
    adopted: Mapping[str, str] = field(default_factory=dict)
    judge: Callable[[Sequence[Held]], None] = lambda _: None
    admit: Callable[[Held], None] = lambda _: None


def up(run: Run, program: Program) -> UpResult:
    """Brings the stack to what the program declares. Raises Failed at the first fault.

    It looks ahead first, as the CLI does: what is protected, judged, or replaced unasked stops it before anything is
    touched, and where there is nothing to change that look is all there is.
    """
    with _engine(run, preview=False) as engine, _told(engine):
        engine.begin()
        said: list[str] = []
        seen = engine.ahead()
        outputs = _declared(replace(run, say=said.append), program, seen)
        if not run.replacing and (lost := refusals.unasked(seen.steps)):
            raise Failed(lost)
        if seen.summary.changed or has_unknown(outputs):
            outputs = contextvars.Context().run(_outputs, run, program, engine)
            engine.finish()
        else:
            engine.take_over(seen)
            for text in said:
                run.say(text)
        engine.state.outputs = outputs
    return UpResult(engine.summary, shown(outputs), "in process", tuple(engine.steps))


def preview(run: Run, program: Program) -> UpResult:
    """What `up` would do. Azure is read and not written; outputs that aren't known yet are null.

    Raises Failed with everything that would be refused, but for consent to a replacement: those steps say what is lost.
    """
    with _engine(run, preview=True) as engine, _told(engine):
        engine.begin()
        outputs = _declared(run, program, engine)
    return UpResult(engine.summary, shown(outputs), "in process", tuple(engine.steps))


def destroy(run: Run, *, preview: bool = False) -> UpResult:
    """Deletes everything recorded for the stack, one at a time. Raises Failed, before anything if one is protected."""
    with _engine(run, preview=preview) as engine, _told(engine):
        engine.begin()
        engine.finish()
        engine.state.outputs = {}
    return UpResult(engine.summary, {}, "in process", tuple(engine.steps))


def program_of_this_installation() -> Program:
    """infra.program.declare: the only thing of infra/ that this package knows."""
    from infra.program import declare

    return declare


def _declared(run: Run, program: Program, seen: Engine) -> dict[str, Any]:
    """The outputs, as far as a preview knows them. Raises Failed with everything that is refused."""
    outputs = contextvars.Context().run(_outputs, run, program, seen)
    seen.finish()
    run.judge(seen.declared)
    return outputs


@contextlib.contextmanager
def _engine(run: Run, *, preview: bool) -> Iterator[Engine]:
    """An engine on the stack's state, with one client per provider config."""
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise Failed("another up runs in this process: one at a time")
    clients: dict[Connection, Provider] = {}

    def provider_of(config: Mapping[str, Any]) -> Provider:
        connection = Connection.of(config, run.environment)
        if connection not in clients:
            clients[connection] = Provider(ArmClient(connection))
        return clients[connection]

    own = {key.partition(":")[2]: value for key, value in run.config.items() if key.startswith(f"{PACKAGE}:")}
    folder = StackFolder(run.states)
    try:
        with folder.opened(run.stack) as state:
            engine = Engine(
                state,
                folder,
                provider_of,
                own,
                preview=preview,
                adopted=run.adopted,
                admit=run.admit,
                report=run.report,
            )
            try:
                yield engine
            finally:
                engine.save()
    finally:
        for provider in clients.values():
            provider.client.close()
        _ONE_AT_A_TIME.release()


@contextlib.contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Turns what may go wrong into Failed, with the counts of what was done before."""
    try:
        yield
    except Failed as failed:
        raise Failed(str(failed), engine.summary) from None
    except FAULTS as fault:
        raise Failed(str(fault), engine.summary) from fault


def _outputs(run: Run, program: Program, engine: Engine) -> dict[str, Any]:
    """Runs the program to its end, everything it registers included. The stack's outputs."""
    from simulator.pulumi.monitor import Monitor

    monitor = Monitor(engine, run.project, run.stack)
    try:
        with left_out():
            asyncio.run(_program(run, program, engine, monitor))
    except Exception as ended:  # noqa: BLE001 - a program may raise anything, and each is told as Failed.
        # The SDK reports whatever it met last; the monitor knows what came first.
        raise _failure(monitor.fault, ended) from (monitor.fault or ended)
    if monitor.fault is not None:
        raise _failure(monitor.fault, monitor.fault) from monitor.fault
    return monitor.outputs


async def _program(run: Run, program: Program, engine: Engine, monitor: Any) -> None:
    from pulumi.runtime import Settings, configure, run_in_stack, set_all_config

    from simulator.pulumi.monitor import Messages

    # Outputs that nobody waits for any more after a fault: the fault itself is told, these are its shadow.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    configure(
        Settings(
            project=run.project,
            stack=run.stack,
            monitor=monitor,
            engine=Messages(run.say),
            dry_run=engine.preview,
            organization=ORGANIZATION,
            root_directory=str(run.root),
        )
    )
    set_all_config(dict(run.config), [])
    await run_in_stack(program)


def _failure(met: Exception | None, ended: Exception) -> Failed:
    """A fault as people get it: what a registration met and RunErrors by their text, a bug with its place."""
    from pulumi import RunError

    if met is not None and isinstance(met, (Failed, Unusable, NotImplementedError, *FAULTS)):
        return Failed(str(met))
    fault = met or ended
    if isinstance(fault, RunError):
        return Failed(str(fault))
    last = traceback.extract_tb(fault.__traceback__)[-1:]
    where = f" ({last[0].filename}:{last[0].lineno})" if last else ""
    return Failed(f"the program failed: {type(fault).__name__}: {fault}{where}")
