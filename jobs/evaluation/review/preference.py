"""One person's preference, as it is kept: a line of JSON each; and what all of them come to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from contract.evaluation import Preferences
from contract.shape import Lenient, Text
from jobs.evaluation.review.pairs import Pair, Side
from jobs.evaluation.statistics import sign_test

Choice = Side | Literal["neither"]
CHOICES: tuple[Choice, ...] = ("left", "right", "neither")


class Preference(Lenient):
    """``preferred``: whose answer it was, as the side told. ``candidate_on`` shows whether people favour a side."""

    schema_version: Literal[1] = 1
    index: int
    against: Text
    preferred: Literal["candidate", "other", "neither"]
    candidate_on: Side
    by: Text
    at: str


def preference(pair: Pair, choice: Choice, *, against: str, by: str, at: str) -> Preference:
    preferred: Literal["candidate", "other", "neither"] = "neither"
    if choice != "neither":
        preferred = "candidate" if choice == pair.candidate_on else "other"
    return Preference(
        index=pair.index, against=against, preferred=preferred, candidate_on=pair.candidate_on, by=by, at=at
    )


def tally(against: str, given: Iterable[Preference]) -> Preferences | None:
    """Each person's preference of each example counts once. None where nobody has given any against that one."""
    counted = [each for each in given if each.against == against]
    if not counted:
        return None
    votes = Counter(each.preferred for each in counted)
    return Preferences(
        against=against,
        preferred=votes["candidate"],
        other=votes["other"],
        neither=votes["neither"],
        reviewers=tuple(sorted({each.by for each in counted})),
    )


def words(found: Preferences, given: Iterable[Preference]) -> str:
    """For people. Several may have seen the same example: what chance may do is said of examples, by their majority."""
    majority: Counter[int] = Counter()
    for each in given:
        if each.against == found.against:
            majority[each.index] += {"candidate": 1, "other": -1, "neither": 0}[each.preferred]
    wins, losses = sum(votes > 0 for votes in majority.values()), sum(votes < 0 for votes in majority.values())
    told = (
        f"preferred by {', '.join(found.reviewers)}: candidate {found.preferred}, {found.against} {found.other}, "
        f"neither {found.neither}"
    )
    if not wins + losses:
        return told
    chance = 100 * sign_test(wins, losses)
    often = "under 0.1" if chance < 0.1 else f"{chance:.1f}"
    return f"{told}; by examples {wins} to {losses}, as chance alone has it in {often} % of all cases"
