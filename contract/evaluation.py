"""What a release record keeps of an evaluation: scores, intervals, verdict, against what. The scorecard has the rest.

The scorecard itself, with every answer, lies in the stack's storage under ``scorecard_name``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from contract.gate import Gate
from contract.shape import Brief, Sha256, Shape, Text, Timestamp, in_a_line

if TYPE_CHECKING:
    # A record has an evaluation.
    from contract.release import ReleaseRecord

Verdict = Literal["passed", "failed", "notShown"]
"""``notShown``: too few examples to tell; no gate lets it pass."""
VERDICTS: Mapping[Verdict, str] = {"passed": "passed", "failed": "failed", "notShown": "not shown"}
"""In words."""


class Difference(Shape):
    """The candidate's mean less the other's, over the same examples."""

    difference: float
    low: float
    high: float
    """Of the 95 % interval."""
    wins: int = Field(ge=0)
    losses: int = Field(ge=0)
    ties: int = Field(ge=0)


class Against(Shape):
    """What the candidate was compared with, by the grader that decides."""

    name: Text
    """``live``, or a baseline's name."""
    model_id: Text
    mean: float
    difference: Difference
    regressions: int = Field(ge=0)
    """Answers that were right there and are wrong here."""


class Preferences(Shape):
    """What people preferred, seeing pairs without knowing whose they were."""

    against: Text
    preferred: int = Field(ge=0)
    other: int = Field(ge=0)
    neither: int = Field(ge=0)
    reviewers: Annotated[tuple[Text, ...], Field(strict=False)] = ()


class Evaluation(Brief):
    """One evaluation of one model. ``against`` has what decides first: the live model, where there was one."""

    model_id: Text
    """Equal to the record's, or the evaluation is another model's."""
    holdout: Sha256
    examples: int = Field(ge=0)
    grader: Text
    """The one that decides."""
    mean: float
    """The candidate's, by it."""
    scores: dict[Text, float]
    """The candidate's mean by every grader."""
    against: Annotated[tuple[Against, ...], Field(strict=False)] = ()
    gate: Gate
    """As it was applied, with its defaults."""
    verdict: Verdict
    reasons: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """Why it is not ``passed``, one sentence each."""
    p95_seconds: float | None = None
    cost_per_answer: float | None = None
    """US dollars; null where a price is not known."""
    answers: Sha256
    """Of the answers that were scored; part of the scorecard's name."""
    at: Timestamp
    by: Text
    stack: Text
    """The one whose deployments answered."""
    preferences: Preferences | None = None


def scorecard_name(model: str, answers: str) -> str:
    """The blob of a scorecard in the container ``runs``; ``answers`` is their digest."""
    return f"evaluations/{model}/{answers}.json"


def obstacle(record: ReleaseRecord) -> str | None:
    """Why the record may not be live, in words; None where its evaluation, or an override, lets it."""
    return None if record.override is not None else lack(record)


def lack(record: ReleaseRecord) -> str | None:
    """What the record's evaluation lacks of a pass, in words; None where it is one.

    Digests are compared within the record only: a dataset that changed since then is no reason.
    """
    evaluation = record.evaluation
    if evaluation is None:
        return "it has not been evaluated"
    if evaluation.model_id != record.model_id:
        return f"its evaluation is that of {evaluation.model_id}, not of {record.model_id}"
    if evaluation.holdout != record.digests.holdout:
        return f"its evaluation is by a holdout {evaluation.holdout[:8]}…, and the record names another"
    if evaluation.verdict != "passed":
        words = "did not show that it is better" if evaluation.verdict == "notShown" else "found it wanting"
        return f"its evaluation {words}: {in_a_line('; '.join(evaluation.reasons)) or 'no reason is recorded'}"
    return None
