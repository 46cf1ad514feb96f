"""Evaluations that let a record be live, for tests of other things."""

from __future__ import annotations

from typing import Any

from contract.evaluation import Against, Difference, Evaluation
from contract.gate import DEFAULTS
from contract.release import ReleaseRecord

HOLDOUT = "c" * 64
"""The holdout of a record that has none of its own."""


def passed(record: ReleaseRecord, **changes: Any) -> ReleaseRecord:
    """``record`` with an evaluation that it has passed, by a holdout of its own or by ``HOLDOUT``.

    ``changes`` are of the evaluation, by the names of its fields.
    """
    holdout = record.digests.holdout or HOLDOUT
    digests = record.digests.model_copy(update={"holdout": holdout})
    known: dict[str, Any] = {"model_id": record.model_id, "holdout": holdout, "at": record.trained_at}
    return record.model_copy(update={"digests": digests, "evaluation": evaluation(**{**known, **changes})})


def passed_mapping(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The same of a record as it stands in a stack file."""
    return passed(ReleaseRecord.model_validate(record), **changes).model_dump(mode="json", by_alias=True)


def evaluation(**changes: Any) -> Evaluation:
    """One that is passed: better by 0.15 than the base model as prompted, which is shown by 400 examples."""
    return Evaluation.model_validate(
        {
            "model_id": "gpt-4.1-mini-2025-04-14.ft-8aad139b19084ebf968c1e58f2dc3326-clippy-0123abcd",
            "holdout": HOLDOUT,
            "examples": 400,
            "grader": "in style",
            "mean": 0.9,
            "scores": {"in style": 0.9},
            "against": (against(),),
            "gate": DEFAULTS,
            "verdict": "passed",
            "answers": "e" * 64,
            "at": "2026-11-20T11:00:00Z",
            "by": "Ada",
            "stack": "dev",
            **changes,
        }
    )


def against(name: str = "prompted", model_id: str = "gpt-4.1-mini-2025-04-14", **changes: Any) -> Against:
    """What the candidate is better than."""
    difference = Difference(difference=0.15, low=0.1, high=0.2, wins=70, losses=10, ties=320)
    known: dict[str, Any] = {"mean": 0.75, "difference": difference, "regressions": 10}
    return Against.model_validate({"name": name, "model_id": model_id, **known, **changes})
