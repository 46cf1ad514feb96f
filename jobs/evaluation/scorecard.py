"""The scorecard of one evaluation, as it is kept in the stack's storage and shown. Pure shapes; schema version 1."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from contract.evaluation import Difference, Evaluation, Preferences, Verdict
from contract.gate import Gate
from contract.shape import Lenient, Sha256
from jobs.evaluation.answer import AnsweredCall
from jobs.evaluation.question import Kind

OF_OTHERS = "the scorecard in the storage is by other graders than the record's evaluation"
"""Said where a scorecard is not ``is_of`` it: answers were measured anew, and what came of it was not recorded."""
_SAME = 1e-9
"""Means of the same scores, written and read again."""


class Mean(Lenient):
    """Of one grader over ``count`` answers; ``low`` and ``high`` bound its 95 % interval where there are enough."""

    mean: float
    count: int
    low: float | None = None
    high: float | None = None


class LabelScore(Lenient):
    """One label of a classification."""

    precision: float
    recall: float
    f1: float
    support: int
    """How many expected answers have it."""


class Classification(Lenient):
    """``confusion[i][j]``: expected ``labels[i]``, answered ``labels[j]``; the last label may be ``(other)``."""

    accuracy: float
    macro_f1: float
    labels: tuple[str, ...]
    per_label: dict[str, LabelScore]
    confusion: tuple[tuple[int, ...], ...]


class Latency(Lenient):
    """Seconds."""

    p50: float
    p90: float
    p95: float
    p99: float


class ContenderCard(Lenient):
    """What one contender did. ``slices``: by ``name=value``, then by grader."""

    name: str
    kind: Kind
    model_id: str
    account: str
    deployment: str
    scores: dict[str, Mean]
    slices: dict[str, dict[str, Mean]] = Field(default_factory=dict)
    classification: dict[str, Classification] = Field(default_factory=dict)
    """By grader."""
    latency: Latency | None = None
    prompt_tokens: float = 0.0
    """Per answer, as completion_tokens."""
    completion_tokens: float = 0.0
    cost_per_answer: float | None = None
    """US dollars; None where a price is not known."""
    failed: int = 0
    """Questions that the service refused to answer; counted as wrong."""


class Comparison(Lenient):
    """The candidate beside one other, over the same examples. ``regressions``: rows by index, right there and wrong
    here by the grader that decides; ``improvements`` the other way round."""

    against: str
    graders: dict[str, Difference]
    p_value: float | None = None
    """By the grader that decides: exact sign (McNemar) test of wins and losses, two-sided; None unless all scores are 0
    or 1."""
    regressions: tuple[int, ...] = ()
    improvements: tuple[int, ...] = ()


class Overfitting(Lenient):
    """What the run's own curve says. ``gap``: validation less training at the last step."""

    best_step: int
    last_step: int
    measure: str
    best: float
    last: float
    gap: float | None = None
    earlier_checkpoint: str | None = None
    """The model ID of the best checkpoint that can be deployed, where it is better than the last."""
    words: str


class RowAnswer(Lenient):
    text: str | None = None
    tool_calls: Annotated[tuple[AnsweredCall, ...], Field(strict=False)] = ()
    failed: str | None = None
    scores: dict[str, float] = Field(default_factory=dict)
    """By grader."""
    said: dict[str, str] = Field(default_factory=dict)
    """What a judge gave as its reason, by grader."""


class Row(Lenient):
    """One example, and what each contender (by name) answered."""

    index: int
    line: int
    question: str
    """The last message before the answer, for people."""
    expected: str | None = None
    slices: dict[str, str] = Field(default_factory=dict)
    answers: dict[str, RowAnswer] = Field(default_factory=dict)


class Scorecard(Lenient):
    """``candidate`` is None in the contenders of a baseline's scorecard (``jobs evaluate --baseline``)."""

    schema_version: Literal[1] = 1
    model: str
    stack: str
    model_id: str | None
    """The candidate's."""
    run_key: str | None = None
    holdout: Sha256
    examples: int
    seed: int
    at: str
    by: str
    grader: str
    """The one that decides."""
    contenders: Annotated[tuple[ContenderCard, ...], Field(strict=False)]
    comparisons: Annotated[tuple[Comparison, ...], Field(strict=False)] = ()
    """What decides first: live, where there is one."""
    overfitting: Overfitting | None = None
    gate: Gate | None = None
    verdict: Verdict | None = None
    """None of a baseline's scorecard: nothing is decided by it."""
    reasons: tuple[str, ...] = ()
    preferences: Preferences | None = None
    answers: Sha256
    """Digest of all answers that were scored."""
    rows: Annotated[tuple[Row, ...], Field(strict=False)] = ()

    def card(self, name: str) -> ContenderCard | None:
        return next((card for card in self.contenders if card.name == name), None)

    def is_of(self, evaluation: Evaluation) -> bool:
        """Whether the candidate's means are those that the record keeps: of the same answers another set of graders
        makes another scorecard under the same name."""
        candidate = self.card("candidate")
        found = {name: score.mean for name, score in candidate.scores.items()} if candidate is not None else {}
        return found.keys() == evaluation.scores.keys() and all(
            math.isclose(mean, evaluation.scores[name], abs_tol=_SAME) for name, mean in found.items()
        )
