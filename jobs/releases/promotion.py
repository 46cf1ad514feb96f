"""A model of one stack as the candidate of another: the same model, not a retrained one. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from contract.outputs import AccountOutput
from contract.release import ReleaseRecord, Releases, Signed
from jobs.errors import Refused
from jobs.releases.pointers import Decided, is_superseded, place_of, record_candidate


def chosen(releases: Releases, *, candidate: bool = False, model_id: str | None = None) -> ReleaseRecord:
    """What is promoted: the live model, or the candidate, or the one with that ID wherever it stands.

    Raises Refused where there is none, or it was put aside for a reason.
    """
    if model_id is not None:
        found = next((record for record in releases.records() if record.model_id == model_id), None)
        if found is None:
            raise Refused(f"it records no {model_id}")
    elif candidate:
        found = releases.candidate
        if found is None:
            raise Refused("it has no candidate")
    else:
        found = releases.live
        if found is None:
            other = ": --candidate takes its candidate, which nobody has released" if releases.candidate else ""
            raise Refused(f"nothing is live there{other}")
    if found.withdrawal is not None and not is_superseded(found):
        raise Refused(f"{place_of(releases, found.model_id)}, and not promoted: {found.model_id}")
    return found


def trained_at(record: ReleaseRecord, accounts: Mapping[str, AccountOutput]) -> str:
    """The resource ID of the account that holds the model; ``accounts`` are those of the stack that has the record.

    Raises Refused where the stack has that account no more.
    """
    if record.source is not None:
        return record.source
    account = accounts.get(record.trained_in)
    if account is None:
        there = ", ".join(sorted(accounts)) or "none"
        raise Refused(
            f"{record.model_id} was trained in account {record.trained_in!r}, and its outputs have no such account "
            f"(there: {there})"
        )
    return account.id


def as_candidate(record: ReleaseRecord, account_id: str, accounts: Mapping[str, AccountOutput]) -> ReleaseRecord:
    """The record as it is to stand in the target, whose ``accounts`` these are.

    Its evaluation goes along, and says of which stack it is. What was decided there stays there: an override, the SKU
    it was live with, why it was put aside. In a stack that has the very account there is no source to name.
    """
    own = next((key for key, each in accounts.items() if each.id.lower() == account_id.lower()), None)
    where = {"source": account_id} if own is None else {"source": None, "trained_in": own}
    return record.model_copy(update={**where, "override": None, "served_with": None, "withdrawal": None})


def promote(releases: Releases, record: ReleaseRecord, signed: Signed, *, back: str) -> Decided:
    """``record`` as the target's candidate; one that it displaces goes to ``previous``, superseded.

    A second time changes nothing, unless the model was evaluated since where it comes from, and not yet here. Raises
    Refused where the target has put the model aside, or had it live before: ``back`` is the command that puts it back.
    """
    known = releases.candidate
    if known is not None and known.model_id == record.model_id:
        return _evaluated_since(releases, known, record)
    if releases.live is not None and releases.live.model_id == record.model_id:
        return Decided(releases, False, f"{record.model_id} is live there already.")
    former = next((each for each in releases.previous if each.model_id == record.model_id), None)
    if former is not None and not is_superseded(former):
        raise Refused(
            f"{record.model_id} is in the target's previous: {place_of(releases, record.model_id)}",
            details=["What was live there is put back by its name."] if former.served_with is not None else [],
            next_command=back if former.served_with is not None else None,
        )
    return record_candidate(releases, record, signed=signed, superseded_too=True)


def _evaluated_since(releases: Releases, known: ReleaseRecord, record: ReleaseRecord) -> Decided:
    theirs, own = record.evaluation, known.evaluation
    if theirs is None or (own is not None and (own.stack != theirs.stack or own.at >= theirs.at)):
        return Decided(releases, False, f"{record.model_id} is the candidate there already.")
    digests = known.digests.model_copy(update={"holdout": record.digests.holdout})
    newer = known.model_copy(update={"evaluation": theirs, "digests": digests})
    words = f"{record.model_id} is the candidate there already; it gets its newer evaluation of {theirs.stack}."
    return Decided(releases.model_copy(update={"candidate": newer}), True, words)
