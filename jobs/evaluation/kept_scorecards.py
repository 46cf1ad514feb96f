"""Scorecards in the stack's storage, in the container for runs: each under the digest of the answers that it scores."""

from __future__ import annotations

from pydantic import ValidationError

from contract.evaluation import scorecard_name
from jobs.errors import Unreadable
from jobs.evaluation.scorecard import Scorecard
from jobs.ports import Blobs
from jobs.tuning.patience import ANSWERING, Patience

LARGEST = 64 * 1024 * 1024
"""Bytes. A scorecard has every answer of everybody in it: 1.5 kB a question."""


def read(blobs: Blobs, model: str, answers: str, patience: Patience) -> Scorecard | None:
    """The scorecard of those answers; None where there is none. Raises Unreadable where it is none that we can read."""
    name = scorecard_name(model, answers)
    content = patience.within(ANSWERING)(lambda: blobs.get(name, largest=LARGEST))
    if content is None:
        return None
    try:
        return Scorecard.model_validate_json(content)
    except ValidationError as error:
        raise Unreadable(
            f"{name} in the stack's storage is no scorecard that this version reads",
            details=[
                f"{error.error_count()} of its keys are not what they should be; a newer version may have made it."
            ],
        ) from None


def keep(card: Scorecard, blobs: Blobs, patience: Patience) -> Scorecard:
    """``card`` with what people have preferred until now. Where the same is stored already, but for when and
    by whom, nothing is written."""
    try:
        there = read(blobs, card.model, card.answers, patience)
    except Unreadable:
        there = None
    if there is not None and card.preferences is None:
        card = card.model_copy(update={"preferences": there.preferences})
    if there is None or there != card.model_copy(update={"at": there.at, "by": there.by}):
        name = scorecard_name(card.model, card.answers)
        patience.within(ANSWERING)(lambda: blobs.put(name, text_of(card).encode()))
    return card


def text_of(card: Scorecard) -> str:
    """As it is stored and printed."""
    return card.model_dump_json(indent=2) + "\n"
