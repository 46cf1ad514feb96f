"""In what two tuned models differ: data, parameters, scores, cost. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from contract.evaluation import VERDICTS, Against, Evaluation
from contract.release import ReleaseRecord

Section = Literal["data", "parameters", "scores", "cost"]
Examples = Callable[[str], int | None]
"""How many examples a dataset of that digest has, where it is known."""


@dataclass(frozen=True)
class Fact:
    """One thing of both. ``None``: not known, or there is none."""

    section: Section
    name: str
    one: str | None
    other: str | None

    @property
    def same(self) -> bool:
        return self.one == self.other


@dataclass(frozen=True)
class Direct:
    """What the one was measured to be better than the other by, over the same examples; with the 95 % interval."""

    better: str
    than: str
    difference: float
    low: float
    high: float
    stack: str


def facts(one: ReleaseRecord, other: ReleaseRecord, examples: Examples) -> list[Fact]:
    """All of them, the same ones too."""

    def data(record: ReleaseRecord) -> Iterator[tuple[str, str | None]]:
        return _data(record, examples)

    told: Mapping[Section, Callable[[ReleaseRecord], Iterator[tuple[str, str | None]]]] = {
        "data": data,
        "parameters": _parameters,
        "scores": _scores,
        "cost": _cost,
    }
    found: list[Fact] = []
    for section, tell in told.items():
        left, right = dict(tell(one)), dict(tell(other))
        names = dict.fromkeys((*left, *right))
        found += [Fact(section, name, left.get(name), right.get(name)) for name in names]
    return found


def direct(one: ReleaseRecord, other: ReleaseRecord) -> Direct | None:
    """The comparison of the one with the other, where an evaluation of either made it."""
    for better, than in ((one, other), (other, one)):
        evaluation = better.evaluation
        against = _against(evaluation, than.model_id)
        if evaluation is not None and against is not None:
            found = against.difference
            return Direct(better.model_id, than.model_id, found.difference, found.low, found.high, evaluation.stack)
    return None


def not_comparable(one: ReleaseRecord, other: ReleaseRecord) -> str | None:
    """Why the scores of both say nothing of each other, in words."""
    left, right = one.evaluation, other.evaluation
    if left is None or right is None:
        return None
    if left.holdout != right.holdout:
        return "the scores are by different holdouts: they cannot be compared with each other"
    if left.grader != right.grader:
        return f"{left.grader} decides over the one, {right.grader} over the other"
    return None


def _data(record: ReleaseRecord, examples: Examples) -> Iterator[tuple[str, str | None]]:
    digests = record.digests
    for name, digest in (("training", digests.train), ("validation", digests.validation), ("holdout", digests.holdout)):
        count = examples(digest) if digest is not None else None
        yield name, digest and (f"{digest[:12]}…" + (f", {count:,} examples" if count is not None else ""))
    yield "tune.yaml", f"{digests.tune_yaml[:12]}…"
    yield "trained tokens", None if record.trained_tokens is None else f"{record.trained_tokens:,}"


def _parameters(record: ReleaseRecord) -> Iterator[tuple[str, str | None]]:
    yield "parent", record.parent_model_id
    yield "run", record.run_key[:8]
    yield "checkpoint", record.checkpoint
    yield "method", record.method
    yield "training type", record.training_type
    yield "seed", str(record.seed)
    for name, value in record.hyperparameters.model_dump().items():
        yield name, None if value is None else str(value)
    yield "system message", record.system_message
    yield "trained", record.trained_at


def _scores(record: ReleaseRecord) -> Iterator[tuple[str, str | None]]:
    evaluation = record.evaluation
    if evaluation is None:
        return
    yield "verdict", VERDICTS[evaluation.verdict]
    yield "examples", f"{evaluation.examples:,}"
    for grader, mean in evaluation.scores.items():
        yield f"mean by {grader}", f"{mean:.3f}"
    for each in evaluation.against:
        found = each.difference
        yield f"over {each.name}", f"{found.difference:+.3f} ({found.low:+.3f} to {found.high:+.3f})"
        yield f"regressions against {each.name}", str(each.regressions)
    if evaluation.p95_seconds is not None:
        yield "95 of 100 answers within", f"{evaluation.p95_seconds:g} s"


def _cost(record: ReleaseRecord) -> Iterator[tuple[str, str | None]]:
    yield "training, actual", _usd(record.cost.actual)
    yield "training, estimated", _usd(record.cost.estimated)
    evaluation = record.evaluation
    if evaluation is not None and evaluation.cost_per_answer is not None:
        yield "an answer", f"${evaluation.cost_per_answer:.6f}"


def _usd(amount: float | None) -> str | None:
    return None if amount is None else f"${amount:,.2f}"


def _against(evaluation: Evaluation | None, model_id: str) -> Against | None:
    if evaluation is None:
        return None
    return next((each for each in evaluation.against if each.model_id == model_id), None)
