"""`jobs clean`: what a stack has kept and nothing refers to, shown, and deleted where that is said."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import cache

import typer

from contract.outputs import StackOutputs
from jobs.cleaning.deciding import Decision, Item, decide
from jobs.cleaning.deleting import delete
from jobs.cleaning.inventory import Inventory
from jobs.cleaning.looking import Reach, deployed_in, look
from jobs.cleaning.references import references
from jobs.cli import surroundings as around
from jobs.cli.asked import Asked
from jobs.cli.program import say_next
from jobs.cli.surroundings import Surroundings
from jobs.cli.trouble import say_trouble
from jobs.evaluation.contenders import model_id_of
from jobs.plain import one_line
from jobs.stacks.branches import branches
from jobs.stacks.git import top_of
from jobs.stacks.outputs import short_name
from jobs.tuning.patience import Patience

_LONGEST = timedelta(hours=4)
_NAMED = 3
"""Of what is kept for one reason, so many are named; more are counted."""
_LENGTHS = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))
_UNITS = ("bytes", "kB", "MB", "GB")


def clean_stack(asked: Asked, older_than: timedelta, *, yes: bool, command: str) -> None:
    """``command`` deletes what is shown. Raises CloudFailed where something can't be asked or deleted."""
    with around.surroundings(asked) as ports:
        outputs = ports.stack.outputs()
        reach = _reach(ports, outputs)

        def decided() -> Decision:
            return decide(_looked(asked, ports, outputs, reach), older_than)

        decision = decided()
        _say(decision, asked.stack, older_than)
        if top_of(asked.project_folder) is None:
            typer.echo("There is no git here: no files but those of this folder were looked at for what is needed.")
        if not decision.items:
            return
        if not yes:
            say_next(command)
            return
        done = delete(decision, decided, reach, lambda item: typer.echo(f"deleted {_words(item)}"))
        spared = f", {len(done.spared)} spared: needed, changed or gone meanwhile" if done.spared else ""
        typer.echo(f"{len(done.gone)} of {len(decision.items)} deleted{spared}.")


def _reach(ports: Surroundings, outputs: StackOutputs) -> Reach:
    patience = Patience(ports.clock, ports.clock.now() + _LONGEST, say_trouble)
    blobs = cache(lambda use: ports.blobs(outputs, use))
    return Reach(blobs, lambda key: ports.fine_tuning(outputs, outputs.accounts[key]), patience)


def _looked(asked: Asked, ports: Surroundings, outputs: StackOutputs, reach: Reach) -> Inventory:
    """Everything anew: files, branches and accounts too."""
    seen = branches(asked.project_folder)
    with ExitStack() as opened:
        others = [_of(asked, stack, opened) for stack in sorted(seen.stacks - {short_name(asked.stack)})]
        by_name = {each.stack.name: each for each in (ports, *others)}
        deployed = deployed_in(
            (each.stack for each in by_name.values()),
            lambda stack, its: by_name[stack.name].control_plane(its),
        )
    # A stack file has model and version apart: what a baseline or a judge has answered is kept under both together.
    bases = [model_id_of(each).encode() for each in outputs.base_deployments.values()]
    return look(outputs, reach, references([*seen.contents, *bases]), deployed)


def _of(asked: Asked, stack: str, opened: ExitStack) -> Surroundings:
    """Those of another stack of the project."""
    before, slash, _ = asked.stack.rpartition("/")
    # A file of outputs is that of the stack that was asked for.
    outputs = None if asked.outputs is not None and asked.outputs.is_file() else asked.outputs
    return opened.enter_context(around.surroundings(replace(asked, stack=f"{before}{slash}{stack}", outputs=outputs)))


def _say(decision: Decision, stack: str, older_than: timedelta) -> None:
    seconds = older_than.total_seconds()
    unit, length = next((each for each in _LENGTHS if seconds >= each[1]), _LENGTHS[-1])
    age = f"{seconds / length:g} {unit.removesuffix('s') if seconds == length else unit}"
    if decision.items:
        size = _size(sum(item.size for item in decision.items))
        count = "1 thing" if len(decision.items) == 1 else f"{len(decision.items)} things"
        typer.echo(f"{stack}: {count} older than {age} that nothing refers to, {size}:")
        for item in decision.items:
            typer.echo(f"  {_words(item)}")
    else:
        typer.echo(f"{stack}: nothing older than {age} that nothing refers to.")
    if decision.kept:
        typer.echo("Kept, though as old:")
    for why in dict.fromkeys(kept.why for kept in decision.kept):
        same = [kept for kept in decision.kept if kept.why == why]
        counts = Counter(kept.kind for kept in same)
        of_what = ", ".join(f"{count} of {kind}" for kind, count in counts.items())
        named = f" ({', '.join(kept.name for kept in same)})" if len(same) <= _NAMED else ""
        typer.echo(f"  {of_what}{named}: {one_line(why)}")
    if decision.left:
        typer.echo("Left in the account, since no released API deletes jobs or tuned models (the Foundry portal does):")
        for each in decision.left:
            typer.echo(f"  {each}")


def _words(item: Item) -> str:
    where = f"{item.account}: {item.key} " if item.account is not None else ""
    about = f" ({item.about})" if item.about else ""
    return f"{item.kind:<9} {where}{item.name}{about}, {_size(item.size)}, {item.at:%Y-%m-%d}"


def _size(count: int) -> str:
    size, unit = float(count), 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.0f} {_UNITS[unit]}" if unit == 0 else f"{size:.1f} {_UNITS[unit]}"
