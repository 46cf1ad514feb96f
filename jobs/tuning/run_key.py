"""The run key: the digest of everything that determines the tuned model.

It is the SHA-256, in hex, of this JSON text in UTF-8, keys sorted, without blanks, nothing escaped that need not be:

    {"digests": {"train": …, "validation": … or null},
     "hyperparameters": {"batchSize": …, "epochs": …, "learningRateMultiplier": …},   number or "auto"; and, where
                        they are chosen and not left to the service, those of dpo and reinforcement
     "method": {"type": "supervised"},                  for reinforcement also "grader" and, where there is one,
                                                        "responseFormat", both as the API takes them
     "model": the name of its folder in models/,
     "parentModelId": the base model, or the tuned model that is tuned further,
     "schemaVersion": 1,
     "seed": …,
     "trainingType": "Standard" | "GlobalStandard" | "Developer"}

The holdout is no part of it. The first 8 hex stand in the job's suffix: what is written here is stored in the service,
so any change to it is a new ``schemaVersion``.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from contract.graders import wire
from contract.hyperparameters import OF_EVERY_METHOD
from contract.tune_spec import TuneSpec
from jobs.tuning.digests import DatasetDigests

SCHEMA_VERSION = 1


def run_key(model: str, parent_model_id: str, spec: TuneSpec, digests: DatasetDigests) -> str:
    """The key of the run that trains ``model`` from ``parent_model_id`` as ``spec`` says, on these data."""
    determinants = {
        "digests": {"train": digests.train, "validation": digests.validation},
        "hyperparameters": _hyperparameters(spec),
        "method": _method(spec),
        "model": model,
        "parentModelId": parent_model_id,
        "schemaVersion": SCHEMA_VERSION,
        "seed": spec.seed,
        "trainingType": spec.training_type,
    }
    text = json.dumps(determinants, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _hyperparameters(spec: TuneSpec) -> dict[str, Any]:
    """Keys were written from the first for those of every method only: the others count where they say something."""
    every = spec.hyperparameters.model_dump(by_alias=True)
    return {key: value for key, value in every.items() if key in OF_EVERY_METHOD or value != "auto"}


def _method(spec: TuneSpec) -> dict[str, Any]:
    options = {"grader": spec.grader, "responseFormat": spec.response_format}
    return {"type": spec.method} | {key: wire(value) for key, value in options.items() if value is not None}
