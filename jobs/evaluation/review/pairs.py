"""Blind pairs: the candidate's answer beside that of what decides, in an order and on sides that tell nothing. Pure.

Order and sides are drawn by a digest, for each reviewer anew, and so are the same each time: a review goes on where it
was left, and a sheet that comes back is read as it went out. Who has the scorecard can look up whose an answer is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from jobs.evaluation.scorecard import Row, RowAnswer, Scorecard

Side = Literal["left", "right"]
CANDIDATE = "candidate"


@dataclass(frozen=True)
class Pair:
    """``key``: what a sheet calls it. ``index``: of the example, as in the scorecard's rows."""

    key: str
    index: int
    question: str
    left: str
    right: str
    candidate_on: Side


def pairs_of(card: Scorecard, against: str, reviewer: str) -> tuple[Pair, ...]:
    """In the order in which ``reviewer`` sees them. Of two answers that read the same nobody prefers one: no pair."""
    found = [
        pair for row in card.rows if (pair := _pair(row, against, f"{card.answers}|{against}|{reviewer}")) is not None
    ]
    return tuple(sorted(found, key=lambda pair: pair.key))


def _pair(row: Row, against: str, seed: str) -> Pair | None:
    if CANDIDATE not in row.answers or against not in row.answers:
        return None
    ours, theirs = (answer_words(row.answers[name]) for name in (CANDIDATE, against))
    if ours == theirs:
        return None
    drawn = hashlib.sha256(f"{seed}|{row.index}".encode())
    # The side is drawn by another digest than the key: from what a sheet shows it can't be read.
    left = hashlib.sha256(drawn.digest()).digest()[0] % 2 == 0
    side: Side = "left" if left else "right"
    return Pair(
        key=drawn.hexdigest()[:12],
        index=row.index,
        question=row.question,
        left=ours if left else theirs,
        right=theirs if left else ours,
        candidate_on=side,
    )


def answer_words(answer: RowAnswer) -> str:
    """What is read of an answer: its text, the calls that it makes, or that there is none."""
    if answer.failed is not None:
        return "(no answer: the service refused to give one)"
    text = "\n".join((answer.text or "").strip().splitlines())
    calls = [f"{call.name}({call.arguments})" for call in answer.tool_calls]
    return "\n".join(part for part in (text, *calls) if part) or "(an empty answer)"
