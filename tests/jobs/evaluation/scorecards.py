"""A scorecard with everything in it, for tests of what shows one."""

from __future__ import annotations

from typing import Any

from contract.evaluation import Difference
from contract.gate import DEFAULTS
from jobs.evaluation.answer import AnsweredCall
from jobs.evaluation.scorecard import (
    Classification,
    Comparison,
    ContenderCard,
    LabelScore,
    Latency,
    Mean,
    Overfitting,
    Row,
    RowAnswer,
    Scorecard,
)

BASE = "gpt-4.1-mini-2025-04-14"


def card(name: str, mean: float, **changes: Any) -> ContenderCard:
    return ContenderCard(
        name=name,
        kind=changes.pop("kind", "candidate" if name == "candidate" else "baseline"),
        model_id=changes.pop("model_id", BASE),
        account="main",
        deployment=name,
        scores={"in style": Mean(mean=mean, count=40, low=mean - 0.1, high=mean + 0.1)},
        slices={"language=de": {"in style": Mean(mean=mean - 0.05, count=12)}},
        latency=Latency(p50=0.41, p90=0.83, p95=0.97, p99=1.31),
        prompt_tokens=61.25,
        completion_tokens=17.5,
        cost_per_answer=0.0000345,
        **changes,
    )


def label_scores() -> Classification:
    return Classification(
        accuracy=0.85,
        macro_f1=0.8123,
        labels=("refund", "other"),
        per_label={
            "refund": LabelScore(precision=0.9, recall=0.8, f1=0.847, support=20),
            "other": LabelScore(precision=0.75, recall=0.9, f1=0.818, support=20),
        },
        confusion=((16, 4), (2, 18)),
    )


def scorecard(**changes: Any) -> Scorecard:
    """Forty examples; the candidate is better than the prompted base, and wrong on line 3, where that was right."""
    told: dict[str, Any] = {
        "model": "clippy",
        "stack": "dev",
        "model_id": "gpt-4.1-mini-2025-04-14.ft-8aad139b19084ebf968c1e58f2dc3326-clippy-0123abcd",
        "holdout": "c" * 64,
        "examples": 40,
        "seed": 42,
        "at": "2026-11-20T11:00:00Z",
        "by": "Ada",
        "grader": "in style",
        "contenders": (card("candidate", 0.9, classification={"in style": label_scores()}), card("prompted", 0.75)),
        "comparisons": (
            Comparison(
                against="prompted",
                graders={"in style": Difference(difference=0.15, low=0.1, high=0.2, wins=8, losses=2, ties=30)},
                p_value=0.109375,
                regressions=(2,),
            ),
        ),
        "overfitting": Overfitting(
            best_step=20, last_step=30, measure="full_valid_loss", best=0.71, last=0.84, gap=0.4, words="It got worse."
        ),
        "gate": DEFAULTS,
        "verdict": "passed",
        "answers": "e" * 64,
        "rows": (row(2, "Is <b>this</b> right?"),),
    }
    return Scorecard(**{**told, **changes})


def row(index: int, question: str) -> Row:
    return Row(
        index=index,
        line=index + 1,
        question=question,
        expected="Yes & no.",
        slices={"language": "de"},
        answers={
            "prompted": RowAnswer(text="Yes & no.", scores={"in style": 1.0}),
            "candidate": RowAnswer(
                text="<script>alert(1)</script>",
                tool_calls=(AnsweredCall(name="look", arguments='{"up": 1}'),),
                scores={"in style": 0.0},
                said={"in style": "dry"},
            ),
        },
    )
