"""Values of the stored shapes, as they stand in a stack file."""

from __future__ import annotations

from typing import Any

from tests.evaluations import evaluation

JOB = "8aad139b19084ebf968c1e58f2dc3326"


def record(job: str = JOB, **changes: Any) -> dict[str, Any]:
    """A release record of the job with the hex ``job``; its parent is the base that the model's ID names.

    It has passed its evaluation, where it has a holdout and nothing else is given.
    """
    model_id = changes.get("modelId", f"gpt-4.1-mini-2025-04-14.ft-{job}-clippy-0123abcd")
    made = {
        "schemaVersion": 1,
        "modelId": model_id,
        "parentModelId": model_id.partition(".ft-")[0],
        "checkpoint": None,
        "jobId": f"ftjob-{job}",
        "runKey": "0123abcd" + "0" * 56,
        "method": "supervised",
        "trainingType": "GlobalStandard",
        "seed": 42,
        "hyperparameters": {"epochs": 3, "batchSize": 1, "learningRateMultiplier": 1.0},
        "digests": {"train": "a" * 64, "validation": "b" * 64, "holdout": "c" * 64, "tuneYaml": "d" * 64},
        "systemMessage": "Clippy is a factual chatbot that is also sarcastic.",
        "trainedTokens": 7223000,
        "cost": {"estimated": None, "actual": None},
        "trainedAt": "2026-11-20T10:02:03Z",
        "trainedIn": "main",
        "source": None,
        "evaluation": None,
        "override": None,
        "servedWith": None,
        "withdrawal": None,
    } | changes
    if "evaluation" not in changes and (holdout := made["digests"].get("holdout")):
        passing = evaluation(model_id=model_id, holdout=holdout)
        made["evaluation"] = passing.model_dump(mode="json", by_alias=True)
    return made
