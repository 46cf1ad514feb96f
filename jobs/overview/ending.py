"""What ends on a day that Microsoft has announced: training of a base model, and what was tuned from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from contract import catalog
from jobs.overview.bite import Bite, Urgency
from jobs.overview.places import Place
from jobs.overview.seen import Seen

_SAID = timedelta(days=180)
"""So long before the day it is told."""
_PERSON = timedelta(days=60)
"""So long before it somebody has to do something: to tune another base, evaluate and release it."""


def endings(seen: Seen, found: Sequence[Place]) -> Iterator[Bite]:
    """For each base of what is served, or is to be."""
    told, at = seen.outputs.environment.as_of, seen.at.astimezone(UTC).date()
    fixed = date.fromisoformat(told) if told is not None else at
    # A day that somebody names to see what will bite by then goes on from the one that the environment counts by.
    today = max(fixed, at) if seen.asked else fixed
    places = [each for each in found if each.model_id is not None and each.role in ("live", "candidate")]
    for model, base in sorted({(each.model, catalog.base_of(each.model_id or "")) for each in places}):
        facts = catalog.find(base)
        if facts is None:
            continue
        if (ends := facts.tuned_ends) is not None and ends - today <= _SAID:
            words = f"{model}: what was tuned from {base} answers 410 from {ends}" + (
                ", which is past" * (ends <= today)
            )
            yield _bite(seen, model, f"{words}: train it from another base", ends, today)
        if (ends := facts.training_ends) is not None and today < ends <= today + _SAID:
            yield _bite(seen, model, f"{model}: {base} can be tuned no more from {ends}", ends, today)


def _bite(seen: Seen, model: str, words: str, ends: date, today: date) -> Bite:
    person = ends - today <= _PERSON
    urgency: Urgency = "now" if ends <= today else "soon" if person else "later"
    due = datetime.combine(ends, time(), UTC)
    return Bite(urgency, "retirement", seen.stack, words, person, model, due)
