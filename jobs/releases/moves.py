"""What moved between two states of a model's records. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from contract.evaluation import Verdict
from contract.release import ReleaseRecord, Releases

What = Literal[
    "recorded", "promoted", "evaluated", "released", "overridden", "rolledBack", "withdrawn", "superseded", "removed"
]
"""``removed``: its record is gone from the file, which no verb does."""


@dataclass(frozen=True)
class Move:
    """One thing that became of one model.

    at, by    as the record says; None where it doesn't, and whoever changed the file knows
    verdict   of its evaluation as it stood then
    why       a reason that somebody gave, or what else there is to know of it
    """

    what: What
    model_id: str
    run_key: str
    at: str | None = None
    by: str | None = None
    verdict: Verdict | None = None
    why: str | None = None


def moves(before: Releases, after: Releases) -> list[Move]:
    """From the one to the other, in the order in which they happen to a model."""
    known = {record.model_id: record for record in before.records()}
    kept = {record.model_id for record in after.records()}
    found: list[Move] = []
    # The oldest first, the candidate last.
    for record in (*reversed(after.previous), *(each for each in (after.live, after.candidate) if each is not None)):
        found += _of_record(known.get(record.model_id), record)
    if after.live is not None and (before.live is None or before.live.model_id != after.live.model_id):
        found.append(_now_live(before, after, after.live))
    # What was put back is told once, with what it left behind.
    back = any(each.what == "rolledBack" and each.at is None for each in found)
    gone = [_move("removed", record) for model_id, record in known.items() if model_id not in kept]
    return [each for each in (*found, *gone) if not (back and each.what == "rolledBack" and each.at is not None)]


def common(of_parents: Sequence[Sequence[Move]]) -> list[Move]:
    """What a merge itself has moved: what is new to each of its parents."""
    first, *others = of_parents
    elsewhere = [{(each.what, each.model_id) for each in other} for other in others]
    return [each for each in first if all((each.what, each.model_id) in other for other in elsewhere)]


def told_by_records(releases: Releases) -> list[Move]:
    """What the records alone say, with its time; when a model was released they don't."""
    return [each for record in releases.records() for each in _of_record(None, record)]


def _of_record(before: ReleaseRecord | None, record: ReleaseRecord) -> Iterator[Move]:
    if before is record:
        # What a history has read once is the same value in thousands of versions.
        return
    if before is None:
        what: What = "promoted" if record.source is not None else "recorded"
        source = (record.source or "").rstrip("/").rpartition("/")[2]
        yield _move(
            what,
            record,
            at=None if record.source else record.trained_at,
            why=f"trained in {source}" if source else None,
        )
    evaluation = record.evaluation
    # A promoted model brings the one it has.
    known = before.evaluation if before is not None else evaluation if record.source is not None else None
    if evaluation is not None and known != evaluation:
        reasons = "; ".join(evaluation.reasons) or None
        yield _move("evaluated", record, at=evaluation.at, by=evaluation.by, why=reasons)
    override = record.override
    if override is not None and (before is None or before.override != override):
        yield _move("overridden", record, at=override.at, by=override.by, why=override.reason)
    aside = record.withdrawal
    if aside is not None and (before is None or before.withdrawal != aside):
        yield _move(aside.kind, record, at=aside.at, by=aside.by, why=aside.reason)


def _now_live(before: Releases, after: Releases, live: ReleaseRecord) -> Move:
    left = before.live
    if left is None or live.model_id not in {record.model_id for record in before.previous}:
        return _move("released", live, why=f"in place of {left.model_id}" if left is not None else None)
    behind = next((each for each in after.previous if each.model_id == left.model_id), None)
    aside = behind.withdrawal if behind is not None else None
    reason = f": {aside.reason}" if aside is not None else ""
    return _move("rolledBack", live, by=aside.by if aside else None, why=f"back, in place of {left.model_id}{reason}")


def _move(
    what: What, record: ReleaseRecord, *, at: str | None = None, by: str | None = None, why: str | None = None
) -> Move:
    verdict = record.evaluation.verdict if record.evaluation is not None else None
    return Move(what, record.model_id, record.run_key, at, by, verdict, why)
