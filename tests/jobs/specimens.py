"""Values that several tests of jobs begin with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from contract.outputs import StackOutputs
from contract.tune_spec import TuneSpec
from jobs.tuning.digests import DatasetDigests
from jobs.tuning.journals.attempts import Circumstances, intent_of
from jobs.tuning.journals.journal import Intent
from jobs.tuning.run import Run

BASE = "gpt-4.1-mini-2025-04-14"
TUNE_YAML = f"base: {BASE}\ndata: {{train: training_set.jsonl, validation: validation_set.jsonl}}\n"
USE_CASE = (
    "useCase: {goal: Answers in style, kind: style, baseline: {prompting: {tried: true, failings: 9 of 10 are plain}}, "
    "data: {origin: ours, approvedBy: us, approvedOn: 2026-11-20}, success: {measure: in style, target: 9 of 10}}\n"
)
"""Answers to the questions of readiness, but for a measured baseline; no part of the run key."""
MEASURED = USE_CASE.replace("baseline: {", f"baseline: {{scorecard: {'e' * 64}, ")
"""The same with a scorecard, which some stack's storage may have."""
DIGESTS = DatasetDigests(train="a" * 64, validation="b" * 64, holdout="c" * 64)


def spec(text: str = TUNE_YAML) -> TuneSpec:
    return TuneSpec.parse(text, "tune.yaml")


def run(parent: str = BASE, text: str = TUNE_YAML, digests: DatasetDigests = DIGESTS) -> Run:
    return Run("clippy", parent, spec(text), digests, "d" * 64)


def intent(of: Run | None = None, **circumstances: Any) -> Intent:
    """What Ada means to train for dev."""
    around = Circumstances("Ada", "dev", "main", outputs().accounts["main"], **circumstances)
    return intent_of(of or run(), around, datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


def outputs_mapping(**models: Any) -> dict[str, Any]:
    """The outputs of a stack with one account, and the models given (default: a clippy that nothing is known of)."""
    return {
        "schemaVersion": 1,
        "environment": {
            "name": "dev",
            "production": False,
            "readiness": "warn",
            "prices": {},
            "asOf": "2026-11-20",
            "tokenScope": "https://cognitiveservices.azure.com/.default",
            "authority": None,
        },
        "accounts": {
            "main": {
                "id": "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/tuned-models-dev/providers"
                "/Microsoft.CognitiveServices/accounts/contoso-dev",
                "name": "contoso-dev",
                "endpoint": "https://contoso-dev.openai.azure.com/",
                "location": "swedencentral",
                "kind": "OpenAI",
            }
        },
        "models": models or {"clippy": model_mapping()},
        "baseDeployments": {},
        "storage": {
            "blobEndpoint": "https://contosodev.blob.core.windows.net/",
            "containers": {"datasets": "datasets", "runs": "runs"},
        },
        "resourceGroupName": "tuned-models-dev",
        "subscriptionId": "00000000-0000-0000-0000-000000000001",
    }


def model_mapping(**changes: Any) -> dict[str, Any]:
    sku = {"name": "GlobalStandard", "capacity": 50}
    return {
        "trainIn": "main",
        "servedIn": ["main"],
        "skus": {"live": sku, "candidate": sku},
        "keepPrevious": 1,
        "budget": None,
        "gate": None,
        "systemMessage": None,
        "live": None,
        "candidate": None,
        "previous": [],
    } | changes


def served_mapping(model_id: str) -> dict[str, Any]:
    return {
        "modelId": model_id,
        "systemMessage": None,
        "sku": {"name": "GlobalStandard", "capacity": 50},
        "deployments": {"main": "clippy-0123abcd"},
    }


def outputs(**models: Any) -> StackOutputs:
    return StackOutputs.parse(outputs_mapping(**models))
