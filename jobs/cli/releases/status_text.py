"""`jobs status` for people: a table for each environment, within 100 columns, then what will bite, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typer

from contract.hosting import hosting_sum
from jobs.cli.asked import Asked
from jobs.cli.columns import NOTHING, fits
from jobs.cli.program import say_next
from jobs.overview.bite import Bite
from jobs.overview.places import Place
from jobs.overview.seen import Seen, Unseen
from jobs.plain import one_line
from jobs.releases.status import Standing

if TYPE_CHECKING:
    from jobs.cli.releases.status import Overview

_HEADINGS = ("MODEL", "ROLE", "DEPLOYMENT", "ACCOUNT", "READINESS", "AGE", "VERDICT", "CALLED", "$/30 DAYS")
_NOT_KNOWN = "not known"
_READINESS = {
    Standing.TO_DEPLOY: "not up yet",
    Standing.KEPT: "not deployed",
    Standing.NOTHING: "nothing yet",
}
_VERDICTS = {
    "passed": "passed",
    "failed": "failed",
    "notShown": "not shown",
    "notEvaluated": "none",
    "ofAnother": "another's",
    None: NOTHING,
}
_INDENT = "  "


def say(looked: Sequence[Overview], bites: Sequence[Bite], asked: Mapping[str, Asked]) -> None:
    """``asked`` by stack: what the next commands are completed by."""
    for each in looked:
        _say_environment(each)
    if not bites:
        typer.echo("Nothing will bite.")
        return
    for head, told in (
        ("Needs a person:", [bite for bite in bites if bite.person]),
        ("To know:", [bite for bite in bites if not bite.person]),
    ):
        if told:
            typer.echo(head)
        for urgency, group in _grouped(told):
            for bite in group:
                typer.echo(f"{urgency:<5}  {bite.stack}: {one_line(bite.words)}")
            command = group[0].command
            if command is not None:
                say_next(asked[group[0].stack].complete(command))


def _grouped(bites: Sequence[Bite]) -> Iterator[tuple[str, list[Bite]]]:
    """Those of one urgency that one command helps with, together, so that it is said once."""
    groups: dict[tuple[str, str, str | None], list[Bite]] = {}
    for bite in bites:
        groups.setdefault((bite.urgency, bite.stack, bite.command), []).append(bite)
    yield from ((urgency, group) for (urgency, _, _), group in groups.items())


def _say_environment(each: Overview) -> None:
    seen = each.seen
    if isinstance(seen, Unseen):
        typer.echo(f"{seen.stack}: {'not up' if seen.never_up else 'not looked at'}: {one_line(seen.why)}\n")
        return
    if not each.places:
        typer.echo(f"{seen.stack}: declares no models and records none.\n")
        return
    typer.echo(_head(seen, each.places))
    rows = [_cells(place, seen.at) for place in each.places]
    if not fits(_HEADINGS, rows):
        for place, row in zip(each.places, rows, strict=True):
            typer.echo(f"{_INDENT}{' '.join(cell for cell in row[:2] if cell != NOTHING)}")
            for heading, cell in zip(_HEADINGS[2:], row[2:], strict=True):
                if cell != NOTHING:
                    typer.echo(f"{_INDENT * 2}{heading.lower()}: {cell}")
            for line in _details(place):
                typer.echo(f"{_INDENT * 2}{line}")
        typer.echo("")
        return
    widths = [max(len(line[column]) for line in (_HEADINGS, *rows)) for column in range(len(_HEADINGS))]
    _say_row(_HEADINGS, widths)
    for at, (place, row) in enumerate(zip(each.places, rows, strict=True)):
        _say_row(row, widths)
        # What is said of a record is said once, for all its accounts.
        if at + 1 == len(rows) or each.places[at + 1].record is not place.record or place.record is None:
            for line in _details(place):
                typer.echo(f"{_INDENT * 2}{line}")
    typer.echo("")


def _say_row(cells: Sequence[str], widths: Sequence[int]) -> None:
    aligned = [cell.ljust(width) for cell, width in zip(cells[:-1], widths[:-1], strict=True)]
    typer.echo("  ".join([*aligned, cells[-1].rjust(widths[-1])]).rstrip())


def _head(seen: Seen, places: Sequence[Place]) -> str:
    costs = [each.hosting for each in places if each.hosting is not None]
    whole = hosting_sum(costs)
    amount = f"${whole.known_per_30_days:,.0f}" if not whole.unknown else f"${whole.known_per_30_days:,.0f} and more"
    count = f"{len(costs)} tuned deployment{'' if len(costs) == 1 else 's'}"
    return f"{seen.stack}: {count}, {amount} of hosting per 30 days"


def _cells(place: Place, at: datetime) -> tuple[str, ...]:
    verdict = _VERDICTS[place.verdict]
    if place.record is not None and place.record.override is not None:
        verdict = "override"
    trained = datetime.fromisoformat(place.record.trained_at) if place.record is not None else None
    return (
        place.model,
        place.role or NOTHING,
        place.deployment or NOTHING,
        place.account or NOTHING,
        _readiness(place),
        _ago(at - trained) if trained is not None else NOTHING,
        verdict,
        _called(place, at),
        _cost(place),
    )


def _readiness(place: Place) -> str:
    if place.deployment is None:
        return _READINESS.get(place.standing, NOTHING)
    if place.there is False:
        return "gone"
    return place.readiness or _NOT_KNOWN


def _called(place: Place, at: datetime) -> str:
    if place.deployment is None or place.there is False:
        return NOTHING
    if not place.called:
        return _NOT_KNOWN
    return f"{_ago(at - place.last_call)} ago" if place.last_call is not None else "never"


def _cost(place: Place) -> str:
    if place.hosting is None:
        return NOTHING
    amount = place.hosting.per_30_days
    return f"{amount:,.2f}" if amount is not None else _NOT_KNOWN


def _ago(span: timedelta) -> str:
    seconds = max(span.total_seconds(), 0)
    if seconds >= 86400:
        return f"{seconds // 86400:.0f} d"
    return f"{seconds // 3600:.0f} h" if seconds >= 3600 else f"{seconds // 60:.0f} min"


def _details(place: Place) -> Iterator[str]:
    """What no column has room for."""
    record = place.record
    if place.model_id is not None:
        yield place.model_id
    if place.standing is Standing.TO_MOVE:
        yield f"{place.standing.value}: {place.deployed_as}"
    elif place.standing in (Standing.TO_DEPLOY, Standing.TO_REMOVE, Standing.KEPT):
        yield place.standing.value
    if record is not None and record.sweep is not None:
        yield f"point {record.sweep.point} of a sweep of {record.sweep.points}"
    if record is not None and record.withdrawal is not None:
        put = record.withdrawal
        yield one_line(f"{put.words} by {put.by}, {put.at}: {put.reason}")
    if record is not None and record.override is not None:
        yield one_line(
            f"released by an override of {record.override.by}, {record.override.at}: {record.override.reason}"
        )
