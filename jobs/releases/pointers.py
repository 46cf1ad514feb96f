"""How a model's pointers move: candidate, live, previous. Values in, values out; no record is ever dropped.

Each move may be asked for twice: the second time it changes nothing and says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from contract.record_faults import place_faults
from contract.release import ReleaseRecord, Releases, Signed, Sku, Withdrawal
from jobs.errors import Refused


@dataclass(frozen=True)
class Decided:
    """The pointers after a move, whether anything moved, and one sentence that says what, or why not."""

    releases: Releases
    changed: bool
    words: str


def record_candidate(
    releases: Releases, record: ReleaseRecord, *, signed: Signed, superseded_too: bool = False
) -> Decided:
    """``record`` as the candidate. A candidate it displaces goes to ``previous``, superseded; ``signed`` says by whom.

    A model that is recorded already, in whatever place, stays there; ``superseded_too``: unless it was only displaced
    by another candidate, and somebody has chosen it now.
    """
    if superseded_too:
        others = tuple(old for old in releases.previous if old.model_id != record.model_id or not is_superseded(old))
        releases = _moved(releases, previous=others)
    place = place_of(releases, record.model_id)
    if place is not None:
        return Decided(releases, False, f"{record.model_id} is recorded already: {place}.")
    displaced = releases.candidate
    if displaced is None:
        return Decided(_moved(releases, candidate=record), True, f"{record.model_id} is the candidate.")
    moved = _moved(
        releases, candidate=record, previous=(_set_aside(displaced, signed, "superseded"), *releases.previous)
    )
    return Decided(moved, True, f"{record.model_id} is the candidate; {displaced.model_id} is superseded.")


def release(releases: Releases, served_with: Sku | None) -> Decided:
    """The candidate as the live model. The former live one goes to ``previous`` with the SKU it was ``served_with``.

    Raises Refused where there is neither a candidate nor a live model, or a live one whose SKU is not told.
    """
    candidate, former = releases.candidate, releases.live
    if candidate is None:
        if former is None:
            raise Refused("there is no candidate to release: no run has been recorded, or it was withdrawn")
        return Decided(releases, False, f"{former.model_id} is live already, and there is no other candidate.")
    if former is None:
        return Decided(_moved(releases, candidate=None, live=candidate), True, f"{candidate.model_id} is live.")
    if served_with is None:
        raise Refused(f"which SKU {former.model_id} is live with is not known, and it has to be kept with it")
    kept = former.model_copy(update={"served_with": served_with})
    moved = _moved(releases, candidate=None, live=candidate, previous=(kept, *releases.previous))
    return Decided(moved, True, f"{candidate.model_id} is live; {former.model_id} is the newest of the previous ones.")


def put_back(releases: Releases, record: ReleaseRecord, served_with: Sku, signed: Signed) -> Decided:
    """``record``, one of the previous ones, as the live model. The live one goes to the head of ``previous``, rolled
    back, with the SKU it was ``served_with``. Raises Refused where nothing is live."""
    left = releases.live
    if left is None:
        raise Refused("nothing is live, so there is nothing to roll back")
    others = tuple(each for each in releases.previous if each.model_id != record.model_id)
    behind = _set_aside(left.model_copy(update={"served_with": served_with}), signed, "rolledBack")
    live = record.model_copy(update={"withdrawal": None})
    words = f"{record.model_id} is live again; {left.model_id} is the newest of the previous ones, rolled back."
    return Decided(_moved(releases, live=live, previous=(behind, *others)), True, words)


def undo_put_back(releases: Releases) -> Decided:
    """The head of ``previous`` live again, as if ``put_back`` had not been; what that had put back is at the head."""
    head, *others = releases.previous
    former = (releases.live, *others) if releases.live is not None else tuple(others)
    live = head.model_copy(update={"withdrawal": None})
    return Decided(_moved(releases, live=live, previous=former), True, f"{live.model_id} stays live.")


def withdraw(releases: Releases, signed: Signed) -> Decided:
    """The candidate set aside, in ``previous``, for good: it was not good enough, as ``signed`` says.

    Raises Refused where there is no candidate, and none was withdrawn last.
    """
    candidate = releases.candidate
    if candidate is not None:
        previous = (_set_aside(candidate, signed, "withdrawn"), *releases.previous)
        return Decided(_moved(releases, candidate=None, previous=previous), True, f"{candidate.model_id} is withdrawn.")
    last = releases.previous[0] if releases.previous else None
    if last is not None and last.withdrawal is not None and last.withdrawal.kind == "withdrawn":
        return Decided(releases, False, f"{last.model_id} is {_set_aside_words(last.withdrawal)} already.")
    raise Refused("there is no candidate to withdraw")


def refuse_contradiction(model: str, releases: Releases, stack: str) -> None:
    """Raises Refused where a merge has left what no up would serve: nothing is moved on top of it."""
    if faults := [str(fault) for fault in place_faults(model, releases)]:
        raise Refused(
            f"{model}: its records contradict each other",
            details=faults,
            stack=stack,
            next_command=f"jobs config check -s {stack}",
        )


def role_of(releases: Releases, model_id: str) -> str | None:
    """``candidate``, ``live`` or ``previous``; None where the model is not recorded."""
    return next((key.partition("[")[0] for key, record in releases.places() if record.model_id == model_id), None)


def place_of(releases: Releases, model_id: str) -> str | None:
    """Where the model stands, in words; None where it is not recorded."""
    if releases.candidate is not None and releases.candidate.model_id == model_id:
        return "it is the candidate"
    if releases.live is not None and releases.live.model_id == model_id:
        return "it is live"
    found = next((record for record in releases.previous if record.model_id == model_id), None)
    if found is None:
        return None
    if found.withdrawal is not None:
        return f"it is {_set_aside_words(found.withdrawal)}"
    return "it was live before"


def is_superseded(record: ReleaseRecord) -> bool:
    """Whether another candidate displaced it; nobody found it wanting."""
    return record.withdrawal is not None and record.withdrawal.kind == "superseded"


def _set_aside_words(withdrawal: Withdrawal) -> str:
    return f"{withdrawal.words} (by {withdrawal.by}, {withdrawal.at}: {withdrawal.reason})"


def override_live(releases: Releases, signed: Signed) -> Decided:
    """The live model where it is, served for the reason that ``signed`` gives. Raises Refused where nothing is live."""
    if releases.live is None:
        raise Refused("nothing is live, so there is nothing to override")
    live = releases.live.model_copy(update={"override": signed})
    words = f"{live.model_id} stays live, by an override of {signed.by}: {signed.reason}"
    return Decided(_moved(releases, live=live), True, words)


def _set_aside(record: ReleaseRecord, signed: Signed, kind: str) -> ReleaseRecord:
    withdrawal = Withdrawal.model_validate({**signed.model_dump(include={"by", "at", "reason"}), "kind": kind})
    return record.model_copy(update={"withdrawal": withdrawal})


def _moved(releases: Releases, **places: ReleaseRecord | tuple[ReleaseRecord, ...] | None) -> Releases:
    return releases.model_copy(update=places)
