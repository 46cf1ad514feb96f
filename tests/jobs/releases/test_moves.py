"""What moved from one version of the records to the next."""

from __future__ import annotations

from typing import Any

import pytest

from contract.release import ReleaseRecord, Releases, Signed, Sku, Withdrawal
from jobs.releases.moves import common, moves, told_by_records
from tests.contract.specimens import record
from tests.evaluations import passed

SKU = Sku(name="GlobalStandard", capacity=50)
SOURCE = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/dev/providers/x/accounts/contoso-dev"
ADA = Signed(by="Ada", at="2026-11-20T12:00:00Z", reason="why")


def _record(number: int = 1, **changes: Any) -> ReleaseRecord:
    hexes = f"{number:032x}"
    known = {"modelId": f"m{number}", "runKey": f"{number:064x}", "evaluation": None}
    return ReleaseRecord.model_validate(record(hexes, **known | changes))


def _aside(found: ReleaseRecord, kind: Any) -> ReleaseRecord:
    aside = Withdrawal(by="Ada", at="2026-11-20T12:00:00Z", reason="why", kind=kind)
    return found.model_copy(update={"withdrawal": aside, "served_with": SKU})


ONE, TWO = _record(1), _record(2)
FORMER = ONE.model_copy(update={"served_with": SKU})


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (Releases(), Releases(candidate=ONE), [("recorded", "m1")]),
        (Releases(), Releases(candidate=_record(1, source=SOURCE)), [("promoted", "m1")]),
        (Releases(), Releases(candidate=passed(_record(1, source=SOURCE))), [("promoted", "m1")]),
        (Releases(candidate=ONE), Releases(candidate=passed(ONE)), [("evaluated", "m1")]),
        (Releases(candidate=ONE), Releases(live=ONE), [("released", "m1")]),
        (Releases(candidate=TWO, live=ONE), Releases(live=TWO, previous=(FORMER,)), [("released", "m2")]),
        (
            Releases(candidate=ONE),
            Releases(live=ONE.model_copy(update={"override": ADA})),
            [("overridden", "m1"), ("released", "m1")],
        ),
        (
            Releases(live=TWO, previous=(FORMER,)),
            Releases(live=FORMER, previous=(_aside(TWO, "rolledBack"),)),
            [("rolledBack", "m1")],
        ),
        (Releases(candidate=ONE), Releases(previous=(_aside(ONE, "withdrawn"),)), [("withdrawn", "m1")]),
        (
            Releases(candidate=ONE),
            Releases(candidate=TWO, previous=(_aside(ONE, "superseded"),)),
            [("superseded", "m1"), ("recorded", "m2")],
        ),
        (Releases(live=ONE), Releases(), [("removed", "m1")]),
        (Releases(live=ONE), Releases(live=ONE), []),
    ],
)
def test_each_kind(before: Releases, after: Releases, what: list[tuple[str, str]]) -> None:
    assert [(move.what, move.model_id) for move in moves(before, after)] == what


def test_who_decided_and_why_is_told() -> None:
    (back,) = moves(
        Releases(live=TWO, previous=(FORMER,)), Releases(live=FORMER, previous=(_aside(TWO, "rolledBack"),))
    )

    assert (back.by, back.why) == ("Ada", "back, in place of m2: why")


def test_a_merge_has_moved_only_what_is_new_to_both_sides() -> None:
    """One side released what the other withdrew another one beside; the merge itself did nothing."""
    base = Releases(candidate=TWO, live=ONE)
    left, right = Releases(live=TWO, previous=(FORMER,)), Releases(live=ONE, previous=(_aside(TWO, "withdrawn"),))
    evil = Releases(live=_record(3), previous=(FORMER,))

    assert common([moves(left, left), moves(base, left)]) == []
    assert [each.what for each in common([moves(left, evil), moves(right, evil)])] == [
        "recorded",
        "released",
        "removed",
    ]


def test_without_git_the_records_tell_what_they_know() -> None:
    found = told_by_records(Releases(candidate=passed(ONE), previous=(_aside(TWO, "withdrawn"),)))

    assert [(each.what, each.at) for each in found] == [
        ("recorded", ONE.trained_at),
        ("evaluated", ONE.trained_at),
        ("recorded", TWO.trained_at),
        ("withdrawn", "2026-11-20T12:00:00Z"),
    ]
