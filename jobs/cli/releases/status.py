"""`jobs status`: what stands in each environment, beside what its file says, and what will bite."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from contract.outputs import StackOutputs
from jobs.cli import surroundings as around
from jobs.cli.asked import Asked
from jobs.doctor_ports import ControlPlane
from jobs.errors import Refused, Usage
from jobs.monitor_ports import Monitor
from jobs.overview.bite import Bite, by_urgency
from jobs.overview.bites import bites, bites_of_unseen, deployed
from jobs.overview.looking import look
from jobs.overview.places import Place, places
from jobs.overview.seen import Seen, Unseen

_AT_ONCE = 8
"""Stacks that are looked at side by side."""


@dataclass(frozen=True)
class Wish:
    """What stands on the command line. ``stacks``: none means all that have a file."""

    stacks: tuple[str, ...]
    check: bool = False
    as_json: bool = False
    offline: bool = False
    as_of: str | None = None


@dataclass(frozen=True)
class Overview:
    """One environment: what was seen of it, what stands there, and what will bite."""

    seen: Seen | Unseen
    places: tuple[Place, ...]
    bites: tuple[Bite, ...]


def show_status(wish: Wish, project: Path | None, outputs: Path | None) -> None:
    """Raises Refused where somebody is needed and ``--check`` asks."""
    from jobs.cli.releases.status_document import document
    from jobs.cli.releases.status_text import say

    asked = [Asked(stack, project=project, outputs=outputs) for stack in _stacks(wish.stacks, project)]
    if outputs is not None and outputs.is_file() and len(asked) > 1:
        raise Usage(f"{outputs} has the outputs of one stack: name it with -s, or give a folder with STACK.json")
    as_of = _moment(wish.as_of) if wish.as_of is not None else None
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        mapped = threads.map if len(asked) > 1 else map
        seen = list(mapped(lambda each: _looked(each, as_of, offline=wish.offline), asked))
    looked = _overviews(seen)
    if len(looked) == 1 and wish.stacks and isinstance(only := looked[0].seen, Unseen):
        raise only.error
    found = by_urgency(bite for each in looked for bite in each.bites)
    if wish.as_json:
        typer.echo(document(looked, found).json_text())
    else:
        say(looked, found, {each.stack: each for each in asked})
    needed = sum(bite.person for bite in found)
    if wish.check and needed:
        raise Refused(f"{needed} thing{'' if needed == 1 else 's'} above need{'s' * (needed == 1)} a person")


def _stacks(named: Sequence[str], project: Path | None) -> list[str]:
    """Those that are named, else all of the project's. Raises as ``stack_file``, and Refused where there are none."""
    from jobs.stacks.stack_file import stack_file, stack_files, stack_of

    folder = project or Path()
    if named:
        return [stack for stack in named if stack_file(folder, stack)]
    found = [stack_of(path) for path in stack_files(folder)]
    if not found:
        raise Refused(f"no stack of {folder.resolve()} has a file", next_command="pulumi stack init STACK")
    return found


def _looked(asked: Asked, as_of: datetime | None, *, offline: bool) -> Seen | Unseen:
    with around.surroundings(asked) as ports:
        now = ports.clock.now()

        def planes(outputs: StackOutputs) -> tuple[ControlPlane, Monitor]:
            return ports.control_plane(outputs), ports.monitor(outputs)

        asking: Callable[[StackOutputs], tuple[ControlPlane, Monitor]] | None = None if offline else planes
        return look(ports.stack, asking, now=now, at=as_of or now)


def _overviews(seen: Sequence[Seen | Unseen]) -> list[Overview]:
    """Of all environments together: one may deploy in another's account."""
    elsewhere = {each for one in seen if isinstance(one, Seen) for each in deployed(one)}
    return [_overview(one, elsewhere) for one in seen]


def _overview(seen: Seen | Unseen, elsewhere: Collection[tuple[str, str]]) -> Overview:
    if isinstance(seen, Unseen):
        return Overview(seen, (), tuple(bites_of_unseen(seen)))
    found = places(seen)
    return Overview(seen, found, tuple(bites(seen, found, elsewhere)))


def _moment(text: str) -> datetime:
    """Raises Usage for what is neither a day nor a moment; one without a zone is in UTC."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Usage(f"--as-of: {text!r} is no day and no moment, such as 2026-12-24 or 2026-12-24T09:00:00Z") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
