"""Releases of two branches made one, by model and by model ID. Values in, values out.

What both sides have done to different models, or to different facts of one, goes together. What only a person can
decide is a conflict, told in words: nothing is decided by which is younger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract.release import ReleaseRecord, Releases

OURS, THEIRS = "ours", "theirs"
"""git's words: of a merge, the branch that one is on, and the one that comes in; of a rebase the other way round."""

_ROLES = ("candidate", "live", "previous")


@dataclass(frozen=True)
class Merged:
    """``releases`` of the models that both sides agree on; by model, why the others are for a person to decide."""

    releases: Mapping[str, Releases]
    conflicts: Mapping[str, tuple[str, ...]]


def merged(base: Mapping[str, Releases], ours: Mapping[str, Releases], theirs: Mapping[str, Releases]) -> Merged:
    """``base`` is what both began with. Models without any record are left out."""
    releases: dict[str, Releases] = {}
    conflicts: dict[str, tuple[str, ...]] = {}
    for model in sorted({*base, *ours, *theirs}):
        each = _OfModel(*(side.get(model, Releases()) for side in (base, ours, theirs)))
        found = each.merged()
        if isinstance(found, Releases):
            releases |= {model: found} if found.records() else {}
        else:
            conflicts[model] = found
    return Merged(releases, conflicts)


@dataclass(frozen=True)
class _Placed:
    """A record, and its role: candidate, live or previous."""

    role: str
    record: ReleaseRecord


@dataclass(frozen=True)
class _OfModel:
    base: Releases
    ours: Releases
    theirs: Releases

    def merged(self) -> Releases | tuple[str, ...]:
        if self.theirs in (self.ours, self.base):
            return self.ours
        if self.ours == self.base:
            return self.theirs
        for gone, side, kept in ((OURS, self.ours, THEIRS), (THEIRS, self.theirs, OURS)):
            if self.base.records() and not side.records():
                return (f"all its records were removed by {gone}, and changed by {kept}: keep them, or take them out",)
        placed: dict[str, _Placed] = {}
        why: list[str] = []
        for model_id, versions in self._by_model_id().items():
            found = _merged_record(model_id, *versions)
            if isinstance(found, _Placed):
                placed[model_id] = found
            elif found is not None:
                why.append(found)
        if why := [*self._contended(placed), *why]:
            return tuple(why)
        previous = {record.model_id: record for record in _in_role(placed, "previous")}
        former = [previous[model_id] for model_id in self._order() if model_id in previous]
        return Releases(
            candidate=next(_in_role(placed, "candidate"), None),
            live=next(_in_role(placed, "live"), None),
            previous=tuple(former),
        )

    def _by_model_id(self) -> dict[str, tuple[_Placed | None, _Placed | None, _Placed | None]]:
        base, ours, theirs = (dict(_placed(side)) for side in (self.base, self.ours, self.theirs))
        return {each: (base.get(each), ours.get(each), theirs.get(each)) for each in {**ours, **theirs, **base}}

    def _contended(self, placed: Mapping[str, _Placed]) -> Iterator[str]:
        """Roles into which each side has put another record."""
        for role in ("candidate", "live"):
            records = list(_in_role(placed, role))
            if len(records) > 1:
                by = [OURS if record == getattr(self.ours, role) else THEIRS for record in records]
                told = ", ".join(f"{side} {_told(record)}" for side, record in zip(by, records, strict=True))
                yield (
                    f"both have put another model in the role {role}: {told}. Keep one there; the other one goes to "
                    "previous, with a withdrawal that says why"
                )

    def _order(self) -> list[str]:
        """Of previous: what each side has put there, the newest first, before what was there."""
        before = {record.model_id for record in self.base.previous}
        new = {r.model_id: r for side in (self.ours, self.theirs) for r in side.previous if r.model_id not in before}
        only_one = [side for side in (self.ours, self.theirs) if {r.model_id for r in side.previous} >= new.keys()]
        if only_one:
            first = [record.model_id for record in only_one[0].previous if record.model_id in new]
        else:
            # By name where both went there in one second: whose side is called ours decides nothing.
            first = sorted(new, key=lambda model_id: (_since(new[model_id]), model_id), reverse=True)
        side = self.ours if self.theirs.previous == self.base.previous else self.theirs
        return list(dict.fromkeys([*first, *(r.model_id for r in (*side.previous, *self.base.previous))]))


def _merged_record(
    model_id: str, base: _Placed | None, ours: _Placed | None, theirs: _Placed | None
) -> _Placed | str | None:
    """The record where it stands; None where it is to go; else why only a person can say."""
    if theirs in (ours, base):
        return ours
    if ours == base:
        return theirs
    if ours is None or theirs is None:
        gone, kept = (OURS, THEIRS) if ours is None else (THEIRS, OURS)
        return f"{model_id} was removed by {gone}, and changed by {kept}: keep the record, or take it out"
    role = _role(base, ours, theirs)
    if role is None:
        return (
            f"{model_id} is {_standing(ours)} by {OURS} and {_standing(theirs)} by {THEIRS}: keep it in the one place "
            "that is meant, and nowhere else"
        )
    facts: dict[str, object] = {}
    for name in ReleaseRecord.model_fields:
        values = [getattr(each.record, name) if each is not None else None for each in (base, ours, theirs)]
        if values[1] != values[2] and values[0] in (values[1:] if base is not None else ()):
            facts[name] = values[2] if values[1] == values[0] else values[1]
        elif values[1] != values[2]:
            return f"{model_id} has another {name.replace('_', ' ')} by {OURS} than by {THEIRS}: keep one"
    return _Placed(role, ours.record.model_copy(update=facts))


def _placed(releases: Releases) -> Iterator[tuple[str, _Placed]]:
    for place, record in releases.places():
        yield record.model_id, _Placed(place.partition("[")[0], record)


def _in_role(placed: Mapping[str, _Placed], role: str) -> Iterator[ReleaseRecord]:
    return (each.record for each in placed.values() if each.role == role)


def _role(base: _Placed | None, ours: _Placed, theirs: _Placed) -> str | None:
    """None where each side has moved it to another role."""
    if base is None:
        # Nobody releases what is not recorded: who has it further on has done what the other one did, too.
        return max(ours.role, theirs.role, key=_ROLES.index)
    if base.role in (ours.role, theirs.role):
        return theirs.role if ours.role == base.role else ours.role
    return ours.role if ours.role == theirs.role else None


def _since(record: ReleaseRecord) -> str:
    """About when it went to previous: the moment is known of what was put aside."""
    return record.withdrawal.at if record.withdrawal is not None else record.trained_at


def _told(record: ReleaseRecord) -> str:
    return f"{record.model_id} (trained {record.trained_at})"


def _standing(placed: _Placed) -> str:
    withdrawal = placed.record.withdrawal
    return f"{withdrawal.words} ({withdrawal.reason})" if withdrawal is not None else placed.role
