"""The run key: the digest of everything that determines the tuned model.

It is the SHA-256, in hex, of this JSON text in UTF-8, keys sorted, without blanks, nothing escaped that need not be:

    {"digests": {"train": …, "validation": … or null},
     "hyperparameters": {"batchSize": …, "epochs": …, "learningRateMultiplier": …},   number or "auto"
     "method": {"type": "supervised"},                  with all its options and graders, where it has any
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

from contract.tune_spec import TuneSpec
from jobs.tuning.digests import DatasetDigests

SCHEMA_VERSION = 1


def run_key(model: str, parent_model_id: str, spec: TuneSpec, digests: DatasetDigests) -> str:
    """The key of the run that trains ``model`` from ``parent_model_id`` as ``spec`` says, on these data."""
    determinants = {
        "digests": {"train": digests.train, "validation": digests.validation},
        "hyperparameters": spec.hyperparameters.model_dump(by_alias=True),
        "method": {"type": spec.method},
        "model": model,
        "parentModelId": parent_model_id,
        "schemaVersion": SCHEMA_VERSION,
        "seed": spec.seed,
        "trainingType": spec.training_type,
    }
    text = json.dumps(determinants, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
