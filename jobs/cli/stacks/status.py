"""`jobs status`: what the stack file says beside what is deployed."""

from __future__ import annotations

import typer

from jobs.cli.asked import Asked
from jobs.cli.columns import NOTHING, say_table
from jobs.cli.program import say_next
from jobs.cli.surroundings import surroundings
from jobs.releases.status import Standing, StatusRow, status_rows

_HEADINGS = ("MODEL", "ROLE", "MODEL ID", "DEPLOYMENT", "STANDING")


def show_status(asked: Asked) -> None:
    """A line per model and role, then the commands that are missing. Nothing is changed."""
    stack = surroundings(asked).stack
    releases = stack.releases()
    outputs = stack.outputs()
    rows = status_rows(releases, outputs, stack=asked.stack)
    if not rows:
        typer.echo(f"Stack {asked.stack} declares no models and records none.")
        return
    say_table(_HEADINGS, [_cells(row) for row in rows], title=2)
    commands = dict.fromkeys(row.command for row in rows if row.command)
    for command in commands:
        say_next(asked.complete(command))


def _cells(row: StatusRow) -> tuple[str, str, str, str, str]:
    where = ", ".join(f"{name} in {account}" for account, name in sorted(row.deployments.items()))
    standing = row.standing.value
    if row.standing is Standing.TO_MOVE and row.deployed_as is not None:
        standing = f"{standing}: {row.deployed_as}"
    sweep = row.record.sweep if row.record is not None else None
    if sweep is not None:
        standing = f"{standing}; point {sweep.point} of a sweep of {sweep.points}"
    withdrawal = row.record.withdrawal if row.record is not None else None
    if withdrawal is not None:
        standing = f"{withdrawal.words} by {withdrawal.by}, {withdrawal.at}: {withdrawal.reason}; {standing}"
    return row.model, row.role or NOTHING, row.model_id or NOTHING, where or NOTHING, standing
