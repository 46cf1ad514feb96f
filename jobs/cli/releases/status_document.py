"""`jobs status --format json`: one document, whose shape is kept. Keys are only ever added: whatever else changes comes
with another ``schemaVersion``. docs/releases.md describes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from contract.hosting import hosting_sum
from contract.shape import Shape
from jobs.overview.bite import Bite, Kind, Urgency
from jobs.overview.places import Place, Verdict
from jobs.overview.seen import Seen, Unseen
from jobs.releases.status import Standing

if TYPE_CHECKING:
    from jobs.cli.releases.status import Overview


StandingWord = Literal["deployed", "toDeploy", "toMove", "toRemove", "kept", "nothing"]
_STANDINGS: Mapping[Standing, StandingWord] = {
    Standing.DEPLOYED: "deployed",
    Standing.TO_DEPLOY: "toDeploy",
    Standing.TO_MOVE: "toMove",
    Standing.TO_REMOVE: "toRemove",
    Standing.KEPT: "kept",
    Standing.NOTHING: "nothing",
}


class StandingModel(Shape):
    """One record in one account. Null: not known, or nothing of that kind."""

    model: str
    role: str | None
    model_id: str | None
    standing: StandingWord
    """How far the stack is from what its file says."""
    account: str | None
    deployment: str | None
    sku: str | None
    capacity: int | None
    there: bool | None
    """Whether Azure has the deployment; null where that isn't known."""
    readiness: str | None
    """Its provisioningState."""
    deployed_at: str | None
    trained_at: str | None
    verdict: Verdict | None
    overridden: bool
    last_call_known: bool
    last_call: str | None
    """To the hour; null with ``lastCallKnown``: none in 16 days."""
    hosting_per_30_days: float | None
    """US dollars."""


class Hosting(Shape):
    """US dollars per 30 days: what is known of it, and the prices that are not."""

    known: float
    missing: tuple[str, ...]


class Environment(Shape):
    """``why``: why it could not be looked at; null where it was."""

    stack: str
    why: str | None
    never_up: bool
    hosting: Hosting | None
    models: tuple[StandingModel, ...]


class Biting(Shape):
    urgency: Urgency
    kind: Kind
    stack: str
    model: str | None
    needs_person: bool
    due: str | None
    words: str
    command: str | None


class StatusDocument(Shape):
    schema_version: Literal[1] = 1
    needs_person: bool
    """What the exit code of ``--check`` says."""
    environments: tuple[Environment, ...]
    bites: tuple[Biting, ...]

    def json_text(self) -> str:
        return self.model_dump_json(indent=2)


def document(looked: Sequence[Overview], bites: Sequence[Bite]) -> StatusDocument:
    return StatusDocument(
        needs_person=any(bite.person for bite in bites),
        environments=tuple(_environment(each.seen, each.places) for each in looked),
        bites=tuple(_biting(bite) for bite in bites),
    )


def _environment(seen: Seen | Unseen, places: Sequence[Place]) -> Environment:
    if isinstance(seen, Unseen):
        return Environment(stack=seen.stack, why=seen.why, never_up=seen.never_up, hosting=None, models=())
    whole = hosting_sum(each.hosting for each in places if each.hosting is not None)
    hosting = Hosting(known=float(whole.known_per_30_days), missing=whole.unknown)
    models = tuple(_standing(place) for place in places)
    return Environment(stack=seen.stack, why=None, never_up=False, hosting=hosting, models=models)


def _standing(place: Place) -> StandingModel:
    return StandingModel(
        model=place.model,
        role=place.role,
        model_id=place.model_id,
        standing=_STANDINGS[place.standing],
        account=place.account,
        deployment=place.deployment,
        sku=place.sku.name if place.sku is not None else None,
        capacity=place.sku.capacity if place.sku is not None else None,
        there=place.there,
        readiness=place.readiness,
        deployed_at=_stamp(place.made_at),
        trained_at=place.record.trained_at if place.record is not None else None,
        verdict=place.verdict,
        overridden=place.record is not None and place.record.override is not None,
        last_call_known=place.called,
        last_call=_stamp(place.last_call),
        hosting_per_30_days=_usd(place.hosting.per_30_days if place.hosting is not None else None),
    )


def _biting(bite: Bite) -> Biting:
    return Biting(
        urgency=bite.urgency,
        kind=bite.kind,
        stack=bite.stack,
        model=bite.model,
        needs_person=bite.person,
        due=_stamp(bite.due),
        words=bite.words,
        command=bite.command,
    )


def _usd(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
